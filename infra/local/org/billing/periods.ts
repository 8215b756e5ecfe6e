/** The periods of a contract: months from its own date on, and not the calendar's. Days are UTC. */

/** `2026-11-15` */
export type Day = string

export interface ContractMonth {
  /** From 0, the contract's first. */
  readonly number: number
  readonly start: Day
  readonly lastDay: Day
  /** Epoch milliseconds, the later one exclusive. */
  readonly fromMs: number
  readonly untilMs: number
}

export function msOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}

export function dayOf(ms: number): Day {
  return new Date(ms).toISOString().slice(0, 10)
}

/** So many months after a day: the last of the month where that has no such day, as the 31st has none in February. */
export function monthsAfter(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)))
}

function periodNumber(contractStart: Day, number: number): ContractMonth {
  const [start, next] = [monthsAfter(contractStart, number), monthsAfter(contractStart, number + 1)]
  return { number, start, lastDay: dayOf(msOf(next) - 1), fromMs: msOf(start), untilMs: msOf(next) }
}

/** Every period that has begun, and none that begins after the contract's last day. */
export function periodsUntil(contractStart: Day, lastDay: Day, nowMs: number): readonly ContractMonth[] {
  const periods: ContractMonth[] = []
  for (let number = 0; ; number++) {
    const period = periodNumber(contractStart, number)
    if (period.fromMs > nowMs || period.start > lastDay) return periods
    periods.push(period)
  }
}
