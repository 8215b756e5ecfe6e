/**
 * The rules of a list, each as a switch. `LIST_DESIGN` is how lists are built (lib/changes/carry-out/lists); a mutation turns
 * one switch, and a test shows which promise then breaks.
 */
export interface ListDesign {
  /** A part begins by the same write that notes it in its list, on condition of the list as it was seen. */
  readonly isBegunByOneWrite: boolean
  /** A part's id follows from its list and its number, so that there is one of it however often it is begun. */
  readonly isOneOfEach: boolean
  /** What became of a part is counted only where it is open in the list. */
  readonly isCountedOnce: boolean
  /** The list's record is written on condition of the version that was read. */
  readonly isFenced: boolean
  /** A part that is to be looked at a second time has not come to rest. */
  readonly isLookWaitedFor: boolean
  /** The list ends only when all parts that have begun have come to rest. */
  readonly isRestWaitedFor: boolean
  /** No part begins of a list that is called off. */
  readonly isStopHeeded: boolean
  /** No part begins of a list that is paused. */
  readonly isPauseHeeded: boolean
  /** A paused list asks for no turn. */
  readonly isPausedLeftAlone: boolean
  /** What came of open parts is gathered by the tick, of a paused list too. */
  readonly isGatheredByTick: boolean
  /** A paused list that is called off ends, with nobody resuming it. */
  readonly isPausedEnded: boolean
  /** The tick asks for a turn whose message was lost. */
  readonly hasTick: boolean
  /** A conflict stops the list as its part begins, and not only when the part has come to rest. */
  readonly isConflictSeenAtOnce: boolean
}

export const LIST_DESIGN: ListDesign = {
  isBegunByOneWrite: true,
  isOneOfEach: true,
  isCountedOnce: true,
  isFenced: true,
  isLookWaitedFor: true,
  isRestWaitedFor: true,
  isStopHeeded: true,
  isPauseHeeded: true,
  isPausedLeftAlone: true,
  isGatheredByTick: true,
  isPausedEnded: true,
  hasTick: true,
  isConflictSeenAtOnce: true,
}

/** How a part can come out. `look`: seen as applied, to be looked at once more. `conflict`: as nobody had planned it. */
export type Ending = 'applied' | 'refused' | 'held' | 'superseded' | 'attention' | 'look'

/** How unkind the world is to a list of two parts. */
export interface ListScenario {
  readonly title: string
  readonly endings: readonly Ending[]
  /** Processes that end at any step. */
  readonly crashes: number
  /** Messages that the queue loses, and that it delivers twice. */
  readonly losses: number
  readonly doubles: number
  /** What people decide, at any moment. */
  readonly pauses: number
  readonly resumes: number
  readonly cancels: number
  /** Times that its approval may lapse, while nothing of it has begun. */
  readonly lapses: number
  /** Whether a part may be as nobody had planned it; the list is to stop then. */
  readonly hasConflict: boolean
}

const calm = {
  endings: ['applied'],
  crashes: 0,
  losses: 0,
  doubles: 0,
  pauses: 0,
  resumes: 0,
  cancels: 0,
  lapses: 0,
  hasConflict: false,
} as const

export const LIST_SCENARIOS = {
  listOfCrashes: {
    ...calm,
    title: 'a list whose processes end at any step, whose messages come twice or never',
    endings: ['applied', 'refused'],
    crashes: 2,
    losses: 1,
    doubles: 1,
  },
  listDecided: {
    ...calm,
    title:
      'a list that is paused, resumed and called off, or lapses, while its processes end and its messages come twice',
    lapses: 1,
    crashes: 1,
    doubles: 1,
    pauses: 1,
    resumes: 1,
    cancels: 1,
  },
  listLeftOpen: {
    ...calm,
    title:
      'a list whose parts are left open, looked at a second time, or need a person, and that is paused and called off',
    endings: ['applied', 'look', 'attention'],
    crashes: 1,
    pauses: 1,
    cancels: 1,
  },
  listOfEndings: {
    ...calm,
    title: 'a list whose parts come out in every way there is, and that is paused or called off',
    endings: ['applied', 'refused', 'held', 'superseded'],
    pauses: 1,
    cancels: 1,
  },
  listInConflict: {
    ...calm,
    title: 'a list that is to stop at a conflict, its processes ending and its messages coming twice',
    crashes: 1,
    doubles: 1,
    hasConflict: true,
  },
} as const satisfies Record<string, ListScenario>

/** The rules under test in the world they are tested in. */
export interface ListSetting {
  readonly design: ListDesign
  readonly scenario: ListScenario
}
