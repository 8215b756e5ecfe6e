/**
 * What nobody foresaw, in functions whose errors Lambda counts by design: an authorizer refuses by failing, and what
 * events call fails to be called again.
 */
import type { Clock } from '../clock.ts'
import { countOne, describeError, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** Writes the line that the alarm counts. @param more of what was asked for. */
export function writeUnforeseen(
  stack: string,
  error: unknown,
  clock: Pick<Clock, 'nowMs'>,
  more: object = {},
): void {
  const nowMs = clock.nowMs()
  writeLine(
    'ERROR',
    {
      code: 'function.failed',
      ...more,
      error: describeError(error),
      ...countOne(stack, metricNames.unforeseen, nowMs),
    },
    nowMs,
  )
}
