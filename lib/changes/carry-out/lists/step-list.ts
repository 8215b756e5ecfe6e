/**
 * What is done with a list that is on record, wherever it is taken up: it is begun, what its parts have come to is
 * gathered, a turn is asked for, and it ends when they have. Parts themselves are begun in `take-turn.ts`.
 */

import { actorNameOf, type ListState } from '../../model/change.ts'
import { agreedEndOf } from '../../model/due.ts'
import type { Header } from '../../model/header.ts'
import { partIdOf } from '../../model/record-ids.ts'
import { NEXT_TICK_MS } from '../../model/timing.ts'
import type { Workbench } from '../../record/desk.ts'
import { readPause } from '../../record/read-pause.ts'
import { moveHeader, type StepTaken, storeHeader } from '../../record/write-header.ts'
import { holdBack } from '../hold-back.ts'
import { askForTurn } from './ask-for-turn.ts'
import { withReasonOf } from './commonest-reason.ts'
import { endOfList, isAtRest, isOver, isRunOut, withPart } from './count-parts.ts'
import { LONGEST_WAIT_OF_TURNS_MS } from './shared-pace.ts'
import { storeProgress } from './store-progress.ts'

/** A list. */
export type ListHeader = Header & { readonly list: ListState }

export function isList(header: Header): header is ListHeader {
  return header.list !== undefined
}

/** A list that waits begins: from then on its parts take turns. */
export async function beginList(bench: Workbench, seen: ListHeader): Promise<StepTaken> {
  const pause = await readPause(bench)
  // Its parts take turns, so that nothing comes together when writes go on.
  if (pause) return await holdBack(bench, seen, pause, NEXT_TICK_MS)
  const nowMs = bench.clock.nowMs()
  const list = { ...seen.list, beganAtMs: seen.list.beganAtMs ?? nowMs, toldAtMs: nowMs }
  const members = { list, failure: undefined }
  const begun = moveHeader(seen, { state: 'RUNNING', as: 'worker', by: 'gateway', with: members }, nowMs)
  return await storeHeader(bench, begun, seen)
}

/** @param seen RUNNING or PAUSED. */
export async function goOnWithList(bench: Workbench, seen: ListHeader): Promise<StepTaken> {
  const nowMs = bench.clock.nowMs()
  const gathered = await gatherParts(bench, seen)
  const list = isPastEnd(seen, nowMs)
    ? { ...gathered, stopped: { why: 'late', by: enderOf(seen), atMs: nowMs } as const }
    : gathered
  if (isOver(list)) return await endList(bench, seen, list, nowMs)
  if (list !== seen.list) return await storeProgress(bench, seen, list, nowMs)
  const isTurnDue =
    seen.state === 'RUNNING' && !isRunOut(list) && nowMs >= (list.waitUntilMs ?? 0) - LONGEST_WAIT_OF_TURNS_MS
  if (isTurnDue) await askForTurn(bench, seen)
  const isLookDue = list.open.length > 0 && nowMs >= seen.updatedAtMs + NEXT_TICK_MS
  return isLookDue ? await storeProgress(bench, seen, list, nowMs) : { kind: 'waits', header: seen }
}

/** Whether what it gave is to be taken back, though parts are left that have not begun: none begins any more, paused or not. */
export function isPastEnd(list: ListHeader, nowMs: number): boolean {
  const endMs = agreedEndOf(list)
  return endMs !== undefined && nowMs >= endMs && !isRunOut(list.list)
}

/** Whoever has made its end come at once, else the time that was named for it. */
function enderOf({ revert }: ListHeader): string {
  return revert?.endedBy ? actorNameOf(revert.endedBy) : 'gateway'
}

/** What has come of parts that were left open. */
async function gatherParts({ ledger }: Workbench, { id, list }: ListHeader): Promise<ListState> {
  if (list.open.length === 0) return list
  const headers = await ledger.headers(list.open.map((n) => partIdOf(id, n)))
  let gathered = list
  for (const n of list.open) {
    const header = headers.get(partIdOf(id, n))
    if (!header || !isAtRest(header)) continue
    const [plan, evidence] = [await ledger.plan(header), await ledger.evidence(header)]
    gathered = withPart(gathered, { n, header, plan, evidence })
  }
  return gathered
}

async function endList(
  bench: Workbench,
  seen: ListHeader,
  list: ListState,
  nowMs: number,
): Promise<StepTaken> {
  const pairs = 'pairs' in seen.subject ? seen.subject.pairs : 0
  const end = endOfList(list, pairs)
  const { state, note } = end
  const failure = end.failure && (await withReasonOf(bench.ledger, { ...seen, list }, end.failure))
  // Whoever looks at a part later reads what stands then: nothing of it is under way.
  const looked = state === 'NEEDS_ATTENTION' ? { sentAtMs: list.beganAtMs ?? nowMs, quietUntilMs: nowMs } : {}
  const members = { list, failure, ...looked }
  const ended = moveHeader(seen, { state, as: 'worker', by: 'gateway', note, with: members }, nowMs)
  return await storeHeader(bench, ended, seen)
}
