/** How far a list has come, as callers see it. Pure. */
import type { Header, ListOutcomes, ListState, PaceMark } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import { isSettled } from '../model/transitions.ts'
import type { ChangeOutcomes, ListProgress } from './change-schemas.ts'

export function listProgressOf(
  list: ListState,
  { id, state, subject, updatedAtMs }: Pick<Header, 'id' | 'state' | 'subject' | 'updatedAtMs'>,
): ListProgress {
  const {
    parts,
    next,
    open,
    outcomes,
    heldWhenPlanned,
    attention,
    requests,
    beganAtMs,
    waitUntilMs,
    stopped,
    onConflict,
    failing,
  } = list
  const pairs = 'pairs' in subject ? subject.pairs : 0
  const settled = Object.values(outcomes).reduce((sum, each) => sum + each, 0)
  const isRunning = state === 'RUNNING'
  const pace = isRunning && stopped === undefined ? paceOf(list, updatedAtMs) : undefined
  return {
    parts,
    begun: next,
    underWay: open.length,
    outcomes: namedOutcomesOf(outcomes, pairs - settled, isSettled(state)),
    heldWhenPlanned,
    onConflict,
    requests,
    requestsPerMinute:
      pace && pace.overMs >= MINUTE_MS ? Math.round((pace.requests * MINUTE_MS) / pace.overMs) : undefined,
    beganAt: isoIf(beganAtMs),
    waitsUntil:
      isRunning && waitUntilMs !== undefined && waitUntilMs > updatedAtMs ? isoIf(waitUntilMs) : undefined,
    endEstimatedAt:
      pace && next < parts ? iso(pace.readyAtMs + (pace.overMs / pace.begun) * (parts - next)) : undefined,
    failingSince: isRunning ? isoIf(failing?.sinceMs) : undefined,
    stopped: stopped && { why: stopped.why, by: stopped.by, at: iso(stopped.atMs) },
    needAttention:
      attention.length > 0 && isSettled(state) ? attention.map((n) => partIdOf(id, n)) : undefined,
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const isoIf = (ms: number | undefined) => (ms === undefined ? undefined : iso(ms))

const MINUTE_MS = 60_000

/** The rate now is that of the last one to two of these: pauses, storms and a slow beginning are forgotten by then. */
const MARK_EVERY_MS = MINUTE_MS

interface Pace {
  /** When the next part can begin, epoch milliseconds. */
  readonly readyAtMs: number
  readonly overMs: number
  readonly begun: number
  readonly requests: number
}

/** Undefined where no part has begun yet, or since it was resumed. */
function paceOf(list: ListState, nowMs: number): Pace | undefined {
  const readyAtMs = readyAtOf(list, nowMs)
  const [from] = marksOf(list, readyAtMs)
  const begun = list.next - from.next
  const overMs = readyAtMs - from.atMs
  return begun > 0 ? { readyAtMs, overMs, begun, requests: list.requests - from.requests } : undefined
}

function readyAtOf({ waitUntilMs = 0 }: ListState, nowMs: number): number {
  return Math.max(nowMs, waitUntilMs)
}

function marksOf({ marks = [], beganAtMs }: ListState, nowMs: number): readonly [PaceMark, PaceMark?] {
  const [from = { atMs: beganAtMs ?? nowMs, next: 0, requests: 0 }, then] = marks
  return then ? [from, then] : [from]
}

/** The list once a part has begun, with a mark of how far it is where the last one is old. */
export function withMark(list: ListState, nowMs: number): ListState {
  const atMs = readyAtOf(list, nowMs)
  const marks = marksOf(list, atMs)
  const last = marks[1] ?? marks[0]
  if (atMs - last.atMs < MARK_EVERY_MS) return list
  return { ...list, marks: [last, { atMs, next: list.next, requests: list.requests }] }
}

/** The list as it goes on after a pause, which counts for nothing. */
export function withPaceAfresh(list: ListState, nowMs: number): ListState {
  const { next, requests } = list
  return { ...list, marks: [{ atMs: readyAtOf(list, nowMs), next, requests }] }
}

/** @param open how many have come to nothing yet. @param isOver whether they never will. */
export function namedOutcomesOf(counts: ListOutcomes, open: number, isOver: boolean): ChangeOutcomes {
  return {
    applied: counts.applied,
    unchanged: counts.unchanged,
    notApplied: counts['not.applied'],
    unknown: counts.unknown,
    superseded: counts.superseded,
    conflict: counts.conflict,
    notSent: isOver && open > 0 ? open : undefined,
    notSettled: !isOver && open > 0 ? open : undefined,
  }
}
