/**
 * CloudWatch metrics in embedded metric format: one JSON line is log entry and metrics at once, and costs no call.
 * The format is AWS's (CloudWatch User Guide, "Embedded metric format specification").
 */
import { METRIC_DIMENSION, METRIC_NAMESPACE, type metricNames } from './metric-names.ts'

export type MetricName = (typeof metricNames)[keyof typeof metricNames]

export interface Metric {
  readonly name: MetricName
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds'
  /** Left out of the line where there is none. */
  readonly value: number | undefined
}

/** The fields to put into a log line so that CloudWatch reads the metrics from it. */
export function embedMetrics(
  stack: string,
  metrics: readonly Metric[],
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const definitions: { Name: MetricName; Unit: Metric['unit'] }[] = []
  const fields: Record<string, unknown> = {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        { Namespace: METRIC_NAMESPACE, Dimensions: [[METRIC_DIMENSION]], Metrics: definitions },
      ],
    },
    [METRIC_DIMENSION]: stack,
  }
  for (const { name, unit, value } of metrics) {
    if (value === undefined) continue
    definitions.push({ Name: name, Unit: unit })
    fields[name] = value
  }
  return definitions.length === 0 ? {} : fields
}

/** The fields that count one. */
export function countOne(stack: string, name: MetricName, nowMs: number): Readonly<Record<string, unknown>> {
  return embedMetrics(stack, [{ name, unit: 'Count', value: 1 }], nowMs)
}
