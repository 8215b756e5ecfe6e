/** The one question before anything is claimed or sent: may it be, now? Read each time, for a pause holds at once. */
import { GatewayError } from '../../errors.ts'
import { requesterOf } from '../answers/summarize.ts'
import type { Header } from '../model/header.ts'
import { listStates, waitingStates } from '../model/transitions.ts'
import { pauseOf, type WritePause } from '../model/write-switch.ts'
import type { Desk } from './desk.ts'

/** @returns why nothing may be claimed or sent now; undefined where it may. @throws GatewayError `ledger.unavailable` */
export async function readPause({
  ledger,
  policy,
}: Pick<Desk, 'ledger' | 'policy'>): Promise<WritePause | undefined> {
  return pauseOf(policy, policy.writes === 'paused' ? undefined : await ledger.writeSwitch())
}

/** For that long the switch counts as just read, milliseconds: what follows at once is as good as asked before it was thrown. */
const SWITCH_LIFE_MS = 500

/** The same, unless it was read a moment ago. @param readAtMs by the clock that nobody sets back. */
export async function readPauseSince(
  desk: Pick<Desk, 'ledger' | 'policy' | 'clock'>,
  readAtMs: number,
): Promise<WritePause | undefined> {
  return desk.clock.monotonicMs() - readAtMs > SWITCH_LIFE_MS ? await readPause(desk) : undefined
}

/** The same, where it keeps a change waiting; what has settled or is on its way is answered without looking. */
export async function readPauseOver(
  desk: Pick<Desk, 'ledger' | 'policy'>,
  { state }: Pick<Header, 'state'>,
): Promise<WritePause | undefined> {
  return waitingStates.includes(state) || listStates.includes(state) ? await readPause(desk) : undefined
}

/** Of what is to be carried out now, before it is on record. @throws GatewayError `writes.paused` */
export async function refuseWhilePaused(desk: Pick<Desk, 'ledger' | 'policy'>): Promise<void> {
  const pause = await readPause(desk)
  if (pause) throw pausedError(pause)
}

/** Who has paused writes, since when and why, and what to do. A 409: clients resend a 503 for minutes. */
export function pausedError(pause: WritePause): GatewayError {
  return new GatewayError('writes.paused', `${sentenceOnPause(pause)}; nothing was sent. ${wayOn(pause)}`)
}

/** Of what was on record already and was not carried out: true also when they have long been resumed. */
export function heldBackError(pause: WritePause): GatewayError {
  const by =
    pause.from === 'org file'
      ? 'by the org file'
      : `by ${requesterOf(pause.by)} at ${new Date(pause.atMs).toISOString()}${becauseOf(pause)}`
  return new GatewayError('writes.paused', `Nothing was sent while writes to Genesys were paused (${by})`)
}

/** One sentence, without a stop. */
export function sentenceOnPause(pause: WritePause): string {
  if (pause.from === 'org file') return "Writes to Genesys are paused by the org file (writes: 'paused')"
  const since = new Date(pause.atMs).toISOString()
  return `Writes to Genesys are paused since ${since} by ${requesterOf(pause.by)}${becauseOf(pause)}`
}

function becauseOf({ reason }: { readonly reason?: string | undefined }): string {
  return reason === undefined ? '' : `: ${reason}`
}

function wayOn(pause: WritePause): string {
  return pause.from === 'org file'
    ? 'They go on once the stack is deployed without it'
    : 'An approver resumes them with PUT /v1/writes, or “resume” in chat'
}
