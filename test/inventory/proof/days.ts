/** Days of an org as they may come: what is changed through the gateway and outside of it, and how the night's reading goes. */
import fc from 'fast-check'

/** Licenses that are given and taken; others stay as they are. */
export const LICENSES = ['cloudCX3', 'wallboardUser', 'agentAssistLicense', 'cxCloudSN'] as const
export type License = (typeof LICENSES)[number]

/** People, by their place in the org, of whom some share a page and others do not. */
export const PEOPLE = [0, 1, 2, 3, 99, 100, 101, 150, 199, 200, 229] as const

export type DayEvent =
  /** Asked of the gateway, once or again with the same key. */
  | {
      readonly kind: 'change'
      readonly person: number
      readonly license: License
      readonly isGiven: boolean
      readonly times: number
    }
  /** Done in Genesys itself. */
  | {
      readonly kind: 'outside'
      readonly person: number
      readonly license: License
      readonly isGiven: boolean
    }
  /** Somebody is deleted, or found in no listing any more. */
  | { readonly kind: 'leaves'; readonly person: number; readonly to: 'deleted' | 'vanished' }

/**
 * `whole`: read to its end. `cut`: whoever reads dies at one of its calls, and nobody comes until the next night. `half`: a
 * page is never answered that night. `storm`: Genesys refuses requests for minutes on end, and then answers. `slip`: somebody
 * is in no listing while it is read, as one is who moves from one page to another, and was there all along.
 */
export type Night =
  | { readonly kind: 'whole' | 'half' | 'storm' }
  | { readonly kind: 'cut'; readonly atCall: number }
  | { readonly kind: 'slip'; readonly person: number }

export interface Day {
  /** In this order, hours apart. */
  readonly events: readonly DayEvent[]
  readonly night: Night
}

const person = fc.constantFrom(...PEOPLE)
const license = fc.constantFrom(...LICENSES)

const dayEvent: fc.Arbitrary<DayEvent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      ...{ person, license, isGiven: fc.boolean() },
      times: fc.constantFrom(1, 1, 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('outside' as const), person, license, isGiven: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('leaves' as const),
      person: fc.constantFrom(...PEOPLE.slice(-3)),
      to: fc.constantFrom('deleted' as const, 'vanished' as const),
    }),
  },
)

/** Some one in twenty is cut off or half read. */
const night: fc.Arbitrary<Night> = fc.oneof(
  { weight: 38, arbitrary: fc.constant<Night>({ kind: 'whole' }) },
  { weight: 1, arbitrary: fc.constant<Night>({ kind: 'half' }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), atCall: fc.integer({ min: 1, max: 30 }) }),
  },
)

/** @param count of days, one storm and one slip among them. */
export function daysOf(count: number): fc.Arbitrary<readonly Day[]> {
  const day: fc.Arbitrary<Day> = fc.record({ events: fc.array(dayEvent, { maxLength: 5 }), night })
  return fc
    .tuple(
      fc.array(day, { minLength: count, maxLength: count }),
      fc.nat({ max: count - 1 }),
      fc.nat({ max: count - 2 }),
      // One of those who never leave, who has something to lose by it.
      fc.constantFrom(...PEOPLE.slice(0, -3)),
    )
    .map(([days, storm, place, slipping]) => {
      const slip = place === storm ? (place + 1) % count : place
      return days.map((each, n): Day => {
        if (n === slip) return { ...each, night: { kind: 'slip', person: slipping } }
        return n === storm ? { ...each, night: { kind: 'storm' } } : each
      })
    })
}
