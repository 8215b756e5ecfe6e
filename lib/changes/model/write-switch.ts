/** The stop switch: whether anything may be sent to Genesys now, and who has said so. Pure. */
import type { Actor } from './change.ts'

export const writeStates = ['running', 'paused'] as const
export type WriteState = (typeof writeStates)[number]

/** The switch as it stands since somebody threw it last. */
export interface WriteSwitch {
  /** Of this shape; a reader that does not know the number refuses the record. */
  readonly schema: 1
  readonly state: WriteState
  /** Goes up by one each time that somebody throws it. */
  readonly version: number
  /** Random for every write of the record: its optimistic lock. */
  readonly writeId: string
  readonly by: Actor
  /** Epoch milliseconds. */
  readonly atMs: number
  readonly reason?: string | undefined
  /** Of the request: a repeat finds what it brought about, and throws nothing once more. */
  readonly key: string
  readonly requestDigest: string
  /** The version up to which each turn has been told. */
  readonly toldVersion?: number | undefined
}

/** Why nothing may be sent now: the org file says so, or somebody has, who said so last of several. */
export type WritePause =
  | { readonly from: 'org file' }
  | ({ readonly from: 'command' } & Pick<WriteSwitch, 'by' | 'atMs' | 'reason'>)

/** @returns undefined while writes are running, which they are where nobody has ever thrown the switch. */
export function pauseOf(
  { writes }: { readonly writes?: 'paused' | undefined },
  thrown: WriteSwitch | undefined,
): WritePause | undefined {
  if (writes === 'paused') return { from: 'org file' }
  if (thrown?.state !== 'paused') return undefined
  const { by, atMs, reason } = thrown
  return { from: 'command', by, atMs, reason }
}

export function isUntold({ version, toldVersion = 0 }: WriteSwitch): boolean {
  return toldVersion < version
}
