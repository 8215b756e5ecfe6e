/** How far a list has come: put on record at each part, and told where there is chat, every ten seconds at most. */
import { entryOf } from '../../answers/render-change.ts'
import type { ListState } from '../../model/change.ts'
import { PROGRESS_EVENT } from '../../model/change-events.ts'
import type { Header } from '../../model/header.ts'
import { PROGRESS_EVERY_MS } from '../../model/timing.ts'
import type { Workbench } from '../../record/desk.ts'
import { amendHeader, type StepTaken, storeHeader } from '../../record/write-header.ts'
import { isOver } from './count-parts.ts'

/** With less than this left of the invocation, nothing is told: one put that hangs. Milliseconds. */
const MIN_TELLING_MS = 3_000

/** That it is told is noted by the same write, so that telling costs the ledger nothing. */
export async function storeProgress(
  bench: Workbench,
  seen: Header & { readonly list: ListState },
  list: ListState,
  nowMs: number,
): Promise<Extract<StepTaken, { kind: 'advanced' | 'overtaken' }>> {
  const isDue = nowMs >= (seen.list.toldAtMs ?? 0) + PROGRESS_EVERY_MS
  // Of what is over the end is told, at once.
  const isTold = bench.policy.chat !== undefined && isDue && !isOver(list)
  const next = amendHeader(seen, { list: isTold ? { ...list, toldAtMs: nowMs } : list }, nowMs)
  const stored = await storeHeader(bench, next, seen)
  if (isTold && stored.kind === 'advanced') await tellProgress(bench, stored.header)
  return stored
}

/** Never throws: the list goes on, whoever hears of it. */
async function tellProgress({ bus, clock, log, scope }: Workbench, header: Header): Promise<void> {
  const { id, version } = header
  if (scope.deadline.remainingMs() < MIN_TELLING_MS) return
  const detail = { eventId: `${id}#${version}`, change: entryOf(header) }
  try {
    const [isTaken] = await bus.put([{ detailType: PROGRESS_EVENT, detail, atMs: clock.nowMs() }])
    if (!isTaken) log.noteDeferred(id, 'the event bus refused to hear how far it has come', undefined)
  } catch (error) {
    log.noteDeferred(id, 'how far it has come could not be told', error)
  }
}
