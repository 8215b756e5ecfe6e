/** A line for each caller whom the authorizer does not let in: why, and what they asked for; nothing of the token. */
import type { Clock } from '../clock.ts'
import type { AuthorizerLog } from '../http/authorizer.ts'
import { countOne, describeError, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'
import { writeUnforeseen } from './write-unforeseen.ts'

/** @param stack the dimension of the metrics. */
export function authorizerLog(stack: string, clock: Pick<Clock, 'nowMs'>): AuthorizerLog {
  return {
    noteRefusal(reason, asked) {
      writeLine('WARN', { code: 'token.refused', reason, ...asked }, clock.nowMs())
    },
    noteUnreachableKeys(error, asked) {
      const nowMs = clock.nowMs()
      writeLine(
        'ERROR',
        {
          code: 'keys.unreachable',
          ...asked,
          error: describeError(error),
          ...countOne(stack, metricNames.keysUnreachable, nowMs),
        },
        nowMs,
      )
    },
    noteUnforeseen(error, asked) {
      writeUnforeseen(stack, error, clock, asked)
    },
  }
}

/** The issuer did not answer, and its keys of before go on being good. */
export function writeStaleKeys(error: unknown, clock: Pick<Clock, 'nowMs'>): void {
  writeLine('WARN', { code: 'keys.stale', error: describeError(error) }, clock.nowMs())
}
