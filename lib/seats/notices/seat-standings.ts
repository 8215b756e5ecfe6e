/** How a license's count stands to its seats, and what of its turns is told: a table, declared once. */
import type { LicenseSeats, SeatStanding } from '../seats-port.ts'

/** From how many held on a license is near its seats. Where nobody holds any it is near nothing, however few there are. */
export function nearFromOf(seats: number, nearPercent: number): number {
  return Math.max(1, Math.ceil((seats * nearPercent) / 100))
}

/** @returns undefined where nobody has told the seats: what is not known is no standing. */
export function standingOf(
  { held, seats }: Pick<LicenseSeats, 'held' | 'seats'>,
  nearPercent: number,
): SeatStanding | undefined {
  if (seats === undefined) return undefined
  if (held > seats) return 'over'
  return held >= nearFromOf(seats, nearPercent) ? 'near' : 'within'
}

/** What is told of a turn from one standing to another. */
export interface SeatTurn {
  readonly tells: Exclude<SeatStanding, 'within'>
  readonly turn: 'entered' | 'left'
}

/**
 * From what was told last to what is now. Entering is told as soon as it is counted, by whichever count. Leaving takes a
 * whole reading that began after the entry was told: so a license that goes to and fro in a day is told once, and nobody is
 * told that all is well by a count that is not whole.
 */
export const turns: {
  readonly [From in SeatStanding]: { readonly [To in Exclude<SeatStanding, From>]: SeatTurn }
} = {
  within: {
    near: { tells: 'near', turn: 'entered' },
    over: { tells: 'over', turn: 'entered' },
  },
  near: {
    within: { tells: 'near', turn: 'left' },
    // Near is left by it, which goes without saying.
    over: { tells: 'over', turn: 'entered' },
  },
  over: {
    within: { tells: 'over', turn: 'left' },
    // No fresh Near: whoever hears that it is over no more hears that it is near still.
    near: { tells: 'over', turn: 'left' },
  },
}

/** @returns undefined where it stands as it stood. */
export function seatTurnOf(from: SeatStanding, to: SeatStanding): SeatTurn | undefined {
  const next: Partial<Record<SeatStanding, SeatTurn>> = turns[from]
  return next[to]
}
