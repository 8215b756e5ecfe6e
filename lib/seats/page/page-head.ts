/** The page's beginning: whose licenses, which period and as of when, and in a few sentences what is over. */
import type { LicensePeriod, PeriodReport } from '../seats-port.ts'
import { OVER_MARK } from './figures.ts'
import { html, type Markup, quoted } from './markup.ts'
import { countingNote } from './notes.ts'
import { counted, figure, longDay, timeAt } from './wording.ts'

/** So many that are over are named in a sentence; the table behind it has all, the most first. */
const MOST_NAMED = 8

const STATUS = { open: 'still open', closed: 'closed' } as const
const PERIOD_FROM = {
  contract: 'a billing period of the contract, as Genesys gives it',
  calendar: 'the calendar month, since Genesys told no billing period for it',
} as const

/** Whose report it is, of which period and of when. */
export function headOf(report: PeriodReport, orgName: string): Markup {
  const { id, start, end, status, from, asOfMs, isWhole, counting, previousId, countedFromMs } = report
  const isBilledBefore = report.licenses.some(({ before }) => before?.billed !== undefined)
  return html`<header>
<h1>Licenses held and paid for</h1>
<p class="period">${longDay(start)} to ${longDay(end)}, ${STATUS[status]}</p>
${isWhole !== false ? undefined : html`<p class="warning"><strong>Not whole.</strong> ${missingWords(report.missing)} in the reading behind these figures, and it is not known yet what became of them. What they held is counted as before, so counts may be too high.</p>`}${asOfMs === undefined ? html`<p class="warning"><strong>No reading.</strong> ${NOBODY_READ}.</p>` : undefined}
<dl class="about">
<dt>Organization</dt><dd>${quoted(orgName)}</dd>
<dt>Period</dt><dd><small><code>${quoted(id)}</code></small>${PERIOD_FROM[from]}${report.toldAtMs === undefined ? undefined : html`, told last ${timeAt(report.toldAtMs)}`}</dd>
<dt>As of</dt><dd>${asOfMs === undefined ? html`<span class="unknown">no reading</span>` : html`${timeAt(asOfMs)}, ${isWhole === true ? 'the whole organization' : html`<strong>not whole</strong>`}`}</dd>
${
  countedFromMs === undefined
    ? undefined
    : html`<dt>Changes</dt><dd>counted from ${timeAt(countedFromMs)} on, when the first reading was made: what was given and taken before is not on record</dd>
`
}<dt>Counted as</dt><dd>${countingNote(counting)}</dd>
<dt>Period before</dt><dd>${previousId === undefined ? html`<span class="unknown">${isBilledBefore ? 'no reading on record; what was billed in it is' : 'not on record'}</span>` : html`<small><code>${quoted(previousId)}</code></small>`}</dd>
</dl>
</header>`
}

function missingWords(missing: number | undefined): string {
  if (missing === undefined) return 'Somebody was not found'
  return `${counted(missing, 'person was', 'people were')} not found`
}

/** Said of a period that is over and has no reading. */
const NOBODY_READ = 'Nobody has read who held what in this period'

/** What is over and what was, in a sentence or two. */
export function overageSummaryOf(licenses: readonly LicensePeriod[], { unmapped }: PeriodReport): Markup {
  if (licenses.length === 0) return html`<p class="summary">No license is on record for this period.</p>`
  const over = licenses.filter((license) => (license.over ?? 0) > 0)
  const untold = licenses.filter((license) => license.seats === undefined).length
  const uncounted = licenses.filter((license) => license.over === undefined).length
  const doubt =
    untold === 0
      ? undefined
      : ` Of ${counted(untold, 'license', 'licenses')} nobody has told how many are paid for${whyUntold(unmapped)}.`
  if (over.length === 0) {
    const all =
      uncounted === licenses.length
        ? 'Whether more are held than paid for is not known.'
        : 'No license is known to be held by more people than are paid for.'
    return html`<p class="summary">${all}${doubt}</p>${cameBackOf(licenses)}`
  }
  const names = namesIn(
    over.map(({ licenseId, over: count = 0 }) => html`<b>${quoted(licenseId)}</b> by ${figure(count)}`),
  )
  return html`<p class="summary is-over">${OVER_MARK} <strong>Over what is paid for:</strong> ${names}.${doubt}</p>${cameBackOf(licenses)}`
}

/** Who was over and is not any more: what is billed is the most, and not what is held in the end. */
function cameBackOf(licenses: readonly LicensePeriod[]): Markup | undefined {
  const back = licenses.flatMap(({ licenseId, over = 0, mostOver }) =>
    over === 0 && mostOver
      ? [html`<b>${quoted(licenseId)}</b> by ${figure(mostOver.over)} at most, on ${longDay(mostOver.day)}`]
      : [],
  )
  if (back.length === 0) return undefined
  return html`<p class="summary is-over">${OVER_MARK} <strong>Was over within the period:</strong> ${namesIn(back)}.</p>`
}

/** The first of them, and how many more there are. */
function namesIn(all: readonly Markup[]): Markup {
  const names = all.slice(0, MOST_NAMED).map((name, index) => html`${index === 0 ? '' : ', '}${name}`)
  const others = all.length - MOST_NAMED
  return html`${names}${others > 0 ? `, and ${counted(others, 'other', 'others')}` : undefined}`
}

/** A charge that counts for none may be what pays for one. */
function whyUntold(unmapped: PeriodReport['unmapped']): string {
  // Billable usage tells no seats.
  const free = unmapped.filter(({ isShared, isUsage }) => !isShared && !isUsage).length
  if (free === 0) return ''
  return `. The contract has ${counted(free, 'charge', 'charges')} that the org file maps to no license: ask whoever runs the gateway to say in it which license each pays for (licenses, charges)`
}
