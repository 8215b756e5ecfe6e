/** How far a list has come, as callers see it. Pure. */
import type { Header, ListOutcomes, ListState } from '../model/header.ts'
import { partIdOf } from '../model/record-ids.ts'
import { isSettled } from '../model/transitions.ts'
import type { ChangeOutcomes, ListProgress } from './change-schemas.ts'

export function listProgressOf(
  list: ListState,
  { id, state, subject, updatedAtMs }: Pick<Header, 'id' | 'state' | 'subject' | 'updatedAtMs'>,
): ListProgress {
  const { parts, next, open, outcomes, attention, requests, beganAtMs, waitUntilMs, stopped, onConflict } =
    list
  const pairs = 'pairs' in subject ? subject.pairs : 0
  const settled = Object.values(outcomes).reduce((sum, each) => sum + each, 0)
  const isRunning = state === 'RUNNING'
  return {
    parts,
    begun: next,
    underWay: open.length,
    outcomes: namedOutcomesOf(outcomes, pairs - settled, isSettled(state)),
    onConflict,
    requests,
    requestsPerMinute: ratePerMinuteOf(requests, beganAtMs, updatedAtMs),
    beganAt: isoIf(beganAtMs),
    waitsUntil:
      isRunning && waitUntilMs !== undefined && waitUntilMs > updatedAtMs ? isoIf(waitUntilMs) : undefined,
    endEstimatedAt: isRunning ? isoIf(estimateEnd(list, updatedAtMs)) : undefined,
    stopped: stopped && { why: stopped.why, by: stopped.by, at: iso(stopped.atMs) },
    needAttention:
      attention.length > 0 && isSettled(state) ? attention.map((n) => partIdOf(id, n)) : undefined,
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const isoIf = (ms: number | undefined) => (ms === undefined ? undefined : iso(ms))

/** Undefined before the first minute has gone by: of less no rate can be told. */
function ratePerMinuteOf(requests: number, beganAtMs: number | undefined, nowMs: number): number | undefined {
  const minutes = beganAtMs === undefined ? 0 : (nowMs - beganAtMs) / 60_000
  return minutes < 1 ? undefined : Math.round(requests / minutes)
}

function estimateEnd({ parts, next, beganAtMs }: ListState, nowMs: number): number | undefined {
  if (beganAtMs === undefined || next === 0) return undefined
  return Math.round(nowMs + ((nowMs - beganAtMs) / next) * (parts - next))
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
