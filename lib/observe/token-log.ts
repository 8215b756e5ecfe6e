/** The log of access tokens: that one could not be made, and how old they are; nothing that a secret holds. */
import type { Clock } from '../clock.ts'
import { describeError, embedMetrics, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** Seconds, of each token whose age is known. */
export interface TokenAges {
  readonly readSeconds: number | undefined
  readonly writeSeconds: number | undefined
}

export interface TokenLog {
  /** A rotation failed for good. @param tokenSecret ARN or name of the secret. @param error why. */
  noteFailedRotation(tokenSecret: string, error: unknown): void
  /** An age that is not known is not told, which alarms. */
  noteAges(ages: TokenAges): void
  noteUnknownAge(tokenSecret: string, error: unknown): void
}

/** @param stack the dimension of the metrics. */
export function tokenLog(stack: string, clock: Pick<Clock, 'nowMs'>): TokenLog {
  return {
    noteFailedRotation(tokenSecret, error) {
      const nowMs = clock.nowMs()
      const metrics = [{ name: metricNames.rotationFailed, unit: 'Count', value: 1 }] as const
      writeLine(
        'ERROR',
        {
          code: 'rotation.failed',
          tokenSecret,
          error: describeError(error),
          ...embedMetrics(stack, metrics, nowMs),
        },
        nowMs,
      )
    },
    noteAges({ readSeconds, writeSeconds }) {
      if (readSeconds === undefined && writeSeconds === undefined) return
      const nowMs = clock.nowMs()
      const metrics = [
        { name: metricNames.readTokenAge, unit: 'Seconds', value: readSeconds },
        { name: metricNames.writeTokenAge, unit: 'Seconds', value: writeSeconds },
      ] as const
      writeLine('INFO', { code: 'token.age', ...embedMetrics(stack, metrics, nowMs) }, nowMs)
    },
    noteUnknownAge(tokenSecret, error) {
      writeLine(
        'WARN',
        { code: 'token.age.unknown', tokenSecret, error: describeError(error) },
        clock.nowMs(),
      )
    },
  }
}
