/** Reports of periods as a test needs them: made up, and the same each time. */
import type { LicenseDay, LicensePeriod, PeriodReport, PersonBehind } from '../../../lib/seats/seats-port.ts'

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

/** Charges of every kind that count for no license, with names as long as Genesys's. */
export function chargesReport(): PeriodReport {
  return report({
    licenses: [license('cloudCX3', { held: 3 })],
    unmapped: [
      { charge: 'Genesys Cloud CX 1 WEM Add-on II Named', prepaid: 10, billed: 8 },
      { charge: 'Genesys Predictive Engagement Named', prepaid: 10, isShared: true },
      { charge: 'Genesys Cloud Wallboard User Named', isUsage: true, billed: 19 },
      { charge: 'Genesys Cloud API Requests', prepaid: 0, billed: 812_345 },
    ],
  })
}

/** The longest ids that Genesys has, figures in every column, and addresses of a usual length. */
export function longNamesReport(): PeriodReport {
  const billedAsOfMs = Date.parse('2026-11-27T04:00:00Z')
  return report({
    licenses: ['predictiveEngagementLicense', 'agentAssistOmniLicense', 'gc1WEMupgrade', 'gcSTAupgrade'].map(
      (licenseId) =>
        license(licenseId, {
          held: 1_253,
          seats: 1_250,
          contractSeats: 1_240,
          seatsFrom: 'orgFile',
          over: 3,
          overSince: '2026-11-24',
          billed: 1_231,
          billedAsOfMs,
          atStart: 1_238,
          most: { held: 1_254, day: '2026-11-27' },
          days: daysFrom('2026-11-01', 28, (index) => ({ held: 1_226 + index, isWhole: true, seats: 1_250 })),
          before: { most: 1_240, billed: 1_236 },
          people: [person(1, { email: 'viktor.kumar-ghosh@example.com', afterMs: billedAsOfMs })],
        }),
    ),
  })
}

/** Forty licenses over four hundred days, with nights without a reading. */
export function largeReport(): PeriodReport {
  const roll = dice(11)
  const licenses = Array.from({ length: 40 }, (_, index) => {
    const size = 3 ** (index % 9) + index
    const seats = index % 4 === 3 ? undefined : size + roll(6)
    let held = size
    const days = daysFrom('2025-10-25', 400, () => {
      held = Math.max(0, held + roll(5) - 2)
      return roll(30) === 0 ? { seats } : { held, isWhole: roll(40) > 0, seats }
    })
    const over = seats === undefined ? undefined : Math.max(0, held - seats)
    return license(`license${index}`, {
      held,
      seats,
      seatsFrom: seats === undefined ? 'none' : 'contract',
      over,
      atStart: size,
      most: { held: Math.max(...days.map((day) => day.held ?? 0)), day: '2026-03-04' },
      days,
      people: over ? Array.from({ length: Math.min(over, 8) }, (_none, each) => person(each)) : [],
    })
  })
  return report({
    id: 'bp-7',
    from: 'contract',
    start: '2025-10-25',
    end: '2026-11-28',
    status: 'closed',
    licenses,
  })
}

/** The first day of a period, before much is known. */
export function firstDayReport(): PeriodReport {
  const days = daysFrom('2026-11-28', 1, () => ({ held: 1, seats: 1, isWhole: false }))
  return report({
    isWhole: false,
    counting: undefined,
    licenses: [
      license('cloudCX1', { held: 1, seats: 1, seatsFrom: 'orgFile', over: 0, days }),
      license('communicate', { held: undefined }),
    ],
  })
}

/** Names that do what names should not, and names that are only rare. */
export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '&lt;b&gt; &amp; co',
  'عبد الله بن محمد',
  'Ana \u202egnissim',
  'line\nbreak\u0000nul\u2028end',
  '👩‍👩‍👧‍👦 Ana 🇩🇪',
  'x'.repeat(300),
  '=1+2',
  '\ud800 alone',
]

export function hostileReport(): PeriodReport {
  const days = daysFrom('2026-11-01', 3, () => ({ held: 2, seats: 1, isWhole: true }))
  return report({
    end: HOSTILE_NAMES[9] ?? '',
    licenses: HOSTILE_NAMES.map((name) =>
      license(name, {
        held: 2,
        seats: 1,
        seatsFrom: 'contract',
        over: 1,
        days,
        people: HOSTILE_NAMES.map((each, index) => person(index, { name: each, email: each })),
      }),
    ),
    unmapped: HOSTILE_NAMES.map((charge) => ({ charge })),
  })
}
