/** Seats and billing periods as whoever asks for them in chat sees them: figures, and no names. */
import { excessOf } from '../../../seats/count-paid.ts'
import type {
  LicensePeriod,
  LicenseSeats,
  Period,
  PeriodReport,
  SeatsNow,
} from '../../../seats/seats-port.ts'
import { answerWith, type Part, type Reply, sayNote, sayText } from './reply.ts'
import {
  barOf,
  byOver,
  contractGoneText,
  countOf,
  dayTextOf,
  heldCellOf,
  NOT_WHOLE,
  sayConcurrent,
} from './seat-words.ts'
import { ageTextOf } from './times.ts'

interface SeatsReader {
  readonly timeZone: string
  readonly nowMs: number
}

/** What nobody knows is never shown as none. */
const UNKNOWN = '–'

const figureOf = (count: number | undefined): string => (count === undefined ? UNKNOWN : String(count))

export function showSeats(now: SeatsNow, period: Period | undefined, reader: SeatsReader): Reply {
  const { licenses } = now
  const over = licenses.filter((each) => (each.over ?? 0) > 0)
  const [only] = over
  const title =
    over.length === 1 && only
      ? `${only.licenseId} is over its seats`
      : over.length === 0
        ? 'No license is over its seats'
        : `${over.length} licenses are over their seats`
  const isKnown = licenses.some(({ seats }) => seats !== undefined)
  return answerWith(
    isKnown ? title : 'What is held',
    ...tableOf(
      ['license', '', 'held'],
      byOver(licenses).map((each) => [each.licenseId, barOf(each), heldCellOf(each)]),
    ),
    ...(isKnown ? [] : [sayText('Nobody has told how many seats are paid for.')]),
    ...unknownParts(licenses),
    ...licenses.flatMap((each) => doubtParts(each)),
    ...datedParts(now, reader),
    ...(period === undefined ? [] : [sayNote(`${periodTitleOf(period)}: ${spanTextOf(period, reader)}.`)]),
    sayNote('Since when, and by which changes:', 'seats <license>'),
  )
}

/** None where it would have no rows: headings alone say nothing. */
function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): Part[] {
  return rows.length === 0 ? [] : [{ kind: 'table', headings, rows }]
}

/** Where the contract says another number, and where it has no such charge. */
function doubtParts({
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

/** One license, as it stands now. */
export function showLicenseSeats(license: LicensePeriod, report: PeriodReport, reader: SeatsReader): Reply {
  const { licenseId, held, seats, seatsFrom, over = 0, unknown, overSince, most, billed } = license
  const bar = held === undefined ? '' : barOf({ held, seats })
  const paid =
    seats === undefined
      ? 'not told'
      : `${seats}, as ${seatsFrom === 'contract' ? 'the contract' : 'the org file'} has it`
  return answerWith(
    over > 0 ? `${licenseId} is over its seats by ${over}` : `${licenseId}: ${figureOf(held)} held`,
    {
      kind: 'facts',
      facts: [
        ['held', `${figureOf(held)}${bar === '' ? '' : ` ${bar}`}`],
        ['paid for', paid],
        ...(unknown
          ? [['not known', `of ${countOf(unknown, 'person', 'people')}, who are not counted`] as const]
          : []),
        ...(most === undefined
          ? []
          : [['most in this period', `${most.held}, on ${dayTextOf(most.day, reader.nowMs)}`] as const]),
        ...(overSince === undefined ? [] : [['over since', sinceTextOf(license, reader)] as const]),
        ...(billed === undefined ? [] : [['billed so far', billedTextOf(license, reader)] as const]),
        ['given and taken', movesTextOf(license)],
      ],
    },
    ...behindParts(license),
    ...doubtParts(license),
    ...datedParts(report, reader),
    sayNote(`${periodTitleOf(report)}: ${spanTextOf(report, reader)}.`),
    sayNote('Who holds it:', `who ${licenseId}`),
  )
}

/** Where the count never was within the seats, nobody knows for how long. */
function sinceTextOf(
  { overSince = '', isOverFromFirst }: Pick<LicensePeriod, 'overSince' | 'isOverFromFirst'>,
  { nowMs }: SeatsReader,
): string {
  return `${dayTextOf(overSince, nowMs)}${isOverFromFirst ? ' at the latest' : ''}`
}

function movesTextOf({ given, taken, changedOutside }: LicensePeriod): string {
  if (given === undefined || taken === undefined || changedOutside === undefined) return 'not on record'
  return `${given} and ${taken} by changes, ${changedOutside} outside of the gateway`
}

function billedTextOf(
  { billed, billedAsOfMs }: Pick<LicenseSeats, 'billed' | 'billedAsOfMs'>,
  { timeZone, nowMs }: SeatsReader,
) {
  return `${figureOf(billed)}${billedAsOfMs === undefined ? '' : `, as of ${ageTextOf(billedAsOfMs, timeZone, nowMs)}`}`
}

/** Changes behind an overage that are named. */
const MAX_CHANGES = 5

function behindParts({ people, morePeople = 0, heldFromFirst = 0 }: LicensePeriod): Part[] {
  const first =
    heldFromFirst > 0
      ? [
          sayText(
            `By the first count on record it was over already: ${heldFromFirst} who hold it had it then.`,
          ),
        ]
      : []
  if (people.length === 0) return first
  const byChange = new Map<string, number>()
  let outside = 0
  for (const { by } of people) {
    if (by === 'outside') outside += 1
    if (typeof by === 'object') byChange.set(by.changeId, (byChange.get(by.changeId) ?? 0) + 1)
  }
  const rows = [...byChange].slice(0, MAX_CHANGES).map(([changeId, count]) => [changeId, String(count)])
  const table: Part = {
    kind: 'table',
    headings: ['given it by', 'people'],
    rows: [...rows, ...(outside > 0 ? [['outside of the gateway', String(outside)]] : [])],
    total: byChange.size > MAX_CHANGES ? byChange.size + (outside > 0 ? 1 : 0) : undefined,
  }
  return [
    table,
    ...first,
    ...(morePeople > 0 ? [sayText(`Of ${morePeople} more it is not listed here.`)] : []),
    sayNote('To see one change:', 'change <id>'),
  ]
}

function unknownParts(licenses: readonly LicenseSeats[]): Part[] {
  const unclear = licenses.flatMap(({ licenseId, unknown }) =>
    unknown ? [`${unknown} of ${licenseId}`] : [],
  )
  return unclear.length === 0 ? [] : [sayText(`Not known, and not counted: ${unclear.join(', ')}.`)]
}

type DatedCounts = Pick<PeriodReport, 'asOfMs' | 'isWhole' | 'counting' | 'contractGoneSinceMs'> &
  Partial<Pick<PeriodReport, 'status' | 'countedFromMs'>>

function datedParts(
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
    ...(isWhole === false ? [sayText(NOT_WHOLE)] : []),
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

function periodTitleOf({ from, id }: Pick<Period, 'from' | 'id'>): string {
  return from === 'contract' ? `Billing period ${id}` : `Calendar month ${id}`
}

/** Days as they were given: whether the last one is within it Genesys does not say. */
function spanTextOf(
  { start, end, from }: Pick<Period, 'start' | 'end' | 'from'>,
  { nowMs }: SeatsReader,
): string {
  const why = from === 'contract' ? '' : ', since Genesys told no billing period for it'
  return `${dayTextOf(start, nowMs)} to ${dayTextOf(end, nowMs)}${why}`
}

/** @param isClosed of a period that is over nothing is so any more. */
function overParts(license: LicensePeriod, isClosed: boolean, reader: SeatsReader): Part[] {
  const { licenseId, over = 0, overSince, mostOver } = license
  if (over > 0) {
    const since = overSince === undefined ? '' : `, since ${sinceTextOf(license, reader)}`
    const how = isClosed ? `was over its seats by ${over} in the end` : `is over its seats by ${over}`
    return [sayText(`${licenseId} ${how}${since}.`)]
  }
  if (mostOver === undefined) return []
  const day = dayTextOf(mostOver.day, reader.nowMs)
  return [sayText(`${licenseId} was over its seats by ${mostOver.over} at most, on ${day}.`)]
}

export function showPeriod(report: PeriodReport, reader: SeatsReader): Reply {
  const { licenses, unmapped, status, id, previousId } = report
  const isOver = status === 'closed'
  const hasBilled = licenses.some(({ billed }) => billed !== undefined)
  return answerWith(
    `${periodTitleOf(report)}: ${spanTextOf(report, reader)}`,
    ...tableOf(
      ['license', isOver ? 'end' : 'now', 'most', 'paid', ...(hasBilled ? ['billed'] : [])],
      byOver(licenses).map((each) => [
        each.licenseId,
        figureOf(each.held),
        figureOf(each.most?.held),
        figureOf(each.seats),
        ...(hasBilled ? [figureOf(each.billed)] : []),
      ]),
    ),
    ...tableOf(
      ['license', 'given', 'taken', 'outside'],
      licenses
        .filter(({ given = 0, taken = 0, changedOutside = 0 }) => given + taken + changedOutside > 0)
        .map((each) => [each.licenseId, ...[each.given, each.taken, each.changedOutside].map(figureOf)]),
    ),
    ...(licenses.length > 0 && licenses.every(({ given }) => given === undefined)
      ? [sayText('What was given, taken and changed outside is not on record: the first reading came later.')]
      : []),
    ...licenses.flatMap((each) => overParts(each, isOver, reader)),
    ...licenses.flatMap((each) => doubtParts(each)),
    ...unmapped.map(({ charge, prepaid, billed, isShared }) =>
      sayText(
        `${charge} counts for no license (${isShared ? 'it is for several orgs together' : 'the org file maps it to none'}): ${figureOf(prepaid)} paid for, ${figureOf(billed)} billed${excessOf(billed, prepaid) ? ` ▲ ${excessOf(billed, prepaid)} more than paid for` : ''}.`,
      ),
    ),
    ...datedParts(report, reader),
    sayNote(`With names, charts and as a file: GET /v1/periods/${id} of the API, or npm run report.`),
    ...(previousId === undefined ? [] : [sayNote('The period before:', `report ${previousId}`)]),
  )
}
