import type { Clock } from '../clock.ts'

/** Shortest wait a Retry-After can ask for: zero or a date gone by must not become a tight loop. */
export const MIN_RETRY_AFTER_SECONDS = 1

/** Longest wait believed. A rate limit window is 60 s, so an hour is a fault upstream, not advice. */
const MAX_SECONDS = 3600

/** Only this form of HTTP-date: `Date.parse` alone takes '5' for May 2001 and '-1' for a date. */
const IMF_FIXDATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3) in either form.
 *
 * @param nowMs our clock, epoch milliseconds, for the date form.
 * @returns whole seconds from 1 to 3600; undefined where the header is absent or means nothing.
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? ''
  if (/^\d+$/.test(value)) return clamp(Number(value))
  if (!IMF_FIXDATE.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : clamp(Math.ceil((at - nowMs) / 1000))
}

/** Full jitter (AWS Architecture Blog, 2015): each wait is uniform between nothing and twice what it was before, up to the cap. Milliseconds. */
const BACKOFF_CAP_MS = 8_000

/** The first wait is up to twice this. A rate limit window is 60 s, so what was too much is not worth asking for sooner. Milliseconds. */
const BACKOFF_BASE_MS = 1_000

/**
 * How long to wait before asking again what was too much, or did not go, where nobody said how long.
 *
 * @param tries made so far, from 1.
 * @returns milliseconds.
 */
export function backoffMs(
  tries: number,
  { random }: Pick<Clock, 'random'>,
  { baseMs, capMs } = { baseMs: BACKOFF_BASE_MS, capMs: BACKOFF_CAP_MS },
): number {
  return random() * Math.min(capMs, baseMs * 2 ** tries)
}

const clamp = (seconds: number) => Math.min(MAX_SECONDS, Math.max(MIN_RETRY_AFTER_SECONDS, seconds))
