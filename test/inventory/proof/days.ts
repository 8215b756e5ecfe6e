/** Days of an org as they may come: what is changed through the gateway and outside of it, and how the night's reading goes. */
import fc from 'fast-check'

/** Licenses that are given and taken; others stay as they are. */
export const LICENSES = ['cloudCX3', 'wallboardUser', 'agentAssistLicense', 'cxCloudSN'] as const
export type License = (typeof LICENSES)[number]

/** People by their place in the org, of whom some share a page and others do not: those who stay, and who comes and goes. */
const STAYING = [1, 2, 3, 99, 100, 101, 150, 199] as const
const MOVING = [0, 98, 200, 229] as const
export const PEOPLE = [...STAYING, ...MOVING]

/** Who is in no listing at first. */
export const NEWCOMERS = [50, 210] as const

export const isInStory = (person: number): boolean =>
  [...PEOPLE, ...NEWCOMERS].some((each) => each === person)

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
  /** Somebody is deleted or found in no listing any more, or comes, for the first time or again. */
  | { readonly kind: 'moves'; readonly person: number; readonly to: 'deleted' | 'vanished' | 'active' }

/**
 * `whole`: read to its end. `cut`: whoever reads dies at one of its calls, and the next minute takes it up, or nobody
 * comes until the next night. `half`: a page is never answered that night. `storm`: Genesys refuses requests for minutes
 * on end, and then answers. `slip`: somebody is in no listing while it is read, as one is who moves from one page to
 * another, and was there all along. `astir`: once Genesys has answered so many requests of it, some of that happens
 * which happens by day.
 */
export type Night =
  | { readonly kind: 'whole' | 'half' | 'storm' }
  | { readonly kind: 'cut'; readonly atCall: number; readonly isTakenUp: boolean }
  | { readonly kind: 'slip'; readonly person: number }
  | { readonly kind: 'astir'; readonly meanwhile: readonly Meanwhile[] }

export interface Meanwhile {
  readonly afterAnswer: number
  readonly events: readonly DayEvent[]
}

export interface Day {
  /** In this order, hours apart. */
  readonly events: readonly DayEvent[]
  readonly night: Night
}

const license = fc.constantFrom(...LICENSES)
const mover = fc.constantFrom(...MOVING, ...NEWCOMERS)
const person = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...STAYING) },
  { weight: 1, arbitrary: mover },
)

const change = fc.record({
  kind: fc.constant('change' as const),
  ...{ person, license, isGiven: fc.boolean() },
  times: fc.constantFrom(1, 1, 2),
})
const outside = fc.record({ kind: fc.constant('outside' as const), person, license, isGiven: fc.boolean() })
const move = (to: fc.Arbitrary<'deleted' | 'vanished' | 'active'>) =>
  fc.record({ kind: fc.constant('moves' as const), person: mover, to })

const dayEvent: fc.Arbitrary<DayEvent> = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 4, arbitrary: outside },
  { weight: 1, arbitrary: move(fc.constantFrom('deleted', 'vanished', 'active', 'active')) },
)

/** A reading of the org has three pages of licenses and three of the directory. */
const afterAnswer = fc.integer({ min: 1, max: 6 })

/** Of the pages of licenses, whose order it disturbs. */
const amongLicenses = fc.integer({ min: 1, max: 2 })

const astir = (meanwhile: fc.Arbitrary<Meanwhile>) =>
  fc.record({
    kind: fc.constant('astir' as const),
    meanwhile: fc.array(meanwhile, { minLength: 1, maxLength: 2 }),
  })

/** Some one in twenty is cut off or half read, and some one in twenty is astir. */
const night: fc.Arbitrary<Night> = fc.oneof(
  { weight: 36, arbitrary: fc.constant<Night>({ kind: 'whole' }) },
  { weight: 1, arbitrary: fc.constant<Night>({ kind: 'half' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      atCall: fc.integer({ min: 1, max: 60 }),
      isTakenUp: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: astir(fc.record({ afterAnswer, events: fc.array(dayEvent, { minLength: 1, maxLength: 3 }) })),
  },
)

/** What is in each story, however the dice fall: each on a night of its own. */
const certain: readonly fc.Arbitrary<Night>[] = [
  fc.constant<Night>({ kind: 'half' }),
  fc.constant<Night>({ kind: 'storm' }),
  // Somebody who has something to lose by it.
  fc.record({ kind: fc.constant('slip' as const), person: fc.constantFrom(...STAYING) }),
  astir(fc.record({ afterAnswer: amongLicenses, events: fc.tuple(move(fc.constant('vanished'))) })),
  astir(fc.record({ afterAnswer: amongLicenses, events: fc.tuple(move(fc.constant('active'))) })),
  // As many go as come, which no total shows.
  astir(
    fc.record({
      afterAnswer: amongLicenses,
      events: fc.tuple(move(fc.constant('vanished')), move(fc.constant('active'))),
    }),
  ),
  astir(fc.record({ afterAnswer: amongLicenses, events: fc.tuple(change, outside) })),
]

/** @param count of days, more than there are certain nights. */
export function daysOf(count: number): fc.Arbitrary<readonly Day[]> {
  const day: fc.Arbitrary<Day> = fc.record({ events: fc.array(dayEvent, { maxLength: 5 }), night })
  const places = Array.from({ length: count }, (_, n) => n)
  return fc
    .tuple(
      fc.array(day, { minLength: count, maxLength: count }),
      fc.tuple(...certain),
      fc.shuffledSubarray(places, { minLength: certain.length, maxLength: certain.length }),
    )
    .map(([days, nights, at]) => {
      const nightOn = new Map(at.map((place, n) => [place, nights[n]]))
      return days.map((each, n): Day => ({ ...each, night: nightOn.get(n) ?? each.night }))
    })
}
