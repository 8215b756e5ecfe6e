/**
 * Why an invocation failed: what Lambda writes of it has no causes. What nobody foresaw is counted, in functions whose
 * errors Lambda counts by design: an authorizer refuses by failing, and what events call fails to be called again.
 */
import type { Clock } from '../clock.ts'
import { countOne, describeError, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** @returns what writes the failures of a function that fails in order to be called again. @param stack the metric's dimension. */
export function failureLog(stack: string, clock: Pick<Clock, 'nowMs'>) {
  return (error: unknown, isForeseen: boolean): void => {
    if (isForeseen) writeFailure(error, clock)
    else writeUnforeseen(stack, error, clock)
  }
}

/** Writes a failure that is counted elsewhere, or is none of those that wake somebody. */
export function writeFailure(error: unknown, clock: Pick<Clock, 'nowMs'>): void {
  writeLine('ERROR', { code: 'invocation.failed', error: describeError(error) }, clock.nowMs())
}

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
