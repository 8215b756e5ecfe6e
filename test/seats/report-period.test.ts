/** Reports of periods held against random histories, worked out by other means. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { paidRecordAfter } from '../../lib/seats/paid-record.ts'
import { seatsFrom } from '../../lib/seats/seats.ts'
import type { PeriodReport } from '../../lib/seats/seats-port.ts'
import { utcDayOf } from '../../lib/utc-day.ts'
import { memoryRecords, recordsOf } from '../support/seats/kept-billing.ts'
import {
  type Happening,
  type History,
  heldAt,
  readingAt,
  recordedInventory,
  truthAt,
} from '../support/seats/recorded-inventory.ts'

const DAY_MS = 86_400_000
const FIRST_DAY = Date.parse('2026-10-20T00:00:00Z')
const NOW = Date.parse('2026-11-19T20:00:00Z')
const LICENSE = 'cloudCX3'
const SEATS = 4
const users = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7']

const contractPeriods = [
  {
    id: 'p2',
    contractId: 'c',
    start: '2026-11-10',
    end: '2026-12-09',
    charges: [{ name: 'CX 3', prepaid: SEATS, actual: 3 }],
  },
  {
    id: 'p1',
    contractId: 'c',
    start: '2026-10-10',
    end: '2026-11-09',
    charges: [{ name: 'CX 3', prepaid: SEATS, actual: 2 }],
  },
]

/** Who holds it changes at times that no reading is made at; who has it is not given it once more. */
const histories = fc
  .record({
    first: fc.subarray(users),
    steps: fc.array(
      fc.record({
        hour: fc.integer({ min: 1, max: 30 * 24 + 7 }),
        user: fc.constantFrom(...users),
        isOutside: fc.boolean(),
      }),
      { maxLength: 40 },
    ),
    days: fc.array(fc.constantFrom('whole', 'whole', 'whole', 'half', 'none'), {
      minLength: 30,
      maxLength: 30,
    }),
  })
  .map(({ first, steps, days }): History => {
    const held = new Set(first)
    const happenings = steps
      .sort((a, b) => a.hour - b.hour)
      .map(({ hour, user, isOutside }, index): Happening => {
        const isGiven = !held.has(user)
        if (isGiven) held.add(user)
        else held.delete(user)
        // Half past, and each at a time of its own.
        const atMs = FIRST_DAY + hour * 3_600_000 + 1_800_000 + index
        return {
          atMs,
          userId: user,
          licenseId: LICENSE,
          isGiven,
          by: isOutside ? 'outside' : { changeId: `c${index}` },
        }
      })
      .filter(({ atMs }) => atMs < NOW)
    const read = days.flatMap((how, index) =>
      how === 'none' ? [] : [{ day: utcDayOf(FIRST_DAY + index * DAY_MS), isWhole: how === 'whole' }],
    )
    const today = { day: utcDayOf(NOW), isWhole: true }
    return { first: first.map((user) => `${LICENSE} ${user}`), happenings, days: [...read, today] }
  })

/** Nothing of what was done outside since the last reading is known. */
function known(history: History): History {
  const seenMs = readingAt(utcDayOf(NOW))
  return {
    ...history,
    happenings: history.happenings.filter(({ by, atMs }) => by !== 'outside' || atMs <= seenMs),
  }
}

function expectTrue(history: History, report: PeriodReport, [from, to]: readonly [string, string]) {
  const [license] = report.licenses
  if (!license) throw new Error('the license is not told')
  const wholeDays = history.days.filter(({ day, isWhole }) => isWhole && day >= from && day <= to)
  for (const { day, held, isWhole, seats } of license.days) {
    expect(seats).toBe(SEATS)
    const read = history.days.find((each) => each.day === day)
    if (!read) expect(held).toBeUndefined()
    else if (day < utcDayOf(NOW)) {
      expect(isWhole).toBe(read.isWhole)
      if (isWhole) expect(held).toBe(heldAt(history, LICENSE, readingAt(day)))
    }
  }
  const counted = wholeDays.map(({ day }) => heldAt(history, LICENSE, readingAt(day)))
  const all = report.status === 'open' ? [...counted, heldAt(known(history), LICENSE, NOW)] : counted
  expect(license.most?.held).toBe(all.length === 0 ? undefined : Math.max(...all))
  expect(license.held).toBe(all.at(-1))
  expect(license.over).toBe(license.held === undefined ? undefined : Math.max(0, license.held - SEATS))
  return license
}

it('a report is true of any history: counts, the most, what was given and by whom, and since when it is too many', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const records = await recordsOf(NOW, contractPeriods)
      const policy = { licenses: { [LICENSE]: { charges: ['CX 3'] } } }
      const clock = { nowMs: () => NOW }
      const inventory = recordedInventory(history, clock.nowMs)
      const seats = seatsFrom({ inventory, records, policy, clock })
      const report = await seats.report('current')
      const license = expectTrue(history, report, ['2026-11-10', '2026-11-19'])
      expect(report).toMatchObject({ id: 'p2', isWhole: true, previousId: 'p1' })
      expect(license).toMatchObject({ seats: SEATS, seatsFrom: 'contract', billed: 3 })

      const moves = { given: 0, taken: 0, changedOutside: 0 }
      for await (const { by, isGiven } of inventory.differences(Date.parse('2026-11-10'), NOW + 1)) {
        moves[by === 'outside' ? 'changedOutside' : isGiven ? 'given' : 'taken'] += 1
      }
      expect(license).toMatchObject(moves)

      const wholeCounts = history.days.flatMap(({ day, isWhole }) =>
        isWhole ? [{ day, held: heldAt(history, LICENSE, readingAt(day)) }] : [],
      )
      if (license.over) {
        const { overSince = '' } = license
        const within = wholeCounts.findLast(({ held }) => held <= SEATS)
        for (const { day, held } of wholeCounts) if (day > overSince) expect(held).toBeGreaterThan(SEATS)
        if (within) expect(overSince >= within.day).toBe(true)
        const sinceMs = within ? readingAt(within.day) : 0
        const holders = truthAt(known(history), NOW)
        for (const { userId } of license.people) {
          expect(holders.has(`${LICENSE} ${userId}`)).toBe(true)
          expect(
            history.happenings.some(
              (each) => each.userId === userId && each.isGiven && each.atMs > sinceMs - 40 * DAY_MS,
            ),
          ).toBe(true)
        }
        expect(license.isOverFromFirst).toBe(within ? undefined : true)
        expect((license.heldFromFirst ?? 0) + (within ? 0 : license.people.length)).toBe(
          within ? 0 : license.held,
        )
        // Enough of them to explain it, where the count was within the seats on record.
        if (within) expect(license.people.length).toBeGreaterThanOrEqual(license.over)
      } else {
        expect(license.overSince).toBeUndefined()
        expect(license.people).toEqual([])
      }
      const closed = expectTrue(history, await seats.report('p1'), ['2026-10-10', '2026-11-09'])
      expect(closed.billed).toBe(2)
    }),
    { numRuns: 150, seed: 13 },
  )
})

/** From which day on so many seats count; the last of a day does. */
const seatsByDay = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 7 })), { maxLength: 4 })
  .map((changes) => new Map([[0, SEATS], ...changes.sort(([a], [b]) => a - b)] as const))

it('each day is weighed by the seats of its own day, however often they change', async () => {
  await fc.assert(
    fc.asyncProperty(histories, seatsByDay, async (history, changes) => {
      const seatsOn = (day: string) =>
        [...changes].findLast(([index]) => utcDayOf(FIRST_DAY + index * DAY_MS) <= day)?.[1] ?? SEATS
      const records = memoryRecords()
      for (const [index, seats] of changes) {
        const seen = await records.paid()
        const told = [{ licenseId: LICENSE, seats, seatsFrom: 'orgFile' as const }]
        const next = paidRecordAfter(seen, utcDayOf(FIRST_DAY + index * DAY_MS), told)
        if (next) await records.putPaid(next, seen)
      }
      const today = utcDayOf(NOW)
      const policy = { licenses: { [LICENSE]: { seats: seatsOn(today) } } }
      const clock = { nowMs: () => NOW }
      const inventory = recordedInventory(history, clock.nowMs)
      const { licenses } = await seatsFrom({ inventory, records, policy, clock }).report('current')
      const [license] = licenses
      if (license?.held === undefined) throw new Error('the license is not told')
      for (const { day, seats } of license.days) expect(seats).toBe(seatsOn(day))

      const wholeCounts = history.days
        .filter(({ isWhole }) => isWhole)
        .map(({ day }) => ({ day, held: heldAt(history, LICENSE, readingAt(day)) }))
      const now = { day: today, held: license.held }
      const overs = [...wholeCounts, now]
        .filter(({ day }) => day >= '2026-11-01')
        .map(({ day, held }) => ({ day, over: Math.max(0, held - seatsOn(day)) }))
      const most = Math.max(...overs.map(({ over }) => over))
      expect(license.mostOver).toEqual(most === 0 ? undefined : overs.find(({ over }) => over === most))
      if (!license.over) {
        expect(license.overSince).toBeUndefined()
        return
      }
      const { overSince = '' } = license
      for (const { day, held } of wholeCounts) if (day > overSince) expect(held).toBeGreaterThan(seatsOn(day))
      const within = wholeCounts.findLast(({ day, held }) => held <= seatsOn(day))
      expect(license.isOverFromFirst).toBe(within ? undefined : true)
      if (within) expect(overSince >= within.day).toBe(true)
    }),
    { numRuns: 150, seed: 21 },
  )
})
