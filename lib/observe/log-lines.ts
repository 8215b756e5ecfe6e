/**
 * What operators see. What the other rooms tell of requests, changes, chats and refusals comes in by their
 * own ports (`request-log.ts`, `change-log.ts` and the like); one line of JSON each goes out, metrics within
 * it. Start here. Metrics are in CloudWatch's embedded format (User Guide, "Embedded metric format
 * specification"): one line is log entry and metrics at once, and costs no call.
 */
import { writeSync } from 'node:fs'
import { currentRequestId } from '../invocation.ts'
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from './metric-names.ts'

/**
 * Where every line of the log goes: standard output, which Lambda's JSON log format takes as it is when a line is JSON
 * already, CloudWatch metrics in embedded format included. The laptop puts its own function here.
 */
export const lines = {
  write(line: string): void {
    let written = 0
    try {
      // Not through process.stdout, whose making is 1 ms of a cold start.
      written = writeSync(STANDARD_OUTPUT, line)
      const bytes = Buffer.byteLength(line)
      while (written < bytes) written += writeSync(STANDARD_OUTPUT, Buffer.from(line), written)
    } catch {
      // A full pipe that does not block; the stream waits for room.
      process.stdout.write(Buffer.from(line).subarray(written))
    }
  },
}

const STANDARD_OUTPUT = 1

export type Level = 'INFO' | 'WARN' | 'ERROR'

/** CloudWatch cuts events at 256 kB; a line of ours stays far below. Characters. */
const MAX_LINE = 32_000

/** Characters kept of each text in a line that would be longer; what is escaped takes up to six times as many. */
const MAX_TEXT_OF_LONG_LINE = 200

/**
 * Writes one JSON line, with the id of the invocation at work where the entry has no `requestId` of its own. Values must
 * be free of secrets; what looks like one is cut out all the same.
 */
export function writeLine(level: Level, entry: Readonly<Record<string, unknown>>, nowMs: number): void {
  const requestId = entry['requestId'] ?? currentRequestId()
  const whole = { level, timestamp: new Date(nowMs).toISOString(), ...entry, requestId }
  const plain = JSON.stringify(whole)
  const line = SUSPICIOUS.test(plain) ? JSON.stringify(whole, redact) : plain
  lines.write(`${line.length > MAX_LINE ? JSON.stringify(whole, cutText) : line}\n`)
}

/** What `redact` looks for has one of these in it: a line without is written as it is, not visited value by value. */
const SUSPICIOUS = /bearer|basic|token|secret|authorization/i

const SECRET_NAME = /^(access_?token|client_?secret|authorization)$/i
const IN_HEADER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+/gi
/** In JSON, JSON within JSON, and forms. */
const AFTER_NAME = /((?:access_?token|client_?secret)\\*"?\s*[:=]\s*\\*"?)[^"\\&\s]+/gi

/** The last net under every line: schemes of the Authorization header with what follows, and values of telling names. */
function redact(name: string, value: unknown): unknown {
  if (SECRET_NAME.test(name)) return '[redacted]'
  if (typeof value !== 'string') return value
  return value.replaceAll(IN_HEADER, '$1 [redacted]').replaceAll(AFTER_NAME, '$1[redacted]')
}

function cutText(name: string, value: unknown): unknown {
  const safe = redact(name, value)
  return typeof safe === 'string' ? safe.slice(0, MAX_TEXT_OF_LONG_LINE) : safe
}

/** Depth to which causes are followed; deeper ones say nothing new. */
const MAX_CAUSES = 5

/** Characters kept of one message and one stack. */
const MAX_TEXT = 2_000

/** An error and its causes for the log: names, messages and the first stack, nothing else an error may carry. */
export function describeError(error: unknown, depth = 0): Readonly<Record<string, unknown>> | undefined {
  if (error === undefined || depth > MAX_CAUSES) return undefined
  if (!(error instanceof Error)) return { message: `thrown value of type ${typeof error}` }
  return {
    name: error.name,
    message: error.message.slice(0, MAX_TEXT),
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    stack: depth === 0 ? error.stack?.slice(0, MAX_TEXT) : undefined,
    cause: describeError(error.cause, depth + 1),
  }
}

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
