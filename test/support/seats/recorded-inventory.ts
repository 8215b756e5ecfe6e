/**
 * An inventory made of a known history: readings at noon of the days that have one, and what happened between them. What
 * it answers is worked out from the whole truth each time, by other means than those of the code under test.
 */
import type { DayCounts, Difference, HeldCounts, Inventory } from '../../../lib/inventory/inventory-port.ts'
import { startOfDay } from '../../../lib/utc-day.ts'

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

type Used = Pick<Inventory, 'origins' | 'counts' | 'days' | 'differences' | 'people'>

/** @param nowMs the gateway's own changes count until then, others until the last reading. */
export function recordedInventory(history: History, nowMs: () => number): Inventory {
  const { days, happenings } = history
  const read = () => days.filter(({ day }) => readingAt(day) <= nowMs())
  /** As the record has it: the gateway's own at once, of what was done outside what the next whole reading showed. */
  const recorded = (): Difference[] => {
    const whole = read().filter(({ isWhole }) => isWhole)
    const [first, ...later] = whole.map(({ day }) => readingAt(day))
    if (first === undefined) return []
    const found: Difference[] = []
    const onRecord = new Set(truthAt(history, first))
    const note = (pair: string, isGiven: boolean, atMs: number, by: Difference['by']) => {
      const [licenseId = '', userId = ''] = pair.split(' ')
      if (onRecord.has(pair) === isGiven) return
      if (isGiven) onRecord.add(pair)
      else onRecord.delete(pair)
      found.push({ userId, licenseId, isGiven, atMs, by })
    }
    let fromMs = first
    for (const untilMs of [...later, nowMs()]) {
      for (const { atMs, by, isGiven, licenseId, userId } of happenings) {
        if (atMs <= fromMs || atMs > untilMs || by === 'outside') continue
        note(`${licenseId} ${userId}`, isGiven, atMs, by)
      }
      if (later.includes(untilMs)) {
        const truth = truthAt(history, untilMs)
        for (const pair of [...onRecord]) if (!truth.has(pair)) note(pair, false, untilMs, 'outside')
        for (const pair of truth) note(pair, true, untilMs, 'outside')
      }
      fromMs = untilMs
    }
    return found
  }
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
      const first = days.find(({ isWhole }) => isWhole) ?? newest
      const recordsFromMs = readingAt(first.day)
      return { asOfMs, readToMs: asOfMs, recordsFromMs, isWhole: newest.isWhole, counts }
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
    origins: async () => new Map(),
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
