/** Reports of periods as a test needs them: made up, and the same each time. */
import type { LicenseDay, LicensePeriod, PeriodReport, PersonBehind } from '../../../lib/seats/port.ts'

const DAY_MS = 86_400_000

export function daysFrom(
  first: string,
  count: number,
  dayOf: (index: number) => Omit<LicenseDay, 'day'>,
): LicenseDay[] {
  const firstMs = Date.parse(`${first}T00:00:00Z`)
  return Array.from({ length: count }, (_, index) => ({
    day: new Date(firstMs + index * DAY_MS).toISOString().slice(0, 10),
    ...dayOf(index),
  }))
}

export function person(index: number, more: Partial<PersonBehind> = {}): PersonBehind {
  return {
    userId: `7c2a1d64-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: `Person ${index}`,
    email: `person${index}@example.com`,
    sinceMs: Date.parse('2026-11-26T09:14:00Z') - index * 3_600_000,
    by: 'outside',
    ...more,
  }
}

export function license(licenseId: string, more: Partial<LicensePeriod> = {}): LicensePeriod {
  return {
    licenseId,
    held: 0,
    seatsFrom: 'none',
    given: 0,
    taken: 0,
    changedOutside: 0,
    people: [],
    days: [],
    ...more,
  }
}

export function report(more: Partial<PeriodReport> = {}): PeriodReport {
  return {
    id: '2026-11',
    from: 'calendar',
    start: '2026-11-01',
    end: '2026-11-30',
    status: 'open',
    asOfMs: Date.parse('2026-11-28T02:10:00Z'),
    isWhole: true,
    counting: 'named',
    licenses: [],
    unmapped: [],
    ...more,
  }
}

/** Another number below a bound each time it is asked, from the seed on. */
export function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** What an organization may meet in one month: over, well within, untold, added on the way, nights without a reading. */
export function fullReport(): PeriodReport {
  const roll = dice(7)
  const change = { changeId: 'chg_0191f2f0a4c97d3e8a11' }
  const climbing = daysFrom('2026-11-01', 28, (index) => {
    if (index === 9 || index === 10) return { seats: 250 }
    const held = 238 + Math.floor(index * 0.55) + roll(2)
    return { held: index === 27 ? 253 : held, isWhole: index !== 17, seats: 250 }
  })
  return report({
    from: 'contract',
    id: 'bp-2026-11',
    start: '2026-11-01T00:00:00.000Z',
    end: '2026-12-01T00:00:00.000Z',
    previousId: 'bp-2026-10',
    licenses: [
      license('cloudCX3', {
        held: 253,
        unknown: 2,
        seats: 250,
        seatsFrom: 'contract',
        over: 3,
        overSince: '2026-11-24',
        billed: 231,
        billedAsOfMs: Date.parse('2026-11-27T04:00:00Z'),
        atStart: 238,
        most: { held: 254, day: '2026-11-27' },
        given: 21,
        taken: 6,
        changedOutside: 2,
        days: climbing,
        people: [
          person(1, { name: 'Ana Example', by: change }),
          person(2, { name: 'Ben Example', by: change }),
          person(3, { name: undefined, email: undefined }),
          person(4, { by: 'before records' }),
        ],
        before: { most: 240, billed: 236 },
      }),
      license('cloudCX1', {
        held: 80,
        seats: 120,
        seatsFrom: 'orgFile',
        over: 0,
        atStart: 79,
        most: { held: 82, day: '2026-11-09' },
        given: 3,
        taken: 2,
        days: daysFrom('2026-11-01', 28, () => ({ held: 78 + roll(4), isWhole: true, seats: 120 })),
        before: { most: 81 },
      }),
      license('gcSTAupgrade', {
        held: 12,
        days: daysFrom('2026-11-20', 9, (index) => ({ held: 4 + index, isWhole: true })),
      }),
      license('wallboardUser', { held: 1_204, given: 4 }),
    ],
    unmapped: [
      { charge: 'Genesys Cloud Voice Inbound', prepaid: 100, billed: 88 },
      { charge: 'Fair use & overage <of API calls>' },
    ],
  })
}
