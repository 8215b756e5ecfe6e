/** The time as the gateway has it: devices' clocks are off by minutes, some by days. */

/** Answers tell whole seconds, some time after they were written: what is no more than this is no difference. Milliseconds. */
const EXACT_MS = 10_000

let aheadMs = 0

/** @param date of an answer's header. */
export function heedServerDate(date: string | null): void {
  const differenceMs = Date.parse(date ?? '') - Date.now()
  if (!Number.isNaN(differenceMs)) aheadMs = Math.abs(differenceMs) > EXACT_MS ? differenceMs : 0
}

export function serverNowMs(): number {
  return Date.now() + aheadMs
}

/** How far it is ahead of this device, seconds; behind is below zero. */
export function serverAheadSeconds(): number {
  return Math.round(aheadMs / 1_000)
}
