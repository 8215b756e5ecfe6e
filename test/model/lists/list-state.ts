/**
 * One state of the world of a list: its record, its parts, the processes that take its turns, and its messages.
 *
 * Left out, and why that is sound: what a part does once it has begun is what any change does, and is explored beside this
 * (test/model). Here it comes out at once, is left open, or settles at any moment later. The pace, the stop switch and a
 * Genesys that cannot be read only put a turn off, which is the same as a message that is lost. A write whose answer is
 * lost is a process that ends behind it, since whoever does not know reads anew. Planning and approval end before it. What
 * a process reads and what it makes of that are one step, since it could have read as well just before.
 */
import type { ListState } from '../../../lib/changes/model/change.ts'
import type { ChangeState } from '../../../lib/changes/model/transitions.ts'
import type { Ending, ListDesign, ListScenario } from './list-design.ts'

/** What is on record of the list. Each write makes another object, so that one is its own version. */
export interface ListRecord {
  readonly state: ChangeState
  readonly list: ListState
}

/** `open`: under way, or waiting to be. `contested`: the same, of what is as nobody had planned it. */
export type Part = 'none' | 'open' | 'contested' | 'conflict' | Ending

/** Where a process stands; it may stay there as long as it likes, or end. */
export type ListPlace = 'idle' | 'begin' | 'carry' | 'note' | 'write' | 'ask'

export interface ListWorker {
  readonly place: ListPlace
  /** Whether it took a message, which comes again should it end too early. */
  readonly hasMessage: boolean
  /** The list as it was read. */
  readonly seen: ListRecord | undefined
  /** What it is about to write. */
  readonly next: ListRecord | undefined
  /** The part that its turn is about. */
  readonly n: number
}

export interface ListWorld {
  readonly record: ListRecord
  readonly parts: readonly Part[]
  readonly workers: readonly ListWorker[]
  readonly messages: number
  readonly left: Readonly<
    Record<'crashes' | 'losses' | 'doubles' | 'pauses' | 'resumes' | 'cancels' | 'lapses', number>
  >
  /** For the promises alone: how many times each part was begun. */
  readonly begun: readonly number[]
}

/** Of each part; unlike, so that one is not taken for the other. */
export const PAIRS: readonly number[] = [1, 2]
export const ALL_PAIRS = 3

/** Processes at work at the same time, the tick's included. */
const WORKERS = 2

/** In the queue at once: more of them do nothing that two do not. */
export const MOST_MESSAGES = 2

export const NO_PART = -1

export const RESTING: ListWorker = {
  place: 'idle',
  hasMessage: false,
  seen: undefined,
  next: undefined,
  n: NO_PART,
}

export const initialWorld = (scenario: ListScenario): ListWorld => ({
  record: {
    state: 'PLANNED',
    list: {
      parts: PAIRS.length,
      next: 0,
      open: [],
      outcomes: {},
      attention: [],
      requests: 0,
      ...(scenario.hasConflict && { onConflict: 'abort' as const }),
    },
  },
  parts: PAIRS.map(() => 'none'),
  workers: Array.from({ length: WORKERS }, () => RESTING),
  messages: 0,
  left: scenario,
  begun: PAIRS.map(() => 0),
})

export const isUnderWay = ({ state }: ListRecord): boolean => state === 'RUNNING' || state === 'PAUSED'

export const withListWorker = (
  world: ListWorld,
  index: number,
  changed: Partial<ListWorker> | undefined,
): ListWorld => ({
  ...world,
  workers: world.workers.map((worker, at) =>
    at !== index ? worker : changed ? { ...worker, ...changed } : RESTING,
  ),
})

/** Worlds of one key go the same ways. */
export const keyOfWorld = (world: ListWorld, { isFenced, isBegunByOneWrite }: ListDesign): string => {
  const { record, parts, workers, messages, left, begun } = world
  const { crashes, losses, doubles, pauses, resumes, cancels, lapses } = left
  const taken = workers.map(({ place, hasMessage, seen, next, n }) => {
    // What others have overtaken is written by nobody, where writes are conditional.
    const isLost = seen !== record && isFenced && isBegunByOneWrite
    const known = seen === record ? '=' : isLost ? '!' : keyOfRecord(seen)
    return `${place}${hasMessage ? 1 : 0}${known}${isLost ? '' : keyOfRecord(next)}${n}`
  })
  return `${keyOfRecord(record)}|${parts}|${taken.sort()}|${messages}${crashes}${losses}${doubles}${pauses}${resumes}${cancels}${lapses}|${begun}`
}

const keys = new WeakMap<ListRecord, string>()

function keyOfRecord(record: ListRecord | undefined): string {
  if (!record) return ''
  const known = keys.get(record)
  if (known !== undefined) return known
  const { state, list } = record
  const { next, open, outcomes, attention, stopped } = list
  const counts = Object.entries(outcomes).sort().join()
  const key = `${state}${next}[${open.toSorted()}][${counts}][${attention.toSorted()}]${stopped?.why ?? ''}`
  keys.set(record, key)
  return key
}
