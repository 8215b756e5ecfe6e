/** How far a list has come, as callers see it. Pure. */

import type { ListOutcomes, ListState } from '../model/change.ts'
import type { Header } from '../model/header.ts'
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
    onConflict,
    requests,
    requestsPerMinute:
      pace && pace.overMs >= MINUTE_MS ? Math.round((pace.requests * MINUTE_MS) / pace.overMs) : undefined,
    beganAt: isoIf(beganAtMs),
    waitsUntil:
      isRunning && waitUntilMs !== undefined && waitUntilMs > updatedAtMs ? isoIf(waitUntilMs) : undefined,
    endEstimatedAt:
      pace && next < parts
        ? iso(pace.readyAtMs + (pace.overMs / pace.work) * workBetween(list, next, parts))
        : undefined,
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
  /** Of the parts begun in that time. */
  readonly work: number
  readonly requests: number
}

/** Requests of a part that changes something: it reads, writes, and reads back. One that only reads is one. */
const REQUESTS_OF_WORK = 3

/** Parts from one to another, in requests. */
function workBetween({ idleFrom, parts }: ListState, from: number, to: number): number {
  const changing = Math.max(0, Math.min(to, idleFrom ?? parts) - from)
  return changing * REQUESTS_OF_WORK + (to - from - changing)
}

/** Undefined where no part has begun yet, or since it was resumed. */
function paceOf(list: ListState, nowMs: number): Pace | undefined {
  const readyAtMs = readyAtOf(list, nowMs)
  const [from] = marksOf(list, readyAtMs)
  const work = workBetween(list, from.next, list.next)
  const overMs = readyAtMs - from.atMs
  return work > 0 ? { readyAtMs, overMs, work, requests: list.requests - from.requests } : undefined
}

function readyAtOf({ waitUntilMs = 0 }: ListState, nowMs: number): number {
  return Math.max(nowMs, waitUntilMs)
}

/** How far it was when its next part could begin. */
type PaceMark = NonNullable<ListState['marks']>[number]

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

/**
 * The list as it waits. What is longer than the pace ever waits (Genesys, or a failure, asked for it) counts once, before
 * the next part, and for nothing in the rate at which parts go.
 */
export function withWait(list: ListState, waitUntilMs: number, nowMs: number): ListState {
  const moreMs = waitUntilMs - readyAtOf(list, nowMs)
  if (moreMs <= MINUTE_MS) return { ...list, waitUntilMs }
  const marks = marksOf(list, nowMs).flatMap((mark) => mark ?? [])
  return { ...list, waitUntilMs, marks: marks.map((mark) => ({ ...mark, atMs: mark.atMs + moreMs })) }
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
