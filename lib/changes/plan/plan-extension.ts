/**
 * Keeping what was to be taken back, until later or for good. Where that needs approval it is a change of its own, which
 * waits for somebody who has asked for neither; until then the revert stays due.
 */

import { isoOf } from '../../utc-day.ts'
import type { Caller, Target } from '../model/change.ts'
import { remindersOf, revertDueAtOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import { type Asked, type Header, type Revert, revertOf } from '../model/header.ts'
import { identifyActor, requestLifeMs } from '../model/policy.ts'
import { digestOf, idOf, isPlannedRevert } from '../model/record-ids.ts'
import { waitingStates } from '../model/transitions.ts'
import type { Desk } from '../record/desk.ts'
import { readTargets } from '../record/read-targets.ts'
import { decisionKeyOf, keyReused } from '../record/repeats.ts'
import { putNewChange } from '../record/write-header.ts'
import { findApprovalReasons } from './four-eyes.ts'
import { planExtension } from './record-proposal.ts'

/** Requests to extend one change, one after the other: our choice, far above what people do. */
const MAX_REQUESTS = 50

/**
 * Why a second person must approve that a change is not taken back: the rules, for the same order without an end.
 * What was approved with its end needs it whatever they say by now.
 *
 * @param header the change, or its planned revert.
 * @returns none where nothing of it is to be taken back, or where that may be called off.
 */
export async function findReasonsToAsk(desk: Desk, header: Header): Promise<readonly string[]> {
  if (!header.revert && !isPlannedRevert(header)) return []
  const targets = await readTargets(desk.ledger, header)
  const kept = isPlannedRevert(header) ? targets.map(opposite) : targets
  const because = await findApprovalReasons(desk, header.kind, kept)
  if (because.length > 0 || !header.approval?.decision?.isApproved) return because
  return ['A second person approved it with its end, and must approve that it stays']
}

function opposite(target: Target): Target {
  return { ...target, desired: !target.desired }
}

/** What is asked for of a change that is to be taken back. */
export interface ExtensionAsked {
  /** Until when it stays, epoch milliseconds; for good where absent. */
  readonly untilMs?: number | undefined
  /** What the caller sent, to tell a repeat from another request under the same key. */
  readonly requestDigest: string
  /** Where in chat it was asked for. */
  readonly asked?: Asked | undefined
}

/** Of what is kept for good. */
export function keepingOf(original: Header): ExtensionAsked {
  return { requestDigest: digestOf({ extend: original.id }) }
}

/** The planned revert of a change at another time; what was made for the time before is not taken for it. */
export function movedRevertOf(
  { policy, clock }: Pick<Desk, 'policy' | 'clock'>,
  original: Header,
  untilMs: number,
): Revert {
  const { extension, moves = 0 } = revertOf(original)
  const nowMs = clock.nowMs()
  const isToCome = (beforeMs: number) => untilMs - beforeMs > nowMs
  return { atMs: untilMs, extension, moves: moves + 1, ...remindersOf(policy, isToCome) }
}

/**
 * @returns the request that this caller made before, under this key.
 * @throws GatewayError `idempotency.key.reused`
 */
export async function findEarlierRequest(
  desk: Desk,
  caller: Caller,
  original: Header,
  { requestDigest }: ExtensionAsked,
): Promise<Header | undefined> {
  if (!original.revert) return undefined
  const key = decisionKeyOf(desk.policy, caller)
  for (let nth = 0; nth < MAX_REQUESTS; nth++) {
    const request = await desk.ledger.get(requestIdOf(original, nth))
    const earlier = request?.keys?.[key]
    if (earlier !== undefined && earlier !== requestDigest) throw keyReused()
    if (!request || earlier !== undefined) return request
  }
  return undefined
}

/**
 * Asks for a change to stay. One request of a change is open at a time: whoever asks for the same meanwhile finds it.
 *
 * @throws GatewayError `change.requester.refused`, `change.state.conflict` where the revert's time has come, or a request
 *   for another end is open.
 */
export async function askToExtend(
  desk: Desk,
  caller: Caller,
  original: Header,
  because: readonly string[],
  { untilMs, requestDigest, asked }: ExtensionAsked,
): Promise<{ readonly header: Header; readonly isReplay: boolean }> {
  const { ledger, clock, policy } = desk
  const nowMs = clock.nowMs()
  const dueAtMs = revertDueAtOf(original) ?? nowMs
  const { targets } = await ledger.plan(original)
  // What is kept is what was read when it was applied.
  const { after, holdings } = (await ledger.evidence(original)) ?? {}
  const plan = { targets, before: after, holdings }
  for (let nth = 0; nth < MAX_REQUESTS; nth++) {
    const id = requestIdOf(original, nth)
    const existing = await ledger.get(id)
    if (existing && waitingStates.includes(existing.state)) {
      if (existing.revert?.atMs === untilMs) return { header: existing, isReplay: true }
      throw openRequestError(original, existing)
    }
    if (existing) continue
    if (dueAtMs <= nowMs) throw tooLateToExtend(original)
    const planned = planExtension(
      desk,
      {
        id,
        actor: identifyActor(policy, caller.actor),
        askers: [original.actor, ...(original.askers ?? [])],
        kind: original.kind,
        targets,
        subject: original.subject,
        requestDigest,
        isReleased: false,
        asked,
        extends: original.id,
        revert: untilMs === undefined ? undefined : { atMs: untilMs },
      },
      plan,
      because,
      Math.min(nowMs + requestLifeMs(policy), dueAtMs, untilMs ?? dueAtMs),
    )
    const request = { ...planned.header, keys: { [decisionKeyOf(desk.policy, caller)]: requestDigest } }
    const header = await putNewChange(desk, { header: request, plan })
    if (header) return { header, isReplay: false }
    // Somebody else's came first.
    const first = await ledger.get(id)
    if (first && first.revert?.atMs !== untilMs) throw openRequestError(original, first)
    return { header: first ?? request, isReplay: true }
  }
  throw stateConflict(
    original,
    `That the change ${original.id} stays has been asked for ${MAX_REQUESTS} times; let it be taken back and order it anew`,
  )
}

function requestIdOf({ id }: Header, nth: number): string {
  return idOf('extend', id, String(nth))
}

function openRequestError(original: Header, { id, revert }: Header) {
  const end = revert?.atMs === undefined ? 'stays for good' : `stays until ${isoOf(revert.atMs)}`
  return stateConflict(
    original,
    `The change ${id} asks already that the change ${original.id} ${end}, and waits for approval: cancel that one first`,
    { others: [id] },
  )
}

function tooLateToExtend(original: Header) {
  return stateConflict(
    original,
    `The time to take the change ${original.id} back has come, and a second person must approve that it stays: order it anew`,
  )
}

/** @throws GatewayError `change.state.conflict` for a planned revert whose time has come, where it may not be kept from its work. */
export function refuseHoldingRevert(
  header: Header,
  because: readonly string[],
  holding: 'called off' | 'paused',
): void {
  if (because.length === 0 || !isPlannedRevert(header)) return
  throw stateConflict(
    header,
    `${because[0]}, and the time to take it back has come: the planned revert ${header.id} is not ${holding}; order it anew once it is done`,
  )
}
