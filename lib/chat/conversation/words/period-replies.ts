/** Billing periods as whoever asks for one in chat sees it: figures, and no names. */
import { excessOf } from '../../../seats/count-paid.ts'
import type { LicensePeriod, Period, PeriodReport } from '../../../seats/seats-port.ts'
import {
  byOver,
  countOf,
  dayTextOf,
  doubtTextsOf,
  figureOf,
  overTextOf,
} from '../../../seats/words/seat-words.ts'
import { answerWith, linkToReport, type Part, type Reply, refuse, sayNote, sayText } from './reply.ts'
import { datedParts, periodTextOf, type SeatsReader, sayPeriod, sinceTextOf, tableOf } from './seat-parts.ts'

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
  const { licenses, status, id, previousId } = report
  const isClosed = status === 'closed'
  const hasBilled = licenses.some(({ billed }) => billed !== undefined)
  const hasOver = licenses.some((each) => overCellOf(each) !== '')
  const over = overTextOf(licenses, isClosed)
  const said = answerWith(
    `${periodTextOf(report, reader)}${over === undefined ? '' : `: ${over}`}`,
    ...licenses.flatMap((each) => overParts(each, isClosed, reader)),
    ...tableOf(
      [
        'license',
        isClosed ? 'end' : 'now',
        'paid',
        ...(hasOver ? ['over'] : []),
        'most',
        ...(hasBilled ? ['billed'] : []),
      ],
      byOver(licenses).map((each) => [
        each.licenseId,
        figureOf(each.held),
        figureOf(each.seats),
        ...(hasOver ? [overCellOf(each)] : []),
        figureOf(each.most?.held),
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
    ...licenses.flatMap(doubtTextsOf).map(sayText),
    ...unmappedParts(report),
    ...datedParts(report, reader),
    sayPeriod(report, reader),
    sayNote(`With names, charts and as a file: GET /v1/periods/${id} of the API, or npm run report.`),
    ...(previousId === undefined ? [] : [sayNote('The period before:', `report ${previousId}`)]),
  )
  return { ...said, onPage: linkToReport(id) }
}

/** What was over and came back stands in brackets. */
function overCellOf({ over = 0, mostOver }: LicensePeriod): string {
  if (over > 0) return `▲${over}`
  return mostOver === undefined ? '' : `(▲${mostOver.over})`
}

/** Charges that are named, those first of which the most is billed beyond what is paid for. */
const MAX_CHARGES = 5

function unmappedParts({ unmapped }: PeriodReport): Part[] {
  if (unmapped.length === 0) return []
  const beyond = ({ billed, prepaid }: (typeof unmapped)[number]) => excessOf(billed, prepaid) ?? 0
  const first = [...unmapped].sort((one, other) => beyond(other) - beyond(one)).slice(0, MAX_CHARGES)
  const shared = first.filter(({ isShared }) => isShared).map(({ charge }) => charge)
  return [
    sayText(
      `${countOf(unmapped.length, 'charge counts', 'charges count')} for no license, as the org file has it:`,
    ),
    {
      kind: 'table',
      headings: ['charge', 'paid', 'billed'],
      rows: first.map(({ charge, prepaid, billed }) => [charge, figureOf(prepaid), figureOf(billed)]),
      total: unmapped.length,
    },
    ...(shared.length === 0 ? [] : [sayText(`For several orgs together: ${shared.join(', ')}.`)]),
  ]
}

/** Periods that are listed where somebody named another. */
const MAX_PERIODS = 12

const MONTH = /^\d{4}-\d{2}$/

/** Those that have a day of the month that was named, else the latest; each with a line that shows it. */
export function showNoPeriod(named: string, periods: readonly Period[], { nowMs }: SeatsReader): Reply {
  const ofMonth = MONTH.test(named)
    ? periods.filter(({ start, end }) => start.slice(0, 7) <= named && named <= end.slice(0, 7))
    : []
  const listed = ofMonth.length > 0 ? ofMonth : periods
  const [first] = listed
  const day = first?.start.slice(0, 10) ?? ''
  return refuse(
    ofMonth.length > 0
      ? `No billing period has all of ${named}, but ${countOf(ofMonth.length, 'has', 'have')} days of it`
      : `There is no period ${named} on record`,
    ...tableOf(
      ['from', 'to'],
      listed.slice(0, MAX_PERIODS).map(({ start, end }) => [dayTextOf(start, nowMs), dayTextOf(end, nowMs)]),
    ),
    ...(listed.length > MAX_PERIODS ? [sayNote(`And ${listed.length - MAX_PERIODS} older ones.`)] : []),
    ...(first === undefined ? [] : [sayNote('A day finds the period that it is in:', `report ${day}`)]),
  )
}
