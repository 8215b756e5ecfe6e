/** One line for each request served: what was asked, what it came to, what it cost upstream. Ids only, no names or e-mails. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { RequestLog } from '../http/call.ts'
import { described } from './described.ts'
import { writeLine } from './lines.ts'
import { metricNames } from './metric-names.ts'
import { embeddedMetrics } from './metrics.ts'

export function requestLog(stack: string, clock: Clock): RequestLog {
  return {
    served(operation, call, { statusCode: status }) {
      const { observed, error } = call
      const nowMs = clock.nowMs()
      writeLine(
        status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
        {
          code: 'request.served',
          requestId: call.requestId,
          operation: operation.id,
          status,
          durationMs: Math.round(clock.monotonicMs() - call.startedMs),
          upstreamRequests: observed.sent,
          // JSON leaves out what is undefined.
          upstreamStatus: observed.lastStatus,
          correlationId: observed.correlationId,
          inconsistency: observed.inconsistency,
          errorCode: error instanceof GatewayError ? error.code : undefined,
          error: status >= 500 ? described(error) : undefined,
          ...embeddedMetrics(
            stack,
            [
              {
                name: metricNames.upstreamUnauthorized,
                unit: 'Count',
                value: observed.unauthorized || undefined,
              },
              { name: metricNames.upstreamForbidden, unit: 'Count', value: observed.forbidden || undefined },
              {
                name: metricNames.upstreamRetries,
                unit: 'Count',
                value: observed.resent || undefined,
              },
              {
                name: metricNames.upstreamLatency,
                unit: 'Milliseconds',
                value: observed.sent > 0 ? Math.round(observed.latencyMs) : undefined,
              },
              { name: metricNames.rateLimitUsed, unit: 'Count', value: observed.rateLimitUsed },
              { name: metricNames.rateLimitAllowed, unit: 'Count', value: observed.rateLimitAllowed },
            ],
            nowMs,
          ),
        },
        nowMs,
      )
    },
  }
}
