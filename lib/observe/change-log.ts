/** The log of changes: a line for each transition, ids and states alone; reasons and names stay in the ledger. */
import { undoneStates } from '../changes/model/change-events.ts'
import type { ChangeLog } from '../changes/record/desk.ts'
import type { Clock } from '../clock.ts'
import { describeError, embedMetrics, type Metric, writeLine } from './log-lines.ts'
import { endMetrics, metricNames } from './metric-names.ts'

/** @param stack the dimension of the metrics. */
export function changeLog(stack: string, clock: Clock): ChangeLog {
  return {
    noteMove({ id, kind, state, version, eventVersion, history, failure }) {
      // What is not told, such as a plan that lapsed, was nobody's wish.
      const isUndone = undoneStates.includes(state) && eventVersion === version
      const counted = [endMetrics[state], isUndone ? metricNames.changeUndone : undefined]
      writeLine(
        state === 'NEEDS_ATTENTION' ? 'ERROR' : 'INFO',
        {
          code: 'change.moved',
          changeId: id,
          kind,
          state,
          version,
          note: history.at(-1)?.note,
          failureCode: failure?.code,
          ...embedMetrics(
            stack,
            counted.flatMap((name) => (name === undefined ? [] : [{ name, unit: 'Count', value: 1 }])),
            clock.nowMs(),
          ),
        },
        clock.nowMs(),
      )
    },
    noteDeferred(changeId, what, error) {
      writeLine('WARN', { code: 'change.left', changeId, what, error: describeError(error) }, clock.nowMs())
    },
    noteRefusal(id, why) {
      writeLine('ERROR', { code: 'event.refused', id, why }, clock.nowMs())
    },
    noteUnasked(changeId, pairs) {
      const metric: Metric = { name: metricNames.upstreamUnasked, unit: 'Count', value: pairs }
      writeLine(
        'WARN',
        {
          code: 'upstream.unasked',
          changeId,
          pairs,
          what: 'Genesys answered for pairs that were not sent, or two things of one; they count for nothing',
          ...embedMetrics(stack, [metric], clock.nowMs()),
        },
        clock.nowMs(),
      )
    },
    noteTick({ advanced, failed, told, stillDue: left, oldestDueMs, open, isPaused }) {
      const metrics: readonly Metric[] = [
        { name: metricNames.tickRan, unit: 'Count', value: 1 },
        { name: metricNames.changesLeft, unit: 'Count', value: left },
        { name: metricNames.oldestDue, unit: 'Seconds', value: Math.round(oldestDueMs / 1_000) },
        { name: metricNames.changesOpen, unit: 'Count', value: open },
        {
          name: metricNames.writesPaused,
          unit: 'Count',
          value: isPaused === undefined ? undefined : Number(isPaused),
        },
      ]
      writeLine(
        failed > 0 || left > 0 ? 'WARN' : 'INFO',
        {
          code: 'tick.ran',
          advanced,
          failed,
          told,
          left,
          open,
          isPaused,
          ...embedMetrics(stack, metrics, clock.nowMs()),
        },
        clock.nowMs(),
      )
    },
  }
}
