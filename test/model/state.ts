/**
 * One state of the world: the ledger, the workers, the POSTs under way, and upstream's truth for one target.
 *
 * Left out, and why that is sound: times are phases (a lease has lapsed, a quiet period is over) that may come at any
 * moment the real clock allows, so that every order of them is tried. A batch is one pair, since its pairs are read
 * back one by one and are locked in sorted order. Approval, notBefore and cancelling end before CLAIMED. Rows of
 * plan and evidence are never read by a decision.
 */
import { type ChangeState as AnyState, isSettled } from '../../lib/changes/model/transitions.ts'
import type { Scenario } from './scenario.ts'

/**
 * Planning, approval and cancelling end before CLAIMED, and one pair is never applied in part. What lists do with their
 * parts is proven against the embedded org (test/changes/proof/lists/lists.test.ts), and not here.
 */
export const statesLeftOut = [
  'PLANNING',
  'INVALID',
  'RUNNING',
  'PAUSED',
  'AWAITING_APPROVAL',
  'APPROVED',
  'REJECTED',
  'CANCELLED',
  'PARTIAL',
] as const
export type ChangeState = Exclude<AnyState, (typeof statesLeftOut)[number]>

/** The header of a change. */
export interface Change {
  readonly state: ChangeState
  /** Index of the intent that it carries out. */
  readonly intent: number
  /** Index of the worker that claimed it, or that holds its permit. */
  readonly owner: number
  /** One more with each arrow. */
  readonly version: number
  /** Permits that this record knows of. */
  readonly permits: number
  readonly hasLease: boolean
  /** Whether the quiet period of its last permit is over. */
  readonly isQuiet: boolean
  /** APPLIED on sight after an ambiguous answer: to be looked at once more. */
  readonly isLookDue: boolean
  /** When it was asked for, and how many had arrived before it, as its record has them. */
  readonly askedAt: number
  readonly arrival: number
}

/** Where a worker stands; it may stay there as long as it likes, or crash. */
export type Place =
  | 'idle'
  | 'record'
  | 'planRead'
  | 'planNote'
  | 'permitNew'
  | 'claim'
  | 'lock'
  | 'putLock'
  | 'before'
  | 'permit'
  | 'unsure'
  | 'post'
  | 'await'
  | 'verify'
  | 'readBack'
  | 'look'
  | 'settle'

/** What the POST's sender got: upstream's value, a definite refusal, or nothing usable. */
export type Answer = boolean | 'refused' | 'none'

export interface Worker {
  readonly place: Place
  /** The change it works on. */
  readonly slot: number
  /** That change's version as the worker knows it. */
  readonly version: number
  readonly answer: Answer
  /** What it is about to record. */
  readonly verdict: ChangeState
  readonly isLookDue: boolean
  /** The lock as it read it. */
  readonly lockSeen: number
  /** Which of its puts that was. */
  readonly lockPutSeen: number
  /** For the invariants alone: somebody else set the value after the reading that the verdict rests on. */
  readonly isOvertaken: boolean
}

/** A POST that left and has neither landed nor been lost. `sender` is NOBODY once nobody waits for it. */
export interface Post {
  readonly slot: number
  readonly intent: number
  readonly sender: number
}

/** What nobody in the system knows; only the invariants look at it. */
export interface Ghost {
  /** Per intent: permits recorded, POSTs applied that turned the value over. */
  readonly permits: readonly number[]
  readonly switches: readonly number[]
  /** Per intent: whether the value was the desired one at some moment since the last permit. */
  readonly wasDesired: readonly boolean[]
  /** The value as somebody last vouched for it; undefined where the last word was a warning. */
  readonly lastWord: boolean | undefined
  /** Per slot: how many changes had arrived before it, or NOBODY. */
  readonly arrivals: readonly number[]
}

/** A change, and by what its wish is told to be newer or older than another. */
export interface Wish extends Pick<Change, 'askedAt' | 'arrival'> {
  readonly slot: number
}

export interface State {
  readonly truth: boolean
  /** Reads may still show the former value. */
  readonly isStale: boolean
  readonly isLate: boolean
  readonly changes: readonly (Change | undefined)[]
  /** The change that the target's lock item names, or NOBODY. */
  readonly lock: number
  /** The claim that put it, as a number that each put makes anew; no more of it matters than whether it is the one seen. */
  readonly lockPut: number
  /** The newest wish that the lock item knows of, as its record had it then. */
  readonly newest: Wish
  readonly workers: readonly Worker[]
  readonly posts: readonly Post[]
  readonly deliveriesLeft: readonly number[]
  readonly crashesLeft: number
  readonly foreignFlipsLeft: number
  readonly settlesLeft: number
  readonly ghost: Ghost
}

export const NOBODY = -1

/** Lambdas at work at the same time, the tick's included. */
const WORKERS = 2

/** Records that can exist; only a design in which a duplicate opens another needs two for one intent. */
const SLOTS = 2

const IDLE: Worker = {
  place: 'idle',
  slot: NOBODY,
  version: 0,
  answer: 'none',
  verdict: 'PLANNED',
  isLookDue: false,
  lockSeen: NOBODY,
  lockPutSeen: 0,
  isOvertaken: false,
}

export function initialState({ initial, intents, crashes, foreignFlips, settles }: Scenario): State {
  return {
    truth: initial,
    isStale: false,
    isLate: false,
    changes: new Array<undefined>(SLOTS).fill(undefined),
    lock: NOBODY,
    lockPut: 0,
    newest: { slot: NOBODY, askedAt: 0, arrival: 0 },
    workers: new Array<Worker>(WORKERS).fill(IDLE),
    posts: [],
    deliveriesLeft: intents.map(({ deliveries }) => deliveries),
    crashesLeft: crashes,
    foreignFlipsLeft: foreignFlips,
    settlesLeft: settles,
    ghost: {
      permits: intents.map(() => 0),
      switches: intents.map(() => 0),
      wasDesired: intents.map(() => false),
      lastWord: initial,
      arrivals: new Array<number>(SLOTS).fill(NOBODY),
    },
  }
}

/** The element, where there must be one. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new RangeError(`nothing at ${index}`)
  return found
}

export const isFinal = ({ state }: Change): boolean => isSettled(state)

type Moved = readonly (readonly [slot: number, change: Change])[]

const NONE_MOVED: Moved = []
let asked: { readonly before: State; readonly after: State; readonly moved: Moved } | undefined

/** The changes that got a new version by a step, each with its slot. Each promise in turn asks it of the same step. */
export function changesMoved(before: State, after: State): Moved {
  if (before.changes === after.changes) return NONE_MOVED
  if (asked?.before !== before || asked.after !== after) {
    const moved = after.changes.flatMap((change, slot) =>
      change && change.version !== before.changes[slot]?.version ? [[slot, change] as const] : [],
    )
    asked = { before, after, moved }
  }
  return asked.moved
}

/** The arrows that a step takes, as `FROM TO`. What a second look leaves as it was is none. */
export const arrowsTaken = (before: State, after: State): string[] =>
  changesMoved(before, after).flatMap(([slot, { state }]) => {
    const was = before.changes[slot]
    return was && isFinal(was) && was.state === state ? [] : [`${was?.state ?? 'nothing'} ${state}`]
  })

/** Counts up to three: no promise tells three from more, and a broken design must not count for ever. */
export const oneMore = (count: number): number => Math.min(count + 1, 3)

/** Final, and looked at for the last time. */
export const isClosed = (change: Change): boolean => isFinal(change) && !change.isLookDue

export const withChange = (state: State, slot: number, change: Change | undefined): State => ({
  ...state,
  changes: state.changes.with(slot, change),
})

export const withWorker = (state: State, index: number, changed: Partial<Worker>): State => ({
  ...state,
  workers: state.workers.with(index, { ...at(state.workers, index), ...changed }),
})

/**
 * The worker has nothing more to do; whatever it sent goes on without it. Each invocation has an owner id of its own,
 * so that no later one is ever taken for the one that ends here.
 */
export const withoutWorker = (state: State, index: number): State => ({
  ...state,
  changes: state.changes.some((change) => change?.owner === index)
    ? state.changes.map((change) => (change?.owner === index ? { ...change, owner: NOBODY } : change))
    : state.changes,
  workers: state.workers.with(index, IDLE),
  posts: orphaned(state.posts, index),
})

/** Nobody waits any more for the POSTs of this worker. */
export const orphaned = (posts: readonly Post[], sender: number): readonly Post[] =>
  posts.some((post) => post.sender === sender)
    ? posts.map((post) => (post.sender === sender ? { ...post, sender: NOBODY } : post))
    : posts
