/**
 * The one loop of decisions, about changes and schedules alike: what is on record is read, judged and written under its
 * optimistic lock; where another write came first, all of it again. A caller and a decision come into this room, the
 * record as it then stands goes out. What is decided stands beside this file; start reading here.
 */
import type { GatewayError } from '../../errors.ts'
import { digestOf } from '../model/record-ids.ts'
import { keyReused } from '../record/repeats.ts'

/** Races with the tick or another decision that are fought before the caller is told to try again. */
const MAX_TRIES = 5

/** What a decision makes of a record, not yet stored. */
export interface DecisionMade<Kept, With = never> {
  readonly next: Kept
  /** What is put on record by the same write. */
  readonly beside?: With | undefined
}

/** How records of one kind are read, and how one takes another's place. */
export interface RecordAccess<Kept, With = never> {
  /** @throws GatewayError `not.found` */
  read(id: string): Promise<Kept>
  /** @returns it as it stands; undefined where `seen` no longer did. */
  replace(made: DecisionMade<Kept, With>, seen: Kept): Promise<Kept | undefined>
  /** What is thrown once so many races are lost. */
  contentionErrorOf(id: string): GatewayError
}

export interface DecidedRecord<Kept> {
  readonly record: Kept
  /** The decision had been made before. */
  readonly isReplay: boolean
}

/** @returns undefined where it has been made already. @throws GatewayError */
export type Decision<Kept, With = never> = (
  seen: Kept,
) => DecisionMade<Kept, With> | undefined | Promise<DecisionMade<Kept, With> | undefined>

/** @param seen the record, where it has just been read. */
export async function decideOn<Kept, With = never>(
  access: RecordAccess<Kept, With>,
  id: string,
  decision: Decision<Kept, With>,
  seen?: Kept,
): Promise<DecidedRecord<Kept>> {
  let record = seen ?? (await access.read(id))
  for (let tries = 1; ; tries++) {
    const made = await decision(record)
    if (!made) return { record, isReplay: true }
    const stored = await access.replace(made, record)
    if (stored) return { record: stored, isReplay: false }
    if (tries === MAX_TRIES) throw access.contentionErrorOf(id)
    record = await access.read(id)
  }
}

/**
 * The same, once for an idempotency key: its digest is kept with the record, so a repeat finds the decision made.
 *
 * @param request what the caller sent beside the id, to tell a repeat from another request under the same key.
 * @throws GatewayError `idempotency.key.reused`, and as `decideOn`.
 */
export async function decideOnce<
  Kept extends { readonly keys?: Readonly<Record<string, string>> | undefined },
  With = never,
>(
  access: RecordAccess<Kept, With>,
  id: string,
  key: string,
  request: Readonly<Record<string, unknown>>,
  decision: Decision<Kept, With>,
): Promise<DecidedRecord<Kept>> {
  const requestDigest = digestOf(request)
  return await decideOn(access, id, async (seen) => {
    const earlier = seen.keys?.[key]
    if (earlier !== undefined && earlier !== requestDigest) throw keyReused()
    const made = earlier === undefined ? await decision(seen) : undefined
    return made && { ...made, next: { ...made.next, keys: { ...seen.keys, [key]: requestDigest } } }
  })
}
