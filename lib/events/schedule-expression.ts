import type { When } from '../changes/model/schedule.ts'

/** @returns the expression as EventBridge Scheduler takes it: `at(…)`, `cron(…)` or `rate(…)`. */
export function expressionOf({ at, cron, rate }: When): string {
  // The service wants the seconds; a person may leave them out.
  if (at !== undefined) return `at(${/T\d\d:\d\d$/.test(at) ? `${at}:00` : at})`
  return cron === undefined ? `rate(${rate ?? ''})` : `cron(${cron})`
}
