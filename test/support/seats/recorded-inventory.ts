/**
 * An inventory made of a known history: readings at noon of the days that have one, and what happened between them. What
 * it answers is worked out from the whole truth each time, by other means than those of the code under test.
 */
import type { DayCounts, Difference, HeldCounts, Inventory } from '../../../lib/inventory/port.ts'
import { endOfDay, startOfDay } from '../../../lib/utc-day.ts'

export interface Happening {
  readonly atMs: number
  readonly userId: string
  readonly licenseId: string
  readonly isGiven: boolean
  readonly by: Difference['by']
}

export interface History {
  /** Held before anything was on record, as `license user`. */
  readonly first: readonly string[]
  /** In their order. */
  readonly happenings: readonly Happening[]
  /** Days with a reading, in their order, and whether it was whole. */
  readonly days: readonly { readonly day: string; readonly isWhole: boolean }[]
}

const HOUR_MS = 3_600_000

/** When the day's reading is made. */
export const readingAt = (day: string): number => startOfDay(day) + 12 * HOUR_MS

/** Who holds what at a time: `license user` each. */
export function truthAt({ first, happenings }: History, ms: number): ReadonlySet<string> {
  const held = new Set(first)
  for (const { atMs, userId, licenseId, isGiven } of happenings) {
    if (atMs > ms) break
    const pair = `${licenseId} ${userId}`
    if (isGiven) held.add(pair)
    else held.delete(pair)
  }
  return held
}

export function heldAt(history: History, licenseId: string, ms: number): number {
  return [...truthAt(history, ms)].filter((pair) => pair.startsWith(`${licenseId} `)).length
}

type Used = Pick<Inventory, 'counts' | 'days' | 'differences' | 'people'>

/** @param nowMs the gateway's own changes count until then, others until the last reading. */
export function recordedInventory(history: History, nowMs: () => number): Inventory {
  const { days, happenings } = history
  const read = () => days.filter(({ day }) => readingAt(day) <= nowMs())
  /** As the record has it: of what was done outside, when the next reading showed it. */
  const recorded = (): Difference[] =>
    happenings
      .flatMap(({ atMs, by, ...pair }): Difference[] => {
        if (by !== 'outside') return atMs <= nowMs() ? [{ ...pair, by, atMs }] : []
        const next = read().find(({ day, isWhole }) => isWhole && readingAt(day) >= atMs)
        return next ? [{ ...pair, by, atMs: readingAt(next.day), afterMs: atMs - 1 }] : []
      })
      .sort((a, b) => a.atMs - b.atMs)
  const used: Used = {
    async counts(): Promise<HeldCounts> {
      const newest = read().at(-1)
      if (!newest) throw new Error('there is no reading yet')
      const ids = new Set([...history.first].map((pair) => pair.split(' ')[0] ?? ''))
      for (const { licenseId } of happenings) ids.add(licenseId)
      const asOfMs = readingAt(newest.day)
      const upTo = {
        ...history,
        happenings: happenings.filter((each) => each.by !== 'outside' || each.atMs <= asOfMs),
      }
      const counts = [...ids].map((licenseId) => ({
        licenseId,
        held: heldAt(upTo, licenseId, nowMs()),
        unknown: 0,
      }))
      return { asOfMs, readToMs: asOfMs, isWhole: newest.isWhole, counts }
    },
    async days(fromDay, toDay) {
      return read()
        .filter(({ day }) => fromDay <= day && day <= toDay)
        .map(({ day, isWhole }): DayCounts => {
          const asOfMs = readingAt(day)
          const held: Record<string, number> = {}
          for (const pair of truthAt(history, asOfMs)) {
            const [licenseId = ''] = pair.split(' ')
            held[licenseId] = (held[licenseId] ?? 0) + 1
          }
          // What was half read has lost somebody.
          if (!isWhole) for (const id of Object.keys(held)) held[id] = Math.floor((held[id] ?? 0) / 2)
          return { day, asOfMs, isWhole, people: 0, held }
        })
    },
    async *differences(fromMs, toMs) {
      yield* recorded().filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    },
    async people(userIds) {
      const named = [...userIds].map((id) => {
        const user = { id, name: `Name of ${id}`, email: `${id}@example.com`, licenses: [], selfUri: '' }
        return [id.toLowerCase(), user] as const
      })
      return new Map(named)
    },
  }
  return used as Inventory
}

/** The last moment of a day, or now. */
export function endOf(day: string, nowMs: number): number {
  return Math.min(endOfDay(day) - 1, nowMs)
}
