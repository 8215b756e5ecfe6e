/** What replies about seats and about billing periods have in common. */
import type { Counting, LicensePeriod, Period, PeriodReport } from '../../../seats/seats-port.ts'
import { CONCURRENT, contractGoneText, dayTextOf, NOT_WHOLE } from '../../../seats/words/seat-words.ts'
import { type Part, sayNote, sayText } from './reply.ts'
import { ageTextOf } from './times.ts'

export interface SeatsReader {
  readonly timeZone: string
  readonly nowMs: number
}

/** None where it would have no rows: headings alone say nothing. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): Part[] {
  return rows.length === 0 ? [] : [{ kind: 'table', headings, rows }]
}

export function sayConcurrent(counting: Counting | undefined): Part[] {
  return counting === 'concurrent' ? [sayText(CONCURRENT)] : []
}

/** Where the count never was within the seats, nobody knows for how long. */
export function sinceTextOf(
  { overSince = '', isOverFromFirst }: Pick<LicensePeriod, 'overSince' | 'isOverFromFirst'>,
  { nowMs }: SeatsReader,
): string {
  return `${dayTextOf(overSince, nowMs)}${isOverFromFirst ? ' at the latest' : ''}`
}

/** Of a period that is over. */
const NONE_WHOLE = 'No reading in this period was whole, so these counts may be wrong.'

type DatedCounts = Pick<PeriodReport, 'asOfMs' | 'isWhole' | 'counting' | 'contractGoneSinceMs'> &
  Partial<Pick<PeriodReport, 'status' | 'countedFromMs'>>

export function datedParts(
  { asOfMs, isWhole, counting, contractGoneSinceMs, status, countedFromMs }: DatedCounts,
  { timeZone, nowMs }: SeatsReader,
): Part[] {
  const at = (ms: number) => ageTextOf(ms, timeZone, nowMs)
  // What was settled after a period's end is none of its own.
  const since =
    status === 'closed' ? ', by the last reading in the period' : ', and what the gateway has settled since'
  return [
    ...sayConcurrent(counting),
    ...(contractGoneSinceMs === undefined ? [] : [sayText(contractGoneText(at(contractGoneSinceMs)))]),
    ...(isWhole === false ? [sayText(status === 'closed' ? NONE_WHOLE : NOT_WHOLE)] : []),
    ...(countedFromMs === undefined
      ? []
      : [
          sayText(
            `Given and taken are counted from ${at(countedFromMs)} on, when the first reading was made.`,
          ),
        ]),
    asOfMs === undefined
      ? sayText('Nobody has read who held what in this period.')
      : sayNote(`As of ${at(asOfMs)}${since}.`),
  ]
}

/** Which period it is, with the id that the API knows it by. */
export function sayPeriod(period: Pick<Period, 'from' | 'id' | 'start' | 'end'>, reader: SeatsReader): Part {
  const span = `${periodTextOf(period, reader)} (${period.id})`
  return sayNote(
    period.from === 'contract'
      ? `Billing period ${span}.`
      : `Calendar month ${span}, since Genesys told no billing period for it.`,
  )
}

/** Days as they were given: whether the last one is within it Genesys does not say. */
export function periodTextOf({ start, end }: Pick<Period, 'start' | 'end'>, { nowMs }: SeatsReader): string {
  return `${dayTextOf(start, nowMs)} to ${dayTextOf(end, nowMs)}`
}
