import type { Clock } from '../clock.ts'
import type { PageLog } from '../page/serve/serve-page.ts'
import { countOne, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** @param stack the dimension of the metrics. */
export function pageLog(stack: string, clock: Pick<Clock, 'nowMs'>): PageLog {
  return {
    noteAbandoned(asked, taking) {
      const nowMs = clock.nowMs()
      // Lambda counts an error; by this the alarm on errors leaves it out.
      const counted = countOne(stack, metricNames.answersAbandoned, nowMs)
      writeLine('WARN', { code: 'page.abandoned', ...asked, taking, ...counted }, nowMs)
    },
  }
}
