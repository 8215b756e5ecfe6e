/**
 * A change's states and the arrows between them, declared once: whatever moves a header, the model in test/model, and the
 * table and the diagram in the documentation read them from here.
 */

/**
 * Where a change stands. `APPLIED` may still turn into `NEEDS_ATTENTION` while a second look is due, and a person may
 * settle `NEEDS_ATTENTION`; no other final state ever changes.
 */
export const changeStates = [
  'PLANNING',
  'INVALID',
  'PLANNED',
  'AWAITING_APPROVAL',
  'APPROVED',
  'CLAIMED',
  'SENT',
  'UNKNOWN',
  'RUNNING',
  'PAUSED',
  'APPLIED',
  'PARTIAL',
  'NO_EFFECT',
  'FAILED',
  'NEEDS_ATTENTION',
  'NOOP',
  'REJECTED',
  'EXPIRED',
  'CANCELLED',
  'SUPERSEDED',
] as const
export type ChangeState = (typeof changeStates)[number]

/** Ends where something was seen as applied, or may have been: there may be something to take back. */
export const undoableStates: readonly ChangeState[] = ['APPLIED', 'PARTIAL', 'NEEDS_ATTENTION']

/** States in which nothing has been sent and nobody is at work: what may still be decided, claimed or called off. */
export const waitingStates: readonly ChangeState[] = ['PLANNED', 'AWAITING_APPROVAL', 'APPROVED']

/** States in which a change holds the locks on its targets (the second look aside). */
export const runningStates: readonly ChangeState[] = ['CLAIMED', 'SENT', 'UNKNOWN']

/** What was sent, and nobody knows what came of it, until somebody looks. */
export const unclearStates: readonly ChangeState[] = ['UNKNOWN', 'NEEDS_ATTENTION']

/** States in which the parts of a list are carried out, or wait for somebody to resume them. It holds no locks of its own. */
export const listStates: readonly ChangeState[] = ['RUNNING', 'PAUSED']

/** Ends of what came to nothing before it began: what it was a retry of may be asked for again then. */
export const neverBegunStates: readonly ChangeState[] = ['CANCELLED', 'EXPIRED', 'INVALID', 'REJECTED']

/** What is not at its end. */
export const openStates: readonly ChangeState[] = [
  'PLANNING',
  ...waitingStates,
  ...runningStates,
  ...listStates,
]

export function isSettled(state: ChangeState): boolean {
  return !openStates.includes(state)
}

/**
 * What a header carries wherever it is in a state: what guards it. The header's type follows from this, a move that
 * leaves one out is refused, and so is a record that lacks one.
 */
export const carriedIn = {
  AWAITING_APPROVAL: ['approval'],
  /** The fencing token, and until when its holder is waited for. */
  CLAIMED: ['owner', 'leaseUntilMs'],
  /** The permit's token, when it was given, and until when what was sent under it may land. */
  SENT: ['owner', 'sentAtMs', 'quietUntilMs'],
  UNKNOWN: ['owner', 'sentAtMs', 'quietUntilMs'],
  NEEDS_ATTENTION: ['sentAtMs', 'quietUntilMs'],
  RUNNING: ['list'],
  PAUSED: ['list'],
  PLANNING: ['planning'],
} as const satisfies Partial<Record<ChangeState, readonly string[]>>

/** Members that mean something in these states alone: a move to any other takes them off. */
const boundTo = {
  leaseUntilMs: ['CLAIMED'],
  lookDueAtMs: ['APPLIED', 'PARTIAL'],
  /** Kept where it has ended without a plan: it says what was asked for. */
  planning: ['PLANNING', 'INVALID', 'FAILED', 'CANCELLED', 'EXPIRED'],
  retryAtMs: ['PLANNED', 'APPROVED'],
} as const satisfies Readonly<Record<string, readonly ChangeState[]>>

/**
 * Who takes an arrow.
 *
 * `planner`: whoever makes the change. `person`: somebody decides. `worker`: any invocation, of what nobody is at.
 * `owner`: the invocation whose fencing token the header carries, under its lease or its permit. `clock`: any
 * invocation, once a time has passed (an end, a lease, a quiet period).
 */
export type Mover = 'planner' | 'person' | 'worker' | 'owner' | 'clock'

export interface Arrow {
  /** Undefined for what is made in the state. */
  readonly from: ChangeState | undefined
  readonly to: ChangeState
  readonly as: Mover
  /** When it is taken, in the words of the documentation. */
  readonly when: string
  /** What the header carries afterwards beside what it carries in that state anyhow. */
  readonly carries: readonly string[]
}

function* arrowsOf(
  from: ChangeState | readonly (ChangeState | undefined)[],
  to: ChangeState | readonly ChangeState[],
  as: Mover,
  when: string,
  carries: readonly string[] = [],
): Generator<Arrow> {
  for (const one of [from].flat())
    for (const other of [to].flat()) yield { from: one, to: other, as, when, carries }
}

const GIVEN_BACK = 'nothing was applied, what failed it passes, and its time is not up: it is tried again'

const LIST_ENDED = 'all parts of the list that were begun have settled, and no other is to begin'

function allArrows(): Arrow[] {
  return [
    ...arrowsOf([undefined], 'PLANNED', 'planner', 'it is planned, or asked for'),
    ...arrowsOf(
      [undefined],
      'AWAITING_APPROVAL',
      'planner',
      'it is asked for, and the rules ask for a second person',
    ),
    ...arrowsOf(
      [undefined],
      'NOOP',
      'planner',
      'its plan finds everything as desired, and no change at its targets',
    ),
    ...arrowsOf([undefined], 'EXPIRED', 'planner', 'it arrives too late'),
    ...arrowsOf(
      [undefined],
      'SENT',
      'planner',
      'it is asked for directly, something is unlike desired, and no change is at its targets: one write is permitted, then sent',
    ),

    ...arrowsOf([undefined], 'PLANNING', 'planner', 'it is a list that takes a fresh reading to be planned'),

    ...arrowsOf('PLANNING', ['PLANNED', 'NOOP'], 'worker', 'a turn has planned the list'),
    ...arrowsOf(
      'PLANNING',
      'AWAITING_APPROVAL',
      'worker',
      'a turn has planned it, and the rules ask for a second person',
    ),
    ...arrowsOf('PLANNING', ['INVALID', 'FAILED'], 'worker', 'rows of it are bad, or the rules refuse it', [
      'failure',
    ]),
    ...arrowsOf('PLANNING', 'CANCELLED', 'person', 'somebody calls it off'),
    ...arrowsOf('PLANNING', 'EXPIRED', 'clock', 'its time is up, or no reading could be had in time'),

    ...arrowsOf('PLANNED', 'PLANNED', 'person', 'somebody applies the plan'),
    ...arrowsOf(
      'PLANNED',
      'AWAITING_APPROVAL',
      'person',
      'somebody applies it, and the rules ask for a second person',
    ),
    ...arrowsOf('AWAITING_APPROVAL', 'APPROVED', 'person', 'a second person approves it'),
    ...arrowsOf('AWAITING_APPROVAL', 'REJECTED', 'person', 'a second person rejects it'),
    ...arrowsOf(['PLANNED', 'AWAITING_APPROVAL', 'APPROVED'], 'CANCELLED', 'person', 'somebody calls it off'),
    ...arrowsOf(
      ['PLANNED', 'AWAITING_APPROVAL', 'APPROVED'],
      'EXPIRED',
      'clock',
      'its time is up, and nothing was sent',
    ),
    ...arrowsOf('CLAIMED', 'EXPIRED', 'clock', 'its time is up, its claim has lapsed, and nothing was sent'),

    ...arrowsOf(['PLANNED', 'APPROVED'], 'CLAIMED', 'worker', 'its time has come'),
    ...arrowsOf('CLAIMED', 'CLAIMED', 'clock', 'its claim has lapsed, and another takes it over'),
    ...arrowsOf(
      'PLANNED',
      'CANCELLED',
      'worker',
      'it is a planned revert that was called off or moved at its original',
    ),
    ...arrowsOf('APPROVED', 'APPLIED', 'worker', 'it calls a planned revert off or moves it, and has'),
    ...arrowsOf(
      'APPROVED',
      'SUPERSEDED',
      'worker',
      'it calls a planned revert off or moves it, and there is none any more',
    ),

    ...arrowsOf('CLAIMED', 'SENT', 'owner', 'something is unlike desired: one write is permitted, then sent'),
    ...arrowsOf('CLAIMED', 'NOOP', 'owner', 'everything is as desired already'),
    ...arrowsOf('CLAIMED', 'SUPERSEDED', 'owner', 'a newer change, or somebody, has decided about it since'),
    ...arrowsOf('CLAIMED', ['PLANNED', 'APPROVED'], 'owner', GIVEN_BACK, ['failure', 'retryAtMs']),
    ...arrowsOf('CLAIMED', 'FAILED', 'owner', 'it could not be sent', ['failure']),

    ...arrowsOf('SENT', ['APPLIED', 'PARTIAL'], 'owner', 'read back as desired, all of it or some'),
    ...arrowsOf('SENT', 'NO_EFFECT', 'owner', 'Genesys answered and switched nothing'),
    ...arrowsOf('SENT', ['PLANNED', 'APPROVED'], 'owner', GIVEN_BACK, ['failure', 'retryAtMs']),
    ...arrowsOf('SENT', 'FAILED', 'owner', 'Genesys refused it, or none of it was applied', ['failure']),
    ...arrowsOf('SENT', 'UNKNOWN', 'owner', 'no clear answer, and not seen as desired yet'),
    ...arrowsOf(
      'SENT',
      'NEEDS_ATTENTION',
      'owner',
      'it switched off what somebody had switched on just before',
    ),

    ...arrowsOf(
      ['SENT', 'UNKNOWN'],
      ['APPLIED', 'PARTIAL'],
      'clock',
      'read back as desired when nothing can land any more',
    ),
    ...arrowsOf(
      ['SENT', 'UNKNOWN'],
      'SENT',
      'clock',
      'not as desired then: an assignment is permitted once more',
    ),
    ...arrowsOf(
      ['SENT', 'UNKNOWN'],
      'NEEDS_ATTENTION',
      'clock',
      'not as desired then, or not to be read for too long',
    ),
    ...arrowsOf(
      ['APPLIED', 'PARTIAL'],
      'NEEDS_ATTENTION',
      'clock',
      'the second look does not see it, or cannot be had',
    ),

    ...arrowsOf(
      ['UNKNOWN', 'NEEDS_ATTENTION'],
      ['APPLIED', 'PARTIAL'],
      'person',
      'looked at: it reads as desired, all of it or some',
    ),
    ...arrowsOf(
      ['UNKNOWN', 'NEEDS_ATTENTION'],
      'FAILED',
      'person',
      'looked at: it does not read as desired',
      ['failure'],
    ),

    ...arrowsOf(['PLANNED', 'APPROVED'], 'RUNNING', 'worker', 'it is a list, and its time has come'),
    ...arrowsOf('RUNNING', 'PAUSED', 'person', 'somebody pauses the list'),
    ...arrowsOf('PAUSED', 'RUNNING', 'person', 'somebody resumes the list'),
    ...arrowsOf(
      listStates,
      'EXPIRED',
      'clock',
      'it was approved, and no part of it had begun when that approval lapsed',
    ),
    ...arrowsOf(listStates, ['APPLIED', 'NOOP', 'SUPERSEDED'], 'worker', LIST_ENDED),
    ...arrowsOf(listStates, ['PARTIAL', 'FAILED'], 'worker', LIST_ENDED, ['failure']),
    ...arrowsOf(listStates, 'NEEDS_ATTENTION', 'worker', 'a part of the list needs a person to look'),
    ...arrowsOf(
      listStates,
      'CANCELLED',
      'worker',
      'somebody called the list off before anything of it was applied',
    ),
  ]
}

/** Made by a call that bundlers may leave out: what reads no arrow carries none of their words. */
export const arrows: readonly Arrow[] = /* @__PURE__ */ allArrows()

/** @throws Error that names the arrow, where there is none from this state to that one for whoever takes it. */
export function arrowOf(from: ChangeState | undefined, to: ChangeState, as: Mover): Arrow {
  const arrow = arrows.find((each) => each.from === from && each.to === to && each.as === as)
  if (arrow) return arrow
  throw new Error(
    `No ${as} takes a change from ${from ?? 'nothing'} to ${to}: no such arrow is in transitions.ts`,
  )
}

/** Members that mean nothing in a state. */
export function strangersTo(state: ChangeState): readonly string[] {
  const bound: Readonly<Record<string, readonly ChangeState[]>> = boundTo
  return Object.keys(bound).filter((member) => !bound[member]?.includes(state))
}

/** Of the members that a header is to carry in a state, those that this one lacks. */
export function missingIn(
  header: { readonly state: ChangeState } & Readonly<Record<string, unknown>>,
  beside: readonly string[] = [],
): readonly string[] {
  const carried: Readonly<Partial<Record<ChangeState, readonly string[]>>> = carriedIn
  return [...(carried[header.state] ?? []), ...beside].filter((member) => header[member] === undefined)
}
