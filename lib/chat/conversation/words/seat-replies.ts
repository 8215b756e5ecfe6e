/** Seats as whoever asks for them in chat sees them: figures, and no names. */
import type {
  LicensePeriod,
  LicenseSeats,
  Period,
  PeriodReport,
  SeatsNow,
} from '../../../seats/seats-port.ts'
import {
  barOf,
  byOver,
  capitalizeOver,
  countOf,
  dayTextOf,
  doubtTextsOf,
  figureOf,
  heldCellOf,
  overTextOf,
} from '../../../seats/words/seat-words.ts'
import { answerWith, linkToSeats, type Part, type Reply, sayNote, sayText } from './reply.ts'
import { datedParts, type SeatsReader, sayPeriod, sinceTextOf, tableOf } from './seat-parts.ts'
import { ageTextOf } from './times.ts'

export function showSeats(now: SeatsNow, period: Period | undefined, reader: SeatsReader): Reply {
  const { licenses } = now
  const over = overTextOf(licenses)
  const said = answerWith(
    over === undefined ? 'What is held' : capitalizeOver(over),
    ...tableOf(
      ['license', '', 'held'],
      byOver(licenses).map((each) => [each.licenseId, barOf(each), heldCellOf(each)]),
    ),
    ...(over === undefined ? [sayText('Nobody has told how many seats are paid for.')] : []),
    ...unknownParts(licenses),
    ...licenses.flatMap(doubtTextsOf).map(sayText),
    ...datedParts(now, reader),
    ...(period === undefined ? [] : [sayPeriod(period, reader)]),
    sayNote('Since when, and by which changes:', 'seats <license>'),
  )
  return { ...said, onPage: linkToSeats }
}

/** One license, as it stands now. */
export function showLicenseSeats(license: LicensePeriod, report: PeriodReport, reader: SeatsReader): Reply {
  const { licenseId, held, seats, seatsFrom, over = 0, unknown, overSince, most, mostOver, billed } = license
  const bar = held === undefined ? '' : barOf({ held, seats })
  const paid =
    seats === undefined
      ? 'not told'
      : `${seats}, as ${seatsFrom === 'contract' ? 'the contract' : 'the org file'} has it`
  const said = answerWith(
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
        ...(over > 0 || mostOver === undefined
          ? []
          : [['over at most', `${mostOver.over}, on ${dayTextOf(mostOver.day, reader.nowMs)}`] as const]),
        ...(overSince === undefined ? [] : [['over since', sinceTextOf(license, reader)] as const]),
        ...(billed === undefined ? [] : [['billed so far', billedTextOf(license, reader)] as const]),
        ['given and taken', movesTextOf(license)],
      ],
    },
    ...behindParts(license),
    ...doubtTextsOf(license).map(sayText),
    ...datedParts(report, reader),
    sayPeriod(report, reader),
    sayNote('Who holds it:', `who ${licenseId}`),
  )
  return { ...said, onPage: linkToSeats }
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
