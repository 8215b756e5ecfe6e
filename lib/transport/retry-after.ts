/** Shortest wait a Retry-After can ask for: zero or a date gone by must not become a tight loop. */
export const MIN_RETRY_AFTER_SECONDS = 1

/** Longest wait believed. A rate limit window is 60 s, so an hour is a fault upstream, not advice. */
export const MAX_RETRY_AFTER_SECONDS = 3600

/** Only this form of HTTP-date: `Date.parse` alone takes '5' for May 2001 and '-1' for a date. */
const IMF_FIXDATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3) in either form.
 *
 * @param nowMs our clock, epoch milliseconds, for the date form.
 * @returns whole seconds from 1 to 3600; undefined where the header is absent or means nothing.
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const value = header?.trim() ?? ''
  if (/^\d+$/.test(value)) return clamp(Number(value))
  if (!IMF_FIXDATE.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : clamp(Math.ceil((at - nowMs) / 1000))
}

/** `baseMs` is half of what the first wait may be, `capMs` the most that any may be. */
export interface Backoff {
  readonly baseMs: number
  readonly capMs: number
}

/** After a 429: its window is 60 s (Genesys, "Rate limits"), so that asking again within a second or two is mostly in vain. */
const AFTER_TOO_MANY: Backoff = { baseMs: 1_000, capMs: 8_000 }

/**
 * How long to wait before the next try where nobody said how long: exponential with full jitter (AWS Architecture Blog,
 * 2015), uniform between nothing and twice as much after each try.
 *
 * @param tries made so far, from 1.
 * @returns milliseconds.
 */
export function backoffMsOf(
  tries: number,
  clock: { readonly random: () => number },
  { baseMs, capMs } = AFTER_TOO_MANY,
): number {
  return clock.random() * Math.min(capMs, baseMs * 2 ** tries)
}

const clamp = (seconds: number) =>
  Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(MIN_RETRY_AFTER_SECONDS, seconds))
