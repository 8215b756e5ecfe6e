/** When a schedule fires next. Pure. */
import type { Schedule } from '../../../changes/answers/schedule-schemas.ts'
import { nextFiringOf } from '../../../changes/model/cron/cron-days.ts'
import { instantOf } from '../../../changes/model/local-time.ts'

export interface NextFiring {
  /** ISO 8601. */
  readonly at: string
  /** Of a rate, which EventBridge Scheduler counts from some moment of its own. */
  readonly isAbout: boolean
}

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** @param createdAt where it is made now, that is now. @returns undefined where it never does, or nobody can tell. */
export function nextOf(
  { at, cron, rate, timeZone, createdAt }: Pick<Schedule, 'at' | 'cron' | 'rate' | 'timeZone' | 'createdAt'>,
  nowMs: number,
): NextFiring | undefined {
  const [count, unit = ''] = rate?.split(' ') ?? []
  const everyMs = Number(count) * (UNITS_MS[unit.replace(/s$/, '')] ?? Number.NaN)
  const nextMs =
    at !== undefined
      ? instantOf(at, timeZone)
      : cron !== undefined
        ? nextFiringOf(cron, timeZone, nowMs)
        : nowMs + everyMs - ((nowMs - Date.parse(createdAt)) % everyMs)
  if (nextMs === undefined || Number.isNaN(nextMs) || nextMs <= nowMs) return undefined
  return { at: new Date(nextMs).toISOString(), isAbout: rate !== undefined }
}
