/** What replies about seats and about billing periods have in common. */
import type { LicensePeriod, LicenseSeats, Period, PeriodReport } from '../../../seats/seats-port.ts'
import { type Part, sayNote, sayText } from './reply.ts'
import { contractGoneText, dayTextOf, NOT_WHOLE, sayConcurrent } from './seat-words.ts'
import { ageTextOf } from './times.ts'

export interface SeatsReader {
  readonly timeZone: string
  readonly nowMs: number
}

/** What nobody knows is never shown as none. */
const UNKNOWN = '–'

export const figureOf = (count: number | undefined): string => (count === undefined ? UNKNOWN : String(count))

/** None where it would have no rows: headings alone say nothing. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): Part[] {
  return rows.length === 0 ? [] : [{ kind: 'table', headings, rows }]
}

/** Where the contract says another number, and where it has no such charge. */
export function doubtParts({
  licenseId,
  seats,
  contractSeats,
  unknownCharges = [],
}: Pick<LicenseSeats, 'licenseId' | 'seats' | 'contractSeats' | 'unknownCharges'>): Part[] {
  return [
    ...(contractSeats === undefined || contractSeats === seats
      ? []
      : [
          sayText(
            `Of ${licenseId} the contract has ${contractSeats} paid for; the org file’s ${figureOf(seats)} count.`,
          ),
        ]),
    ...(unknownCharges.length === 0
      ? []
      : [
          sayText(
            `The org file maps charges to ${licenseId} that the contract does not have: ${unknownCharges.join(', ')}. So what the contract pays for it is not known.`,
          ),
        ]),
  ]
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
