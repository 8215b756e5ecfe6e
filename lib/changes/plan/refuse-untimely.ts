/** Times of schedules that EventBridge Scheduler would take and never fire at, or fire at another moment than was named. */
import { GatewayError } from '../../errors.ts'
import { isToFire } from '../model/cron/cron-days.ts'
import { LAST_YEAR } from '../model/cron/cron-fields.ts'
import { besideSkip, instantOf, isLocalTime, localTimeAt } from '../model/local-time.ts'

/** @throws GatewayError `bad.request` for a time that is past, or that the zone's clocks skip. */
export function refuseUntimely(fieldName: 'at' | 'cron', at: string, timeZone: string, nowMs: number): void {
  const beside = besideSkip(at, timeZone)
  if (beside) {
    const [earlier, later] = beside.map(
      (instantMs) => `${localTimeAt(instantMs, timeZone)} (${new Date(instantMs).toISOString()})`,
    )
    throw wrongTimeError(
      fieldName,
      `must be a time that the clocks of ${timeZone} show: they skip ${at}, so name ${earlier} or ${later}`,
    )
  }
  const atMs = instantOf(at, timeZone)
  if (atMs <= nowMs) {
    throw wrongTimeError(
      fieldName,
      `must be in the future: ${at} in ${timeZone} was ${new Date(atMs).toISOString()}`,
    )
  }
}

/**
 * What fires never, as far as numbers, names, lists, ranges and steps say it: EventBridge Scheduler judges all else of an expression.
 *
 * @throws GatewayError `bad.request`
 */
export function refuseNever(cron: string, timeZone: string, nowMs: number): void {
  const [minute, hour, day, month, , year] = cron
    .split(' ')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : null))
  const fields = [
    ['minute', minute, 0, 59],
    ['hour', hour, 0, 23],
    ['day', day, 1, month ? daysIn(month) : 31],
    ['month', month, 1, 12],
    ['year', year, new Date(nowMs).getUTCFullYear(), LAST_YEAR],
  ] as const
  for (const [name, value, least, most] of fields) {
    if (typeof value !== 'number' || (value >= least && value <= most)) continue
    throw wrongTimeError(
      'cron',
      `must be able to fire: its ${name} is ${value}, and must be from ${least} to ${most}`,
    )
  }
  const [y, mo, d, h, mi] = [year, month, day, hour, minute].map((value) => String(value).padStart(2, '0'))
  const isOneTime = [year, month, day, hour, minute].every((value) => typeof value === 'number')
  const at = `${y}-${mo}-${d}T${h}:${mi}`
  if (isOneTime && isLocalTime(at)) refuseUntimely('cron', at, timeZone, nowMs)
  else if (!isToFire(cron, timeZone, nowMs)) {
    throw wrongTimeError(
      'cron',
      `must be able to fire: from now on to ${LAST_YEAR} no day is of its day, month, weekday and year`,
    )
  }
}

/** Of the longest such month that there is. */
function daysIn(month: number): number {
  return new Date(Date.UTC(2024, month, 0)).getUTCDate()
}

function wrongTimeError(fieldName: 'at' | 'cron', message: string): GatewayError {
  return new GatewayError('bad.request', `${fieldName}: ${message}`, {
    faults: [{ fieldName, errorCode: 'CONTRADICTION', message }],
  })
}
