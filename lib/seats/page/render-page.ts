/**
 * A period's report as one page of HTML: nothing in it runs, nothing is asked of any host, and it stays as it is when it
 * is kept as a file. Begin here; its first lines are in page-head.ts, figures as words are in figures.ts and notes.ts, charts in chart.ts, looks in style.ts.
 */
import { createHash } from 'node:crypto'
import { utcDayOf } from '../../utc-day.ts'
import { excessOf } from '../count-paid.ts'
import type { LicensePeriod, PeriodReport, PersonBehind } from '../seats-port.ts'
import { DAY_SHOWS, paidBeforeText } from '../words/seat-words.ts'
import { type Chart, chartOf } from './chart.ts'
import { dayStretchesOf, everyDayOf, overOf } from './days.ts'
import { cellsOf, OVER_MARK, summaryOfLicense } from './figures.ts'
import { html, Markup, quoted, quotedId } from './markup.ts'
import { notesOf } from './notes.ts'
import { headOf, overageSummaryOf } from './page-head.ts'
import { STYLE } from './style.ts'
import { counted, figure, longDay, mediumDay, originOf, spanAt } from './wording.ts'

/** What a browser may do with the page: show it, in its own style alone. It stands in the page, for whoever opens a file. */
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** So many are named for a license: what is read through ends sooner than what is on record. Files name more. */
const MOST_PEOPLE = 200

/** @param orgName whose licenses they are. @returns the whole document. */
export function renderPeriodPage(report: PeriodReport, orgName: string): string {
  const licenses = [...report.licenses].sort(byConcern)
  const drawn = licenses.map((license, index) => drawnOf(license, index, report))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Licenses held and paid for: ${orgName}, ${report.id}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${DEFINITIONS}
<main>
${headOf(report, orgName)}
${overageSummaryOf(licenses, report)}
${drawn.length === 0 ? undefined : html`<h2 id="licenses">Each license</h2>${tableOf(drawn, report)}`}
${drawn.length === 0 ? undefined : html`<h2>By day</h2>${dayNoteOf(drawn, report)}${paidDaysNoteOf(report)}${drawn.map((each) => sectionOf(each, report))}`}
${unmappedOf(report)}
</main>
<footer>
<h2>What these figures are</h2>
<ul>${notesOf(report).map((note) => html`<li>${note}</li>`)}</ul>
</footer>
</body>
</html>
`.text
}

/** What is over first, the most before the rest; then what was over, then what is weighed at all. */
function byConcern(one: LicensePeriod, other: LicensePeriod): number {
  const weightsOf = ({ over = 0, mostOver, seats }: LicensePeriod) => [
    over,
    mostOver?.over ?? 0,
    seats === undefined ? 0 : 1,
  ]
  const [mine, others] = [weightsOf(one), weightsOf(other)]
  const difference = mine.map((weight, index) => (others[index] ?? 0) - weight).find((each) => each !== 0)
  return difference ?? (one.licenseId < other.licenseId ? -1 : 1)
}

/** How many different people the page names. */
export function countNamed({ licenses }: PeriodReport): number {
  return new Set(licenses.flatMap(({ people }) => shownOf(people).map(({ userId }) => userId))).size
}

function shownOf(people: readonly PersonBehind[]): readonly PersonBehind[] {
  return people.slice(0, MOST_PEOPLE)
}

interface Drawn {
  readonly license: LicensePeriod
  readonly id: string
  readonly days: ReturnType<typeof everyDayOf>
  readonly chart: Chart | undefined
}

function drawnOf(license: LicensePeriod, index: number, report: PeriodReport): Drawn {
  const days = everyDayOf(license.days)
  const label = `${license.licenseId} by day. ${summaryOfLicense(license)}`
  return {
    license,
    id: `license-${index + 1}`,
    days,
    chart: chartOf(days, { name: `lines-${index + 1}`, label, asOfDay: asOfDayOf(report) }),
  }
}

/** Days after it are to come; of a period that nobody read in, all of them are over. */
function asOfDayOf({ asOfMs, licenses }: PeriodReport): string {
  if (asOfMs !== undefined) return utcDayOf(asOfMs)
  return licenses.flatMap(({ days }) => days.map(({ day }) => day)).reduce((a, b) => (a > b ? a : b), '')
}

const DEFINITIONS = html`<svg class="definitions" width="0" height="0" aria-hidden="true"><defs><pattern id="over-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="over-ground" d="M0 0h7v7h-7z"/><path class="over-line" d="M1.5 0v7"/></pattern><pattern id="partial-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="partial-line" d="M1.5 0v6"/></pattern></defs></svg>`

function dayNoteOf(drawn: readonly Drawn[], { status }: PeriodReport): Markup {
  const last = drawn
    .flatMap(({ days }) => days.at(-1)?.day ?? [])
    .reduce((one, other) => (one > other ? one : other), '')
  const now =
    status === 'open' && last !== '' ? ` The last day, ${mediumDay(last)}, shows what is held now.` : ''
  return html`<p>${DAY_SHOWS}${now}</p>`
}

/** Whose number the days before are weighed by, where they are shown. */
function paidDaysNoteOf({ seatsFromDay }: PeriodReport): Markup | undefined {
  if (seatsFromDay === undefined) return undefined
  return html`<p>${paidBeforeText(mediumDay(seatsFromDay))}</p>`
}

function tableOf(drawn: readonly Drawn[], report: PeriodReport): Markup {
  const heads = cellsOf(drawn[0]?.license ?? NO_LICENSE, report)
  return html`<table class="licenses" role="table" aria-labelledby="licenses">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">License</th><th role="columnheader" scope="col">By day</th>${heads.map(({ head, isFigure }) => html`<th role="columnheader" scope="col"${isFigure ? NUMBER : undefined}>${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${drawn.map((each) => rowOf(each, report))}</tbody>
</table>`
}

const NUMBER = html` class="number"`
const NO_LICENSE: LicensePeriod = {
  licenseId: '',
  held: 0,
  seatsFrom: 'none',
  given: 0,
  taken: 0,
  changedOutside: 0,
  people: [],
  days: [],
}

function rowOf({ license, id, chart }: Drawn, report: PeriodReport): Markup {
  const isOver = (license.over ?? 0) > 0
  const cells = cellsOf(license, report).map(
    ({ head, value, isFigure }) =>
      html`<td role="cell"${isFigure ? NUMBER : undefined}><span class="k" aria-hidden="true">${head}</span>${value}</td>`,
  )
  return html`<tr role="row"${isOver ? IS_OVER : undefined}><th role="rowheader" scope="row"><a href="#${id}">${quotedId(license.licenseId)}</a></th><td role="cell"><span class="k" aria-hidden="true">By day</span>${(isWorthAChart(license) ? chart?.small : chart?.alone) ?? html`<span class="unknown">no reading</span>`}</td>${cells}</tr>
`
}

const IS_OVER = html` class="is-over"`

function sectionOf({ license, id, days, chart }: Drawn, report: PeriodReport): Markup {
  const isOver = (license.over ?? 0) > 0
  const shown = days.find(({ day }) => day === license.overSince)
  const how = license.isOverFromFirst
    ? ' at the latest: by the first count on record it was over already'
    : shown && overOf(shown) === 0
      ? ', after the reading of that day'
      : undefined
  const since =
    license.overSince === undefined ? undefined : html` Over since ${longDay(license.overSince)}${how}.`
  return html`<section class="license${isOver ? ' is-over' : ''}" id="${id}" aria-labelledby="${id}-name">
<header><h3 id="${id}-name">${quoted(license.licenseId)}${isOver ? html` <span class="badge">${OVER_MARK} ${figure(license.over ?? 0)} over</span>` : undefined}</h3>
<p>${summaryOfLicense(license)}${since}</p></header>
${unknownChargesOf(license)}${chart ? (isWorthAChart(license) ? figureOf(chart) : undefined) : html`<p class="unknown">No reading shows this license on any day of the period.</p>`}
${chart ? dayTable(days, license.licenseId, asOfDayOf(report)) : undefined}
${peopleOf(license)}
</section>
`
}

/** A level line that is weighed against nothing says no more than the small one of the table. */
function isWorthAChart({ days, seats }: LicensePeriod): boolean {
  const held = new Set(days.flatMap((day) => day.held ?? []))
  return (
    seats !== undefined ||
    held.size > 1 ||
    days.some((day) => day.isWhole === false || day.seats !== undefined)
  )
}

function unknownChargesOf({ unknownCharges = [] }: LicensePeriod): Markup | undefined {
  if (unknownCharges.length === 0) return undefined
  const names = unknownCharges.map((name, index) => html`${index === 0 ? '' : ', '}${quoted(name)}`)
  return html`<p class="warning">The org file maps ${unknownCharges.length === 1 ? 'a charge' : 'charges'} to it that the contract does not have: ${names}. So what the contract pays for it is not known.</p>`
}

function figureOf({ plot, from, shows }: Chart): Markup {
  return html`<figure>${plot}<figcaption>${key('held', 'M0 6h26', 'held')}${shows.seats ? key('seats', 'M0 6h26', 'paid for') : undefined}${shows.over ? key('over', 'M0 0h26v12h-26z', 'over') : undefined}${shows.missing ? key('missing', 'M0 0h26v12h-26z', 'no reading') : undefined}${shows.notWhole ? key('partial', 'M0 3h26v6h-26z', 'somebody missing') : undefined}${from === 0 ? undefined : html`<span>The axis begins at ${figure(from)}.</span>`}</figcaption></figure>`
}

function key(name: string, path: string, words: string): Markup {
  return html`<span><svg class="key" viewBox="0 0 26 12" aria-hidden="true"><path class="${name}" d="${path}"/></svg>${words}</span>`
}

/**
 * Ends of cells and rows are left out, which HTML allows, and so is what each day would repeat: a year of forty licenses is
 * most of the page's size.
 */
function dayTable(days: Drawn['days'], licenseId: string, asOfDay: string): Markup {
  const seats = new Set(days.filter(({ day }) => day <= asOfDay).map((day) => day.seats))
  const [first] = seats
  const hasColumn = seats.size > 1
  const hasPartial = days.some(({ isWhole }) => isWhole === false)
  const always =
    hasColumn || first === undefined ? undefined : html`; on each of them ${figure(first)} paid for`
  const rows = dayStretchesOf(days).map((stretch) => {
    const { day, lastDay, held, isWhole } = stretch
    const over = overOf(stretch)
    return html`<tr><th>${day}${day === lastDay ? undefined : ` to ${lastDay}`}<td>${held === undefined ? (day > asOfDay ? 'to come' : 'no reading') : figure(held)}${hasColumn ? html`<td>${stretch.seats === undefined ? 'not told' : figure(stretch.seats)}` : undefined}<td>${over === undefined || over === 0 ? undefined : figure(over)}${isWhole === false ? html`<td>not whole` : undefined}
`
  })
  return html`<details><summary>Figures by day<span class="for"> of ${quoted(licenseId)}</span></summary><table><caption>Days, UTC${always}</caption><thead><tr><th scope="col">Day<th scope="col">Held${hasColumn ? html`<th scope="col">Paid for` : undefined}<th scope="col">Over${hasPartial ? html`<th scope="col">Reading` : undefined}<tbody>
${rows}</table></details>`
}

function peopleOf(license: LicensePeriod): Markup | undefined {
  const { people, licenseId, morePeople = 0, isOverFromFirst, heldFromFirst = 0 } = license
  const first =
    heldFromFirst === 0
      ? undefined
      : html`<p>${counted(heldFromFirst, 'person who holds', 'people who hold')} it held it by the first count on record, which was over already.</p>`
  if (people.length === 0) return first
  const shown = shownOf(people)
  const more = people.length - shown.length + morePeople
  const since = isOverFromFirst
    ? 'since the first count on record, which was over already,'
    : 'since the count was last within what is paid for,'
  return html`<div class="people"><h4>Who is behind it</h4><table class="stacked"><caption>People who were given ${quoted(licenseId)} ${since} and hold it still; the latest first</caption>
<thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Since</th><th scope="col">By</th></tr></thead>
<tbody>${shown.map(personRow)}</tbody></table>${more === 0 ? undefined : html`<p>And ${counted(more, 'person', 'people')} more.</p>`}${first}</div>`
}

function personRow(person: PersonBehind): Markup {
  const { userId, name, email, sinceMs, afterMs } = person
  return html`<tr><th scope="row">${name === undefined ? html`<span class="unknown">name not known</span>` : quoted(name)}<small><code>${userId}</code></small></th><td>${email === undefined ? html`<span class="unknown">not known</span>` : quoted(email)}</td><td>${spanAt(sinceMs, afterMs)}</td><td>${originOf(person)}</td></tr>
`
}

function unmappedOf({ unmapped }: PeriodReport): Markup | undefined {
  if (unmapped.length === 0) return undefined
  const rows = unmapped.map(
    ({ charge, isShared, isUsage, prepaid, billed }) =>
      html`<tr role="row"><th role="rowheader" scope="row">${quoted(charge)}${isShared ? html`<small>for several organizations together</small>` : undefined}${isUsage ? html`<small>of billable usage</small>` : undefined}</th>${chargeCell('Paid for', prepaid)}${chargeCell('Billed', billed, excessOf(billed, prepaid))}</tr>`,
  )
  return html`<h2 id="unmapped">Charges that count for no license</h2>
<p>They stand in the contract${unmapped.some(({ isUsage }) => isUsage) ? ' or in billable usage' : undefined}. Either the org file says of none of its licenses that it pays for it, or the charge is for several organizations together.</p>
<table class="stacked" role="table" aria-labelledby="unmapped"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Charge</th><th role="columnheader" scope="col" class="number">Paid for</th><th role="columnheader" scope="col" class="number">Billed</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table>`
}

function chargeCell(head: string, value: number | undefined, excess = 0): Markup {
  const told = value === undefined ? html`<span class="unknown">not told</span>` : figure(value)
  const badge =
    excess === 0
      ? undefined
      : html`<small><strong class="badge">${OVER_MARK} ${figure(excess)} more than paid for</strong></small>`
  return html`<td role="cell"${NUMBER}><span class="k" aria-hidden="true">${head} </span>${told}${badge}</td>`
}
