/** What the days of a period say of one license: how many held it at the start, at most, and since when they were too many. */
import type { DayCounts, Difference } from '../inventory/inventory-port.ts'
import { dayAfter, dayBefore, startOfDay, utcDayOf } from '../utc-day.ts'
import { excessOf } from './count-paid.ts'
import type { LicensePeriod } from './seats-port.ts'

/** One count of one license. */
export interface Counted {
  readonly day: string
  /** Epoch milliseconds. */
  readonly atMs: number
  readonly held: number
  /** The most of the day's whole readings, where there was more than one. */
  readonly most?: number | undefined
  /** What was paid for on that day. */
  readonly seats?: number | undefined
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

/** By how many the most of any count was beyond the seats of its day. @returns the first of the highest; undefined where none was. */
export function mostOverOf(counts: readonly Counted[]): LicensePeriod['mostOver'] {
  let mostOver: LicensePeriod['mostOver']
  for (const { day, held, most = held, seats } of counts) {
    const over = excessOf(most, seats) ?? 0
    if (over > (mostOver?.over ?? 0)) mostOver = { over, day }
  }
  return mostOver
}

/** An overage that goes on: from when, at the latest. */
export interface Overage {
  readonly sinceDay: string
  /** Who was given the license from then on is behind it, epoch milliseconds; undefined where nothing earlier is on record. */
  readonly fromMs: number | undefined
}

/** The last count within the seats of its day, after which differences are to be looked at; undefined where none is on record. */
export function lastWithin(counts: readonly Counted[]): Counted | undefined {
  return counts.findLast(({ held, seats }) => seats !== undefined && held <= seats)
}

/**
 * Since when more are held than there are seats: by what was given and taken, and by seats that became fewer.
 *
 * @param counts the earliest first, the last of them over its seats.
 * @param differences of the license since the last count within the seats, the earliest first.
 * @param seatsOn what was paid for on a day, where that is known.
 */
export function overageOf(
  counts: readonly Counted[],
  differences: readonly Difference[],
  seatsOn: (day: string) => number | undefined,
): Overage {
  const within = lastWithin(counts)
  const isOver = (held: number, seats: number | undefined) => seats !== undefined && held > seats
  const first = counts.find(({ atMs, held, seats }) => isOver(held, seats) && atMs > (within?.atMs ?? -1))
  const last = counts.at(-1)
  const fallback = first?.day ?? last?.day ?? ''
  if (within === undefined) return { sinceDay: fallback, fromMs: undefined }
  const moments = differences.map(({ isGiven, atMs }) => ({ atMs, gain: isGiven ? 1 : -1 }))
  // A day's seats count from its beginning.
  for (let day = dayAfter(within.day); day <= (last?.day ?? ''); day = dayAfter(day))
    moments.push({ atMs: startOfDay(day), gain: 0 })
  let { held, seats } = within
  let crossedAtMs: number | undefined
  for (const { atMs, gain } of moments.sort((a, b) => a.atMs - b.atMs)) {
    const wasOver = isOver(held, seats)
    held += gain
    seats = seatsOn(utcDayOf(atMs)) ?? seats
    if (!isOver(held, seats)) crossedAtMs = undefined
    else if (!wasOver) crossedAtMs = atMs
  }
  // What a reading counted may be more than the differences come to.
  if (crossedAtMs === undefined) return { sinceDay: fallback, fromMs: within.atMs }
  const day = utcDayOf(crossedAtMs)
  return { sinceDay: day < fallback ? day : fallback, fromMs: crossedAtMs }
}
