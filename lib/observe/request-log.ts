/** A line for each request served: what was asked, what it came to, what it cost upstream. Ids only, no names or e-mails. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { Observed } from '../genesys/scope.ts'
import type { RequestLog } from '../http/chain.ts'
import type { SentFile } from '../http/files/outgoing-file.ts'
import type { Taking } from '../http/files/write-stream.ts'
import { describeError, embedMetrics, type Metric, writeLine } from './log-lines.ts'
import { metricNames } from './metric-names.ts'

/** @param stack the dimension of the metrics. */
export function requestLog(stack: string, clock: Clock): RequestLog {
  return {
    noteRequest(
      operation,
      { requestId, startedMs, observed, error, actor, file, asked, taking },
      { statusCode: status, headers },
    ) {
      const nowMs = clock.nowMs()
      const durationMs = Math.round(clock.monotonicMs() - startedMs)
      const isFailed = status >= 500 || file?.end === 'broken off'
      writeLine(
        isFailed ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
        {
          code: 'request.served',
          requestId,
          operation: operation.id,
          status,
          durationMs,
          upstreamRequests: observed.sent,
          // JSON leaves out what is undefined.
          upstreamStatus: observed.lastStatus,
          upstreamWriteStatus: observed.writeStatus,
          correlationId: observed.correlationId,
          inconsistency: observed.inconsistency,
          changeId: headers?.['x-change-id'],
          errorCode: error instanceof GatewayError ? error.code : undefined,
          clientStalled: taking === 'stalled' || undefined,
          file: file && describeFile(file),
          actor: file && actor,
          asked,
          error: isFailed ? describeError(error) : undefined,
          // Of when it began, as Lambda dates its own: one alarm takes the two together.
          ...embedMetrics(stack, metricsOf(observed, taking), nowMs - durationMs),
        },
        nowMs,
      )
    },
  }
}

function describeFile({ type, rows, bytes, people, end }: SentFile): Readonly<Record<string, unknown>> {
  return { type, rows, bytes, people, end }
}

/** What did not happen is not counted. */
function metricsOf(observed: Observed, taking: Taking | undefined): readonly Metric[] {
  const isAbandoned = taking === 'gone' || taking === 'stalled'
  const { unauthorized, forbidden, resent, sent, latencyMs, rateLimitUsed, rateLimitAllowed } = observed
  return [
    { name: metricNames.upstreamUnauthorized, unit: 'Count', value: unauthorized || undefined },
    { name: metricNames.upstreamForbidden, unit: 'Count', value: forbidden || undefined },
    { name: metricNames.upstreamRetries, unit: 'Count', value: resent || undefined },
    {
      name: metricNames.upstreamLatency,
      unit: 'Milliseconds',
      value: sent > 0 ? Math.round(latencyMs) : undefined,
    },
    { name: metricNames.answersAbandoned, unit: 'Count', value: isAbandoned ? 1 : undefined },
    { name: metricNames.rateLimitUsed, unit: 'Count', value: rateLimitUsed },
    { name: metricNames.rateLimitAllowed, unit: 'Count', value: rateLimitAllowed },
  ]
}
