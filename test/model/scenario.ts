/** What is asked of the design, and how unkind the world is while it answers. */

/** One thing that somebody wants; each delivery of it carries the same key. */
export interface Intent {
  readonly desired: boolean
  /** How often the request, event or chat message arrives, the first time included. */
  readonly deliveries: number
  /** When it was asked for, as a place in time; it may arrive at any moment. */
  readonly askedAt: number
  /** Whether it is a plan that ends as NOOP where it holds already; else somebody confirms it. */
  readonly isPlan?: boolean
  /** Whether it is carried out as it is asked for: read first, then recorded, locked and permitted by one write. */
  readonly isDirect?: boolean
}

export interface Scenario {
  readonly title: string
  /**
   * `switches`: the legacy toggle, a POST turns the value over. `ignores`: the current toggle, always true, a POST
   * does nothing. `assigns`: one (license, user) pair, a POST carries the value and may be repeated.
   */
  readonly upstream: 'switches' | 'ignores' | 'assigns'
  /** The value before anybody asks. */
  readonly initial: boolean
  /** One or two intents, all on the same toggle or pair. */
  readonly intents: readonly Intent[]
  /** Crashes at any step, and ledger writes that are carried out while their answer is lost. */
  readonly crashes: number
  /** How often a person turns the value over in Genesys's own interface. */
  readonly foreignFlips: number
  /** Whether reads may show the former value for a while. */
  readonly hasStaleReads: boolean
  /** Whether the intents have a notAfter that may pass at any time. */
  readonly hasDeadline: boolean
  /** Whether a change that was refused is given back and tried again, as one that a person confirmed is. */
  readonly isPatient: boolean
  /** How often a person has the gateway look at what nobody knows the outcome of. */
  readonly settles: number
}

/** Unless a scenario says otherwise. */
const kind = {
  crashes: 1,
  foreignFlips: 0,
  hasStaleReads: false,
  hasDeadline: false,
  isPatient: false,
  settles: 0,
} as const

const on = (deliveries: number, askedAt = 0): Intent => ({ desired: true, deliveries, askedAt })
const off = (deliveries: number, askedAt = 0): Intent => ({ desired: false, deliveries, askedAt })

const directly = (intent: Intent): Intent => ({ ...intent, isDirect: true })

const legacyToggle = { ...kind, upstream: 'switches', initial: false } as const
const assignment = { ...kind, upstream: 'assigns', initial: false } as const

export const SCENARIOS = {
  duplicates: {
    ...legacyToggle,
    title: 'a legacy toggle, one intent delivered three times',
    intents: [on(3)],
    crashes: 3,
    hasDeadline: true,
  },
  patience: {
    ...legacyToggle,
    title: 'a legacy toggle that is given back when its POST is turned down',
    intents: [on(2)],
    crashes: 2,
    hasDeadline: true,
    isPatient: true,
  },
  patienceAndAnother: {
    ...legacyToggle,
    title: 'two opposite intents on a legacy toggle, each given back when its POST is turned down',
    intents: [on(1), off(1)],
    isPatient: true,
  },
  newerWish: {
    ...legacyToggle,
    title:
      'off is asked for after on, arrives when it will, and each is given back when its POST is turned down',
    intents: [on(1, 0), off(1, 1)],
    isPatient: true,
  },
  planOfWhatHolds: {
    ...legacyToggle,
    title: 'on is given back when its POST is turned down, and off is planned while it holds',
    intents: [on(1, 0), { ...off(1, 1), isPlan: true }],
    crashes: 0,
    hasStaleReads: true,
    isPatient: true,
  },
  settledByPerson: {
    ...legacyToggle,
    title: 'a legacy toggle whose outcome is lost, and a person who has it looked at',
    intents: [on(1)],
    foreignFlips: 1,
    settles: 2,
  },
  noEffect: {
    ...kind,
    title: 'a toggle on which a POST has no effect',
    upstream: 'ignores',
    initial: true,
    intents: [off(2)],
    crashes: 2,
  },
  person: {
    ...legacyToggle,
    title: 'a legacy toggle that a person switches meanwhile',
    intents: [on(2)],
    crashes: 2,
    foreignFlips: 1,
  },
  sameWish: {
    ...legacyToggle,
    title: 'two intents for the same value of a legacy toggle',
    intents: [on(1), on(1)],
  },
  oppositeWishAndPerson: {
    ...legacyToggle,
    title: 'two opposite intents on a legacy toggle that a person switches too',
    intents: [on(1), off(1)],
    crashes: 0,
    foreignFlips: 1,
  },
  staleToggle: {
    ...legacyToggle,
    title: 'two opposite intents on a legacy toggle whose readings may be stale',
    intents: [on(1), off(1)],
    hasStaleReads: true,
  },
  assignment: {
    ...assignment,
    title: 'one assignment delivered three times, readings may be stale',
    intents: [on(3)],
    crashes: 2,
    hasStaleReads: true,
  },
  assignmentAndPerson: {
    ...assignment,
    title: 'one assignment that a person makes or takes back too',
    intents: [on(2)],
    foreignFlips: 1,
  },
  giveAndTake: {
    ...assignment,
    title: 'a license given by one intent and taken by another',
    intents: [on(1), off(1)],
  },
  direct: {
    ...legacyToggle,
    title: 'a legacy toggle asked for directly, delivered three times',
    intents: [directly(on(3))],
    crashes: 3,
    hasDeadline: true,
  },
  directAndPerson: {
    ...legacyToggle,
    title: 'a legacy toggle asked for directly that a person switches meanwhile',
    intents: [directly(on(2))],
    crashes: 2,
    foreignFlips: 1,
  },
  directNewerWish: {
    ...legacyToggle,
    title: 'off is asked for after on, both directly, and each is given back when its POST is turned down',
    intents: [directly(on(1, 0)), directly(off(1, 1))],
    isPatient: true,
  },
  directBesideClaim: {
    ...legacyToggle,
    title: 'on is asked for directly, off is planned and claimed, and readings may be stale',
    intents: [directly(on(1)), off(1)],
    hasStaleReads: true,
  },
  directGiveAndTake: {
    ...assignment,
    title: 'a license given directly by one intent and taken directly by another, readings may be stale',
    intents: [directly(on(1)), directly(off(1))],
    hasStaleReads: true,
  },
} as const satisfies Record<string, Scenario>

/** Those that take 2 s of a core and more, and how many states each reaches at least: `npm run soak` explores them. */
export const LARGEST = {
  sameWish: 50_000,
  oppositeWishAndPerson: 50_000,
  giveAndTake: 75_000,
} as const satisfies Partial<Record<keyof typeof SCENARIOS, number>>
