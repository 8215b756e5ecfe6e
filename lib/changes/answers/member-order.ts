/**
 * Parts of records as callers get them, their members in one order: DynamoDB keeps none, and a repeat is answered letter
 * for letter as the first time.
 */
import { isoIfKnown } from '../../utc-day.ts'
import {
  type Actor,
  type ChangedPeople,
  type Findings,
  isOverSeats,
  type SeatCount,
} from '../model/change.ts'
import type { ChangeOrder } from '../model/change-order.ts'
import type { Impact, LicenseCount } from '../model/header.ts'
import type { Change } from './change-schemas.ts'

export function partyOf({ kind, id, person, tool }: Actor): Actor {
  return { kind, id, person, tool }
}

export function countsOf(counts: readonly LicenseCount[]) {
  return counts.map(({ licenseId, users }) => ({ licenseId, users }))
}

export function findingMembersOf({
  missingPrerequisites,
  contradictions,
  overlaps,
  unknownUsers,
  notActive,
  counts,
  repeatedRows,
}: Findings) {
  return {
    missingPrerequisites: missingPrerequisites.map(({ userId, licenseId, prerequisites }) => ({
      userId,
      licenseId,
      prerequisites: [...prerequisites],
    })),
    contradictions: contradictions.map(({ userId, licenseId, neededBy }) => ({
      userId,
      licenseId,
      neededBy: [...neededBy],
    })),
    overlaps: overlaps.map(({ userId, licenseId, comprises, comprisedBy }) => ({
      userId,
      licenseId,
      comprises: [...comprises],
      comprisedBy: [...comprisedBy],
    })),
    unknownUsers: [...unknownUsers],
    notActive: notActive?.map(({ userId, licenseId, state }) => ({ userId, licenseId, state })),
    counts: counts && {
      missingPrerequisites: counts.missingPrerequisites,
      contradictions: counts.contradictions,
      overlaps: counts.overlaps,
      unknownUsers: counts.unknownUsers,
      notActive: counts.notActive,
    },
    repeatedRows,
  }
}

export function impactOf({ people, massRemovals, overSeats }: Impact) {
  return {
    people,
    massRemovals: massRemovals?.map(({ licenseId, people: from, holders }) => ({
      licenseId,
      people: from,
      holders,
    })),
    overSeats: overSeats?.map(({ licenseId, seats, after }) => ({ licenseId, seats, after })),
  }
}

/** What is not known is absent. */
function seatCountOf({ licenseId, seats, taken, after, unknown, open }: SeatCount) {
  return { licenseId, seats, taken, after, unknown, open }
}

/** As callers see it: what is not known is absent. */
export function seatFindingsOf(
  counts: readonly SeatCount[],
): NonNullable<NonNullable<Change['findings']>['seats']> {
  return counts.map((count) => ({
    ...seatCountOf(count),
    isOver: isOverSeats(count),
    asOf: count.asOfMs === undefined ? undefined : new Date(count.asOfMs).toISOString(),
    isWhole: count.isWhole,
  }))
}

export function changedPeopleOf({
  isKnown,
  asOfMs,
  users,
  people,
}: ChangedPeople): NonNullable<NonNullable<Change['findings']>['changedOutside']> {
  return {
    isKnown,
    asOf: isoIfKnown(asOfMs),
    users,
    people: people.map(({ userId, given, taken }) => ({ userId, given: [...given], taken: [...taken] })),
  }
}

export function orderOf(order: ChangeOrder): ChangeOrder {
  const { reason, notBefore, notAfter, revertAt, revertAfter } = order
  const timing = { reason, notBefore, notAfter, revertAt, revertAfter }
  if (order.kind === 'toggle') {
    const { kind, featureName, enabled } = order
    return { kind, featureName, enabled, ...timing }
  }
  const assignments = order.assignments.map(({ licenseId, userIdsAdd, userIdsRemove }) => ({
    licenseId,
    userIdsAdd,
    userIdsRemove,
  }))
  return { kind: order.kind, assignments, ...timing }
}
