/** What the days of a period say of one license: how many held it at the start, at most, and since when they were too many. */
import type { DayCounts, Difference } from '../inventory/inventory-port.ts'
import { dayBefore, utcDayOf } from '../utc-day.ts'
import type { LicensePeriod } from './seats-port.ts'

/** One count of one license. */
export interface Counted {
  readonly day: string
  /** Epoch milliseconds. */
  readonly atMs: number
  readonly held: number
  /** The most of the day's whole readings, where there was more than one. */
  readonly most?: number | undefined
}

/** The counts of a license that whole readings made, the earliest first: what was half read says nothing of a number. */
export function wholeCountsOf(days: readonly DayCounts[], licenseId: string): readonly Counted[] {
  return days.flatMap((row) => {
    const held = row.isWhole ? heldIn(row, licenseId) : undefined
    const most = row.most && heldIn({ held: row.most, isWhole: true }, licenseId)
    return held === undefined ? [] : [{ day: row.day, atMs: row.asOfMs, held, most }]
  })
}

/** @returns undefined where nobody was seen to hold it: in a whole reading that is nobody, else it says nothing. */
export function heldIn({ held, isWhole }: Pick<DayCounts, 'held' | 'isWhole'>, licenseId: string) {
  const own = held[licenseId]
  if (own !== undefined) return own
  const wanted = licenseId.toLowerCase()
  return Object.entries(held).find(([id]) => id.toLowerCase() === wanted)?.[1] ?? (isWhole ? 0 : undefined)
}

/** What the first day's reading counted, or that of the day before. */
export function heldAtStart(counts: readonly Counted[], startDay: string): number | undefined {
  const on = (day: string) => counts.find((each) => each.day === day)?.held
  return on(startDay) ?? on(dayBefore(startDay))
}

/** @param counts of the period's days. @returns the first of the highest. */
export function mostOf(counts: readonly Counted[]): LicensePeriod['most'] {
  let most: LicensePeriod['most']
  for (const { day, held, most: ofDay = held } of counts)
    if (most === undefined || ofDay > most.held) most = { held: ofDay, day }
  return most
}

/** An overage that goes on: from when, at the latest. */
export interface Overage {
  readonly sinceDay: string
  /** Who was given the license from then on is behind it, epoch milliseconds; undefined where nothing earlier is on record. */
  readonly fromMs: number | undefined
}

/** The last count within the seats, after which differences are to be looked at; undefined where none is on record. */
export function lastWithin(counts: readonly Counted[], seats: number): Counted | undefined {
  return counts.findLast(({ held }) => held <= seats)
}

/**
 * Since when more are held than there are seats.
 *
 * @param counts the earliest first, the last of them over the seats.
 * @param differences of the license since the last count within the seats, the earliest first.
 */
export function overageOf(
  counts: readonly Counted[],
  seats: number,
  differences: readonly Difference[],
): Overage {
  const within = lastWithin(counts, seats)
  const first = counts.find(({ atMs, held }) => held > seats && atMs > (within?.atMs ?? -1))
  const fallback = first?.day ?? counts.at(-1)?.day ?? ''
  if (within === undefined) return { sinceDay: fallback, fromMs: undefined }
  let { held } = within
  let crossedAtMs: number | undefined
  for (const { isGiven, atMs } of differences) {
    const wasOver = held > seats
    held += isGiven ? 1 : -1
    if (held <= seats) crossedAtMs = undefined
    else if (!wasOver) crossedAtMs = atMs
  }
  // Seats may also have become fewer, and then no difference is at the beginning of it.
  if (crossedAtMs === undefined) return { sinceDay: fallback, fromMs: within.atMs }
  const day = utcDayOf(crossedAtMs)
  return { sinceDay: day < fallback ? day : fallback, fromMs: crossedAtMs }
}
