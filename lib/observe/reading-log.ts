/** The log of readings of the whole org: counts and ids alone. */
import type { Clock } from '../clock.ts'
import type { ReadingLog } from '../inventory/reading/reading-work.ts'
import { describeError, embedMetrics, type Metric, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** @param stack the dimension of the metrics. */
export function readingLog(stack: string, clock: Pick<Clock, 'nowMs'>): ReadingLog {
  return {
    noteStretch({ error, ...noted }) {
      const level = error === undefined ? 'INFO' : 'WARN'
      writeLine(level, { code: 'reading.stretch', ...noted, error: describeError(error) }, clock.nowMs())
    },
    noteReading(ended) {
      writeLine(ended.isWhole ? 'INFO' : 'WARN', { code: 'reading.ended', ...ended }, clock.nowMs())
    },
    noteAge(ageMs) {
      const nowMs = clock.nowMs()
      const age: Metric = { name: metricNames.readingAge, unit: 'Seconds', value: Math.round(ageMs / 1_000) }
      writeLine('INFO', { code: 'reading.age', ...embedMetrics(stack, [age], nowMs) }, nowMs)
    },
  }
}

/** A chore of the minute failed, and the others did not; the next minute does it again. */
export function noteFailedChore(name: string, error: unknown, clock: Pick<Clock, 'nowMs'>): void {
  writeLine('WARN', { code: 'chore.failed', chore: name, error: describeError(error) }, clock.nowMs())
}
