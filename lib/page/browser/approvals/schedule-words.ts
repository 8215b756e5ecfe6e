/** What a schedule does, and when, as people say it. Pure. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'

/** As a change of it has it. */
export function desiredOfOrder(order: Schedule['change']): Change['desired'] {
  if (order.kind === 'toggle') return { featureName: order.featureName, enabled: order.enabled }
  return { assignments: [...order.assignments] }
}

/** `once at 2026-12-01 09:00 (Europe/Berlin)`, `every 2 hours`. */
export function whenTextOf({ at, cron, rate, timeZone }: Schedule): string {
  if (rate !== undefined) return `every ${rate.replace(/^1 /, '')}`
  if (at !== undefined) return `once at ${at.slice(0, 16).replace('T', ' ')} (${timeZone})`
  return `by the rule “${cron}” (minute, hour, day, month, weekday, year), in ${timeZone}`
}
