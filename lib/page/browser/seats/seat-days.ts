import { useEffect, useRef } from 'preact/hooks'
import type { SeatDayListing } from '../../../seats/seat-schemas.ts'
import type { LicenseDay } from '../../../seats/seats-port.ts'
import { type AnswerState, useAnswer } from '../api/use-answer.ts'

/** The days of one license. */
export interface DaysBehind {
  /** Undefined as long as they are not there; a license that the answer lacks has none. */
  readonly days: readonly LicenseDay[] | undefined
  /** The UTC day of the last count. */
  readonly asOfDay: string
  /** Since when it is on record what was paid for, where that is not all of them. */
  readonly seatsFromDay?: string | undefined
}

const DAYS = 90

/** Days do not change but by a new reading, and at midnight. */
const EVERY_MS = 600_000

/** @param asOf of the counts that are shown: with another one the days are another too. */
export function useSeatDays(
  asOf: string | undefined,
): Omit<AnswerState<SeatDayListing>, 'value'> & { of(licenseId: string): DaysBehind } {
  const { value, problem, refresh } = useAnswer<SeatDayListing>(`v1/seats/days?days=${DAYS}`, {
    everyMs: EVERY_MS,
  })
  const last = useRef(asOf)
  useEffect(() => {
    const isAnother = last.current !== undefined && asOf !== undefined && last.current !== asOf
    last.current = asOf
    if (isAnother) void refresh()
  }, [asOf, refresh])
  return {
    problem,
    refresh,
    of(licenseId) {
      const found = value?.entities.find((each) => each.licenseId === licenseId)
      return {
        days: value === undefined ? undefined : (found?.days ?? []),
        asOfDay: value?.asOf.slice(0, 10) ?? '',
        seatsFromDay: value?.seatsFromDay,
      }
    },
  }
}
