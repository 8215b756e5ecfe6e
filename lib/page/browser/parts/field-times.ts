/** Times as their fields have them, `2026-12-01T09:00`, by the clocks of a zone: that in which times are told. Pure. */
import { besideSkip, instantOf, isLocalTime, localTimeAt } from '../../../changes/model/local-time.ts'

/** @returns a sentence where it names no time that is still to come. @param nowMs epoch milliseconds. */
export function faultInTime(local: string, timeZone: string, nowMs: number): string | undefined {
  if (!isLocalTime(local)) return 'Say when: a day and a time.'
  const beside = besideSkip(local, timeZone)
  if (beside) {
    const [before, after] = beside.map((instantMs) => localTimeAt(instantMs, timeZone).slice(11, 16))
    return `The clocks of ${zoneNameOf(timeZone)} skip that time: say ${before} or ${after}.`
  }
  return instantOf(local, timeZone) <= nowMs ? 'Say a day and a time that are still to come.' : undefined
}

/** As the gateway takes it; of a time that the clocks show twice, the first. */
export function isoOfTime(local: string, timeZone: string): string {
  return new Date(instantOf(local, timeZone)).toISOString()
}

/** The same the other way: what a field for a time shows of it, to the minute. */
export function typedTimeOf(iso: string, timeZone: string): string {
  return localTimeAt(Date.parse(iso), timeZone).slice(0, 'yyyy-mm-ddThh:mm'.length)
}

export function zoneNameOf(timeZone: string): string {
  return timeZone.replaceAll('_', ' ')
}
