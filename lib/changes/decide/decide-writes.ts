/** An approver stops all writes, or lets them go on: one conditional write, and every turn is kept. */
import { GatewayError } from '../../errors.ts'
import type { WritesOrder } from '../answers/write-schemas.ts'
import type { Caller } from '../model/change.ts'
import { identifyActor } from '../model/policy.ts'
import { digestOf, randomId } from '../model/record-ids.ts'
import type { WriteState, WriteSwitch } from '../model/write-switch.ts'
import type { Desk } from '../record/desk.ts'
import { pausedError, sentenceOnPause } from '../record/read-pause.ts'
import { decisionKeyOf, keyReused } from '../record/repeats.ts'

/**
 * Races with the tick or other approvers that are fought before the caller is told to try again. A pause is not given up
 * while others merely throw the switch as well: each race that is lost is a turn of somebody else's.
 */
const MAX_TRIES: Readonly<Record<WriteState, number>> = { running: 5, paused: 50 }

export interface DecidedWrites {
  /** Each turn of the switch, the latest first; it stands. */
  readonly turns: readonly WriteSwitch[]
  readonly isReplay: boolean
}

/** @returns each turn of the switch, the latest first. @throws GatewayError `ledger.unavailable` */
export async function readTurns({ ledger }: Pick<Desk, 'ledger'>): Promise<readonly WriteSwitch[]> {
  const stands = await ledger.writeSwitch()
  if (!stands) return []
  const earlier = await ledger.switchTurns()
  // The one that stands is among them where somebody was about to follow it.
  return [stands, ...earlier.filter(({ version }) => version < stands.version)]
}

/**
 * Throws the switch. A repeat of what somebody asked before, by its key, finds it done and throws nothing: one that comes
 * late must not lift the pause of somebody else. Nor may one that has not seen it: of a pause and a resume at one moment
 * the pause stands.
 *
 * @throws GatewayError `writes.paused` for resuming what the org file has paused, or another while it was being resumed;
 *   `idempotency.key.reused`.
 */
export async function throwSwitch(desk: Desk, caller: Caller, order: WritesOrder): Promise<DecidedWrites> {
  const { policy, ledger, clock } = desk
  const { state, reason } = order
  const key = decisionKeyOf(policy, caller)
  const requestDigest = digestOf(order)
  let lookedAt: number | undefined
  for (let tries = 1; tries <= MAX_TRIES[state]; tries++) {
    const turns = await readTurns(desk)
    const earlier = turns.find((turn) => turn.key === key)
    if (earlier && earlier.requestDigest !== requestDigest) throw keyReused()
    if (earlier) return { turns, isReplay: true }
    if (state === 'running' && policy.writes === 'paused') throw pausedError({ from: 'org file' })
    const [seen] = turns
    const version = seen?.version ?? 0
    lookedAt ??= version
    if (state === 'running' && seen?.state === 'paused' && version > lookedAt) throw pausedMeanwhile(seen)
    const next: WriteSwitch = {
      schema: 1,
      state,
      version: version + 1,
      writeId: randomId(),
      by: identifyActor(policy, caller.actor),
      atMs: clock.nowMs(),
      reason,
      key,
      requestDigest,
      toldVersion: seen?.toldVersion,
    }
    if (await ledger.putSwitch(next, seen)) return { turns: [next, ...turns], isReplay: false }
  }
  throw new GatewayError(
    'general.conflict',
    'Others are throwing the stop switch; look at it and try again',
    {
      retryAfterSeconds: 1,
    },
  )
}

/** Whoever resumes has decided that the pause they know of is over, and not this one. */
function pausedMeanwhile(turn: WriteSwitch): GatewayError {
  return new GatewayError(
    'writes.paused',
    `${sentenceOnPause({ ...turn, from: 'command' })}; that came while you were resuming them, so they were not resumed. Look at GET /v1/writes, and resume them again if that is still what you want`,
  )
}
