/** The change that takes another back: exactly what that one touched, and only where nobody has touched it since. */

import { MAX_LEFT_ALONE } from '../answers/words/found-words.ts'
import { type Actor, type Target, targetKey } from '../model/change.ts'
import { endOf } from '../model/due.ts'
import type { Asked, Header, Planned } from '../model/header.ts'
import { isPlannedRevert } from '../model/record-ids.ts'
import type { ChangeState } from '../model/transitions.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { MAX_UNDOINGS } from '../record/read-sequels.ts'
import { begunPartsOf, mapSome, readTouched } from '../record/read-targets.ts'
import { lastHolderOf } from '../record/take-locks.ts'
import { isProtected } from './guards/refuse-limits.ts'
import { kinds } from './kinds.ts'
import { planChange } from './plan-change.ts'
import { nameSubjectBy, subjectOf } from './read-order.ts'
import { type Proposal, proposalAskedIn } from './record-proposal.ts'

interface UndoRequest {
  readonly id: string
  readonly actor: Actor
  readonly askers?: readonly Actor[] | undefined
  readonly reason?: string | undefined
  readonly requestDigest: string
  /** A planned revert: approved with its original, and nobody waits for it. */
  readonly isPlanned: boolean
  /** See Header. */
  readonly moves?: number | undefined
  /** When a planned revert was due. */
  readonly askedAtMs?: number | undefined
  /** Where in chat it is asked for. */
  readonly asked?: Asked | undefined
  /** See Proposal. */
  readonly isDraft?: boolean | undefined
}

/**
 * Plans the undoing of a change that was applied, in whole or in part.
 *
 * @throws GatewayError where upstream cannot be read.
 */
export async function planUndo(
  desk: PlanningDesk,
  original: Header,
  undo: UndoRequest,
  standing?: BroughtAbout,
): Promise<Planned> {
  const { touched, holds } = standing ?? (await readBroughtAbout(desk, original))
  const isRead = touched.length <= MAX_PAIRS_READ
  const values = isRead
    ? (await kinds[original.kind].read(desk.genesys, touched)).values
    : touched.map(({ desired }) => desired)
  const claimed = standingHolds(holds, desk.clock.nowMs())
  const isUntouchedSince = (target: Target, index: number) =>
    values[index] === target.desired &&
    !claimed.has(targetKey(target)) &&
    // What has become protected stays as it is: of a planned revert nobody is there who could leave it out.
    !(undo.isPlanned && isProtected(desk.policy, target))
  const targets = touched.filter(isUntouchedSince).map((target) => ({ ...target, desired: !target.desired }))
  const leftAlone = touched.filter((target, index) => !isUntouchedSince(target, index))
  const { subject, kind, approval } = original
  const isPlanAsked = undo.asked !== undefined || undo.isDraft === true
  const proposal: Proposal = {
    id: undo.id,
    actor: undo.actor,
    askers: askersOfUndo(original, undo),
    kind,
    targets,
    subject:
      'featureName' in subject
        ? { featureName: subject.featureName, enabled: !subject.enabled }
        : nameSubjectBy(subjectOf(targets), (userId) =>
            subject.userId === userId ? subject.userName : undefined,
          ),
    requestDigest: undo.requestDigest,
    isReleased: !isPlanAsked,
    isDraft: undo.isDraft,
    ...proposalAskedIn(undo.asked),
    askedAtMs: undo.askedAtMs,
    undoes: original.id,
    moves: undo.moves,
    leftAlone: leftAlone.slice(0, MAX_LEFT_ALONE),
    note: noteOn(leftAlone.length),
    reason: undo.reason,
    isApproved: undo.isPlanned,
    isPatient: undo.isPlanned,
    approval: undo.isPlanned ? approval : undefined,
  }
  // A plan of which nothing is left waits for nobody; it has no target on which it could have a say.
  const isNothingToDo = isPlanAsked ? async () => true : undefined
  const known = isRead ? undefined : { values: targets.map(({ desired }) => !desired) }
  // A planned revert was judged with its original, and nobody looks at it; what is not read shows nothing to find.
  const isForPerson = !undo.isPlanned && isRead
  return await planChange(desk, proposal, isForPerson, { known, isNothingToDo })
}

/**
 * More pairs are not read to plan their undoing: each part of it reads its own before it sends anything, and until then
 * the record of what it takes back says what they are.
 */
export const MAX_PAIRS_READ = 2_000

function noteOn(leftAlone: number): string | undefined {
  return leftAlone > MAX_LEFT_ALONE
    ? `${leftAlone} pairs are left alone, since others have dealt with them; the first ${MAX_LEFT_ALONE} are named`
    : undefined
}

/** What a change has brought about, and who has asked for some of it since. */
export interface BroughtAbout {
  readonly touched: readonly Target[]
  readonly holds: readonly Hold[]
}

type StandingDesk = Pick<PlanningDesk, 'ledger' | 'clock'>

/** Whether others have dealt for good with all that it brought about, so that taking it back would touch nothing. */
export function isNothingLeft({ touched, holds }: BroughtAbout): boolean {
  const dealtWith = new Set(holds.filter(({ endMs }) => endMs === undefined).map(({ key }) => key))
  return touched.every((target) => dealtWith.has(targetKey(target)))
}

/** @throws GatewayError `ledger.unavailable` */
export async function readBroughtAbout(desk: StandingDesk, original: Header): Promise<BroughtAbout> {
  const touched = await readTouched(desk.ledger, original)
  return { touched, holds: await readHolds(desk, original, touched) }
}

/** Undoing a planned revert makes its original last: whoever asked for that has asked for this too. */
function askersOfUndo(original: Header, { askers = [] }: UndoRequest): readonly Actor[] {
  return isPlannedRevert(original) ? [...askers, original.actor, ...(original.askers ?? [])] : askers
}

/** Ends in which a change asked for nothing in the end, or was kept from it. */
const withoutSay: readonly ChangeState[] = ['FAILED', 'EXPIRED', 'SUPERSEDED', 'CANCELLED', 'REJECTED']

/**
 * The targets that another change has dealt with since, even where the value is the same again: whoever switched back
 * and forth, or asked for what holds, meant it. The lock names the last one. What was approved with its end is kept by
 * what has changed it or was approved too, and not by an order that nobody approved and that found it so. An order with
 * an end that found it so keeps it until then: it has nothing of its own to take back. One that wished for the contrary
 * and did not bring it about keeps nothing, and what undoes the undoing of a change has asked for that change again.
 */
export function standingHolds(holds: readonly Hold[], nowMs: number): ReadonlyMap<string, Hold> {
  return new Map(
    holds.flatMap((hold) =>
      hold.endMs === undefined || hold.endMs > nowMs ? [[hold.key, hold] as const] : [],
    ),
  )
}

/**
 * The latest end for which others have asked, where they found as it is what a planned revert would take back now.
 *
 * @returns undefined where nobody has, for a time that is still to come.
 */
export function findHold(
  { holds }: BroughtAbout,
  nowMs: number,
): { readonly changeId: string; readonly untilMs: number } | undefined {
  let latest: { changeId: string; untilMs: number } | undefined
  for (const { changeId, endMs } of holds) {
    if (endMs !== undefined && endMs > Math.max(nowMs, latest?.untilMs ?? 0))
      latest = { changeId, untilMs: endMs }
  }
  return latest
}

/** What the last holder of a target's lock wants with it. */
export interface Hold {
  readonly key: string
  readonly changeId: string
  /** Until when, epoch milliseconds; undefined for good, or until that change itself is taken back. */
  readonly endMs: number | undefined
}

async function readHolds(
  { ledger, clock }: StandingDesk,
  original: Header,
  touched: readonly Target[],
): Promise<Hold[]> {
  const named = await ledger.locks(touched.map(targetKey))
  const isApproved = (header: Header) => header.approval?.decision?.isApproved ?? false
  const lists = new Map<string, Promise<Header | undefined>>()
  const listOf = (changeId: string) => {
    const list = lists.get(changeId) ?? ledger.get(changeId)
    lists.set(changeId, list)
    return list
  }
  const claims = new Map<string, (target: Target) => Hold | undefined>()
  const own = new Set([original.id, ...begunPartsOf(original)])
  const holders = new Set([...named.values()].flatMap((lock) => lastHolderOf(lock) ?? []))
  const others = [...holders].filter((changeId) => !own.has(changeId))
  await mapSome(others, async (changeId) => {
    const other = await ledger.get(changeId)
    if (!other || withoutSay.includes(other.state)) return
    // A part ends with its list, and asked for nothing where that did not in the end.
    const asking = (other.partOf && (await listOf(other.partOf.changeId))) ?? other
    if (withoutSay.includes(asking.state) || (await isAskingAgain(ledger, asking, original.id))) return
    const changed = new Set((await readTouched(ledger, other)).map(targetKey))
    const wished = new Map((await ledger.plan(other)).targets.map((each) => [targetKey(each), each.desired]))
    const mayKeepAsFound = !isApproved(original) || isApproved(other)
    const foundEndMs = endOf(asking, clock.nowMs())
    claims.set(changeId, (target) => {
      const key = targetKey(target)
      if (changed.has(key)) return { key, changeId, endMs: undefined }
      return mayKeepAsFound && wished.get(key) === target.desired
        ? { key, changeId, endMs: foundEndMs }
        : undefined
    })
  })
  return touched.flatMap((target) => {
    const lock = named.get(targetKey(target))
    return (lock && claims.get(lastHolderOf(lock) ?? '')?.(target)) ?? []
  })
}

/** Whether a change takes back what took the original back, and so on: an even number of steps away from it. */
async function isAskingAgain(
  { get }: StandingDesk['ledger'],
  { undoes }: Header,
  originalId: string,
): Promise<boolean> {
  let taken = undoes
  for (let steps = 1; taken !== undefined && steps <= MAX_UNDOINGS; steps++) {
    if (taken === originalId) return steps % 2 === 0
    taken = (await get(taken))?.undoes
  }
  return false
}
