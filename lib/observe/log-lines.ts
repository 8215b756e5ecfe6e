/**
 * What operators see. What the other rooms tell of requests, changes, chats and refusals comes in by their own ports
 * (`request-log.ts`, `change-log.ts` and the like); one line of JSON each goes out, metrics within it. Start here.
 */
import { writeSync } from 'node:fs'

/**
 * Where every line of the log goes: standard output, which Lambda's JSON log format takes as it is when a line is JSON
 * already, CloudWatch metrics in embedded format included. The laptop puts its own function here.
 */
export const lines = {
  write(line: string): void {
    const bytes = Buffer.from(line)
    let written = 0
    try {
      // Not through process.stdout, whose making is 1 ms of a cold start.
      while (written < bytes.length) written += writeSync(STANDARD_OUTPUT, bytes, written)
    } catch {
      // A full pipe that does not block; the stream waits for room.
      process.stdout.write(bytes.subarray(written))
    }
  },
}

const STANDARD_OUTPUT = 1

export type Level = 'INFO' | 'WARN' | 'ERROR'

/** CloudWatch cuts events at 256 kB; a line of ours stays far below. Characters. */
const MAX_LINE = 32_000

/** Characters kept of each text in a line that would be longer; what is escaped takes up to six times as many. */
const MAX_TEXT_OF_LONG_LINE = 200

/** Writes one JSON line. Values must be free of secrets; what looks like one is cut out all the same. */
export function writeLine(level: Level, entry: Readonly<Record<string, unknown>>, nowMs: number): void {
  const whole = { level, timestamp: new Date(nowMs).toISOString(), ...entry }
  const plain = JSON.stringify(whole)
  const line = SUSPICIOUS.test(plain) ? JSON.stringify(whole, redact) : plain
  lines.write(`${line.length > MAX_LINE ? JSON.stringify(whole, cutText) : line}\n`)
}

/** What `redacted` looks for has one of these in it: a line without is written as it is, not visited value by value. */
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
