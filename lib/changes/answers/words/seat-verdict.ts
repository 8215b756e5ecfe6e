/** What a plan's count of a license's seats comes to: the same in chat, on a terminal and on the page. Pure. */

import { isSettled } from '../../model/transitions.ts'
import type { Change } from '../change-schemas.ts'

export type SeatsOfPlan = NonNullable<NonNullable<Change['findings']>['seats']>[number]

/**
 * `takenOver`: this takes it over, or further. `over`: it is over without it, and stays so. `mayBeOver`: it is not known of
 * somebody whether they hold it, and with them it would be taken over.
 */
export type SeatVerdict = 'takenOver' | 'over' | 'mayBeOver' | 'within'

/** @returns undefined where nobody has told the seats, or nobody has read who holds it. */
export function seatVerdictOf({
  seats,
  taken = 0,
  after,
  unknown = 0,
  open = 0,
}: SeatsOfPlan): SeatVerdict | undefined {
  if (seats === undefined || after === undefined) return undefined
  const isGiven = after > taken
  if (after + open > seats) return isGiven ? 'takenOver' : 'over'
  return isGiven && after + open + unknown > seats ? 'mayBeOver' : 'within'
}

/** @returns what its counts of seats are not sure of, where they are from a reading that is not whole. */
export function unsureTextOf(counts: readonly SeatsOfPlan[]): string | undefined {
  if (counts.every(({ isWhole }) => isWhole !== false)) return undefined
  return 'The reading that seats are counted from is not whole: people are missing in it, who are counted as before, so counts may be too high.'
}

/** What it takes over its seats: as counted for whoever looks at it, else as its plan counted; of what has settled nothing. */
export function takenOverIn({ findings, impact, state }: Pick<Change, 'findings' | 'impact' | 'state'>) {
  if (isSettled(state)) return []
  return findings?.seats === undefined ? (impact?.overSeats ?? []) : takenOverAmong(findings.seats)
}

export function takenOverAmong(counts: readonly SeatsOfPlan[]) {
  return counts.flatMap((each) => {
    const { licenseId, seats = 0, after = 0, open = 0 } = each
    return seatVerdictOf(each) === 'takenOver' ? [{ licenseId, seats, after: after + open }] : []
  })
}
