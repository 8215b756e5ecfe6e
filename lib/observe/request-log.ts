/** A line for each request served: what was asked, what it came to, what it cost upstream. Ids only, no names or e-mails. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { Observed } from '../genesys/scope.ts'
import type { RequestLog } from '../http/call.ts'
import { described } from './described.ts'
import { writeLine } from './lines.ts'
import { metricNames } from './metric-names.ts'
import { embeddedMetrics, MAX_VALUES, type Metric } from './metrics.ts'

/**
 * Reads that went as they should and come closer together than this share a line, milliseconds. At a few requests a
 * minute each has its own; in a burst, API Gateway's access log still has one each. A line was a fifth of a warm
 * read's CPU (docs/performance.md).
 */
const QUIET_INTERVAL_MS = 1_000

/** @param stack the dimension of the metrics. */
export function requestLog(stack: string, clock: Clock): RequestLog {
  let waiting: Observed[] = []
  let lastLineMs = Number.NEGATIVE_INFINITY
  return {
    served(operation, call, { statusCode: status, headers }) {
      const { observed, error } = call
      const monotonicMs = clock.monotonicMs()
      const isSoon = monotonicMs - lastLineMs < QUIET_INTERVAL_MS
      if (isSoon && isQuiet(operation.effect, status, observed) && waiting.length < MAX_VALUES - 1) {
        waiting.push(observed)
        return
      }
      const told = [...waiting, observed]
      waiting = []
      lastLineMs = monotonicMs
      const nowMs = clock.nowMs()
      writeLine(
        status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
        {
          code: 'request.served',
          requestId: call.requestId,
          operation: operation.id,
          status,
          durationMs: Math.round(monotonicMs - call.startedMs),
          upstreamRequests: observed.sent,
          // JSON leaves out what is undefined.
          upstreamStatus: observed.lastStatus,
          upstreamWriteStatus: observed.writeStatus,
          correlationId: observed.correlationId,
          inconsistency: observed.inconsistency,
          changeId: headers?.['x-change-id'],
          errorCode: error instanceof GatewayError ? error.code : undefined,
          error: status >= 500 ? described(error) : undefined,
          /** Quiet reads since the last line, whose metrics are in this one. */
          alsoServed: told.length > 1 ? told.length - 1 : undefined,
          ...embeddedMetrics(stack, metricsOf(told), nowMs),
        },
        nowMs,
      )
    },
  }
}

/** Nothing an operator would look for: a read that succeeded at the first try. */
function isQuiet(effect: string, status: number, observed: Observed): boolean {
  return (
    (effect === 'read' || effect === 'local') &&
    status < 400 &&
    observed.resent === 0 &&
    observed.inconsistency === undefined
  )
}

function metricsOf(told: readonly Observed[]): Metric[] {
  const values = (of: (observed: Observed) => number | undefined) => told.map(of).filter(isNumber)
  const count = (of: (observed: Observed) => number) => values((observed) => of(observed) || undefined)
  return [
    { name: metricNames.upstreamUnauthorized, unit: 'Count', values: count((each) => each.unauthorized) },
    { name: metricNames.upstreamForbidden, unit: 'Count', values: count((each) => each.forbidden) },
    { name: metricNames.upstreamRetries, unit: 'Count', values: count((each) => each.resent) },
    {
      name: metricNames.upstreamLatency,
      unit: 'Milliseconds',
      values: values(({ sent, latencyMs }) => (sent > 0 ? Math.round(latencyMs) : undefined)),
    },
    { name: metricNames.rateLimitUsed, unit: 'Count', values: values((each) => each.rateLimitUsed) },
    { name: metricNames.rateLimitAllowed, unit: 'Count', values: values((each) => each.rateLimitAllowed) },
  ]
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined
}
