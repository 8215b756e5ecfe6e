/** Which licenses somebody should look at first, and those that are asked for by themselves. */
import type { SeatListing } from '../../../seats/seat-schemas.ts'

export type SeatsOfLicense = SeatListing['entities'][number]
export type SeatsKind = keyof typeof shows

export const shows = {
  over: 'Over its seats',
  near: 'Near its seats',
  within: 'Within its seats',
  untold: 'Paid for is not known',
} as const

export const isShown: Readonly<Record<SeatsKind, (seats: SeatsOfLicense) => boolean>> = {
  over: ({ standing }) => standing === 'over',
  near: ({ standing }) => standing === 'near',
  within: ({ standing }) => standing === 'within',
  untold: ({ standing }) => standing === undefined,
}

/** What nobody holds comes last. */
function rankOf({ standing, held }: SeatsOfLicense): number {
  if (standing === 'over') return 0
  if (standing === 'near') return 1
  return held > 0 ? 2 : 3
}

/** Over first, the most before the rest; then near, the nearest first; the others by how many hold them. */
export function byConcern(one: SeatsOfLicense, other: SeatsOfLicense): number {
  const rank = rankOf(one)
  const byRank = rank - rankOf(other)
  if (byRank !== 0) return byRank
  const byCount =
    rank === 0 ? (other.over ?? 0) - (one.over ?? 0) : rank === 1 ? leftOf(one) - leftOf(other) : 0
  return byCount || other.held - one.held || (one.licenseId < other.licenseId ? -1 : 1)
}

/** How many more may be held. */
export function leftOf({ held, seats = 0 }: SeatsOfLicense): number {
  return seats - held
}
