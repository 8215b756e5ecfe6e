/**
 * From what is asked to a change on record: what holds now, what would hold, and who must agree. Orders and readings of
 * Genesys come into the room of plans, records that are not stored yet go out; nothing is sent. Start reading here: what
 * undoes, extends or schedules has a file of its own, and so has each look (seats, prerequisites, four eyes).
 */

import type { ChangedPeople } from '../model/change.ts'
import type { Planned } from '../model/header.ts'
import { isHeldToSeats } from '../model/policy.ts'
import { isAsDesired } from '../model/verdict.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { checkAssignments } from './check-assignments.ts'
import {
  countSeats,
  excessesOf,
  findComingToSeats,
  licensesGivenOf,
  licensesMovedOf,
  readHoldingsKnown,
  readOccupancies,
} from './count-seats.ts'
import { findApprovalReasons } from './four-eyes.ts'
import { findChangedOutside } from './guards/find-changed.ts'
import { findNotActive, type StateOf } from './guards/find-not-active.ts'
import { measureImpact } from './guards/measure-impact.ts'
import { refuseBeyondLimits } from './guards/refuse-limits.ts'
import { refuseWithoutReason } from './guards/require-reason.ts'
import { kinds, type Readings } from './kinds.ts'
import { splitLarge } from './lists/split-list.ts'
import { nameSubject, readStates } from './name-subject.ts'
import { asDesired, type Proposal, recordOf } from './record-proposal.ts'

/**
 * Reads what holds and plans.
 *
 * @param isForPerson whether somebody is to look at the plan: then prerequisites are looked up, one request more.
 * @param known what was read of the targets a moment ago.
 * @param changedOutside found by whoever read that.
 * @param isNothingToDo says whether a plan of which everything holds already ends with that, or waits all the same.
 * @throws GatewayError where upstream cannot be read or does not know the toggle, `change.requester.refused`,
 *   `change.limit.refused`, and `bad.request` without a reason that is asked for; nothing is on record then.
 */
export async function planChange(
  desk: PlanningDesk,
  proposal: Proposal,
  isForPerson: boolean,
  { known, isNothingToDo, changedOutside, stateOf }: PlanningOptions = {},
): Promise<Planned> {
  const { kind, targets } = proposal
  const isRevert = proposal.undoes !== undefined && proposal.isApproved
  if (!isRevert) refuseBeyondLimits(desk.policy, targets)
  refuseWithoutReason(desk.policy, proposal)
  const atMs = desk.clock.nowMs()
  const { values, holdings } = known ?? (await kinds[kind].read(desk.genesys, targets))
  const findings =
    isForPerson && kind === 'assignments'
      ? {
          ...(await checkAssignments(desk.genesys, targets, holdings ?? [])),
          repeatedRows: proposal.repeatedRows || undefined,
        }
      : undefined
  const { id, isReleased } = proposal
  const licenses = licensesMovedOf(targets)
  let standing: ReturnType<typeof readHoldingsKnown> | undefined
  const stand = () => {
    standing ??= readHoldingsKnown(desk)
    return standing
  }
  let counted: ReturnType<typeof readOccupancies> | undefined
  const count = () => {
    counted ??= readOccupancies(desk, licenses, targets, { atMs, values }, stand)
    return counted
  }
  let others: ReturnType<typeof findComingToSeats> | undefined
  const coming = () => {
    others ??= findComingToSeats(desk, licenses, id)
    return others
  }
  const named = isForPerson ? await nameSubject(desk, proposal.subject) : undefined
  const subject = named?.subject ?? proposal.subject
  const because = proposal.isApproved
    ? []
    : [
        ...(proposal.approvalBecause ? [proposal.approvalBecause] : []),
        ...(await findApprovalReasons(desk, kind, targets, {
          count,
          coming,
          releasing: isReleased ? id : undefined,
        })),
      ]
  const isUndo = proposal.undoes !== undefined && !isRevert
  const isDecided = isForPerson || !isReleased || isUndo || because.length > 0
  const isHeld = licensesGivenOf(targets).some((each) => isHeldToSeats(desk.policy, each))
  const areSeatsCounted = kind === 'assignments' && (isDecided || isHeld)
  const fromOthers = areSeatsCounted ? await coming() : []
  const occupancies = areSeatsCounted ? await count() : []
  const seats = occupancies.length > 0 ? countSeats(occupancies, targets, fromOthers) : undefined
  const impact =
    kind === 'assignments'
      ? { ...(await measureImpact(desk, targets, values, isDecided)), overSeats: excessesOf(seats) }
      : undefined
  // Of one pair the plan shows all, and who orders that waits for no reading.
  const isSearched =
    changedOutside === undefined && isForPerson && holdings !== undefined && targets.length > 1
  const searched = isSearched ? await stand() : undefined
  const stated =
    findings &&
    (await readStates(desk, targets, values, (userId) => stateOf?.(userId) ?? named?.stateOf(userId)))
  const plan = {
    targets,
    before: values,
    holdings,
    findings: findings && {
      ...findings,
      notActive: findNotActive(
        targets,
        values,
        (userId) => stated?.(userId) ?? searched?.reading.stateIfNotActive?.(userId),
      ),
    },
    changedOutside: changedOutside ?? (isSearched ? findChangedOutside(searched, holdings, atMs) : undefined),
    seats,
    leftAlone: proposal.leftAlone,
  }
  const holds = targets.every((target, index) => isAsDesired(target, values[index]))
  const isNoop = holds && isNothingToDo !== undefined && (await isNothingToDo(because.length > 0))
  const wish = { ...proposal, subject, impact }
  return splitLarge(recordOf(desk, wish, plan, because, isNoop ? asDesired : undefined), proposal.onConflict)
}

interface PlanningOptions {
  readonly known?: Readings | undefined
  /** Where `known` is a reading itself, which nothing later could be held against. */
  readonly changedOutside?: ChangedPeople | undefined
  /** Of whom that was read after the plan was asked for; of others the directory is asked. */
  readonly stateOf?: StateOf | undefined
  readonly isNothingToDo?: ((isApprovalAsked: boolean) => Promise<boolean>) | undefined
}
