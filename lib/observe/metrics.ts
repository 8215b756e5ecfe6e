/**
 * CloudWatch metrics in embedded metric format: one JSON line is log entry and metrics at once, and costs no call.
 * The format is AWS's (CloudWatch User Guide, "Embedded metric format specification").
 */
import { METRIC_DIMENSION, METRIC_NAMESPACE, type metricNames } from './metric-names.ts'

export type MetricName = (typeof metricNames)[keyof typeof metricNames]

export interface Metric {
  readonly name: MetricName
  readonly unit: 'Count' | 'Milliseconds'
  /** Left out of the line where undefined. */
  readonly value: number | undefined
}

/** The fields to put into a log line so that CloudWatch reads the metrics from it. */
export function embeddedMetrics(
  stack: string,
  metrics: readonly Metric[],
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const given = metrics.filter(({ value }) => value !== undefined)
  if (given.length === 0) return {}
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [[METRIC_DIMENSION]],
          Metrics: given.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    [METRIC_DIMENSION]: stack,
    ...Object.fromEntries(given.map(({ name, value }) => [name, value])),
  }
}
