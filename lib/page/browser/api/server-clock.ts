/**
 * The time as the gateway has it: devices' clocks are off by minutes, some by days, and a laptop's gateway may be moved on.
 * Its identity provider is not moved on with it, so that a sign-in goes by what served the page.
 */

/** Answers tell whole seconds, some time after they were written: what is no more than this is no difference. Milliseconds. */
const EXACT_MS = 10_000

let aheadMs = 0
let signInAheadMs = 0

/** @param date of an answer's header. */
export function heedServerDate(date: string | null): void {
  aheadMs = aheadBy(date) ?? aheadMs
}

/** @param date of the header of what the page was served. */
export function heedSignInDate(date: string | null): void {
  signInAheadMs = aheadBy(date) ?? signInAheadMs
  heedServerDate(date)
}

export function serverNowMs(): number {
  return Date.now() + aheadMs
}

/** How far tokens' clock is ahead of this device's, seconds; behind is below zero. */
export function signInAheadSeconds(): number {
  return Math.round(signInAheadMs / 1_000)
}

function aheadBy(date: string | null): number | undefined {
  const differenceMs = Date.parse(date ?? '') - Date.now()
  if (Number.isNaN(differenceMs)) return undefined
  return Math.abs(differenceMs) > EXACT_MS ? differenceMs : 0
}
