/** A license's figures as words: what is not known says so, and is never a zero. */
import { utcDayOf } from '../../utc-day.ts'
import type { LicensePeriod, PeriodReport } from '../seats-port.ts'
import { html, type Markup } from './markup.ts'
import { counted, figure, mediumDay } from './wording.ts'

export interface FigureCell {
  readonly head: string
  readonly value: Markup
  /** Is it a number, or a word in its place? */
  readonly isFigure: boolean
}

const SEATS_FROM = { contract: 'contract', orgFile: 'org file', none: '' } as const

/** In the order of the table's columns, the license and its small chart aside. */
export function cellsOf(
  license: LicensePeriod,
  report: Pick<PeriodReport, 'seatsFromDay'>,
): readonly FigureCell[] {
  const { held, unknown = 0, seats, billed, billedAsOfMs, atStart, most, before } = license
  const { given, taken, changedOutside } = license
  return [
    heldCell(held, unknown > 0 ? `${figure(unknown)} more not known` : undefined),
    seats === undefined
      ? missing('Paid for', 'not told')
      : known('Paid for', seats, paidNoteOf(license, report)),
    overCell(license),
    billed === undefined
      ? missing('Billed', 'not told')
      : known(
          'Billed',
          billed,
          billedAsOfMs === undefined ? undefined : onDay('as of', utcDayOf(billedAsOfMs)),
        ),
    atStart === undefined ? missing('At the start', 'not on record') : known('At the start', atStart),
    most === undefined
      ? missing('At most counted', 'not on record')
      : known('At most counted', most.held, onDay('on', most.day)),
    {
      head: 'Changed',
      isFigure: false,
      value:
        given === undefined || taken === undefined || changedOutside === undefined
          ? html`<span class="unknown">not on record</span>`
          : lines(`given ${figure(given)}`, `taken ${figure(taken)}`, `outside ${figure(changedOutside)}`),
    },
    {
      head: 'Period before',
      isFigure: false,
      value:
        before?.most === undefined && before?.billed === undefined
          ? html`<span class="unknown">not on record</span>`
          : lines(
              before.most === undefined ? undefined : `at most ${figure(before.most)}`,
              before.billed === undefined ? undefined : `billed ${figure(before.billed)}`,
            ),
    },
  ]
}

/** Who says it, and what the contract says where that is another number. */
function paidNoteOf(
  { seats, seatsFrom, contractSeats, days }: LicensePeriod,
  { seatsFromDay }: Pick<PeriodReport, 'seatsFromDay'>,
): string {
  const differs = contractSeats !== undefined && contractSeats !== seats
  // Of a period that was over by then no number of its own is on record.
  const isLater =
    seatsFrom === 'orgFile' && seatsFromDay !== undefined && (days.at(-1)?.day ?? '') < seatsFromDay
  const of = isLater ? `, its number of ${mediumDay(seatsFromDay)}` : ''
  return `${SEATS_FROM[seatsFrom]}${of}${differs ? `; ${figure(contractSeats)} by the contract` : ''}`
}

function heldCell(held: number | undefined, note: string | undefined): FigureCell {
  return held === undefined ? missing('Held', 'not on record') : known('Held', held, note)
}

/** Stands before what is over, so that it is told by its shape too. */
export const OVER_MARK = html`<svg class="mark" viewBox="0 0 10 10" aria-hidden="true"><path d="M5 0 10 10H0z"/></svg>`

function overCell({ over, overSince, isOverFromFirst, mostOver }: LicensePeriod): FigureCell {
  const was = mostOver && html`was over by ${figure(mostOver.over)} at most, ${onDay('on', mostOver.day)}`
  if (over === undefined) return missing('Over', 'not known', was)
  if (over === 0) return known('Over', 0, was)
  const since =
    overSince === undefined
      ? undefined
      : html`<small>${onDay('since', overSince)}${isOverFromFirst ? ' at the latest' : undefined}</small>`
  return {
    head: 'Over',
    isFigure: true,
    value: html`<strong class="badge">${OVER_MARK} ${figure(over)} over</strong>${since}`,
  }
}

function known(head: string, value: number, note?: string | Markup): FigureCell {
  const small = note === undefined || note === '' ? undefined : html`<small>${note}</small>`
  return { head, isFigure: true, value: html`<span>${figure(value)}</span>${small}` }
}

function missing(head: string, word: string, note?: Markup): FigureCell {
  const small = note === undefined ? undefined : html`<small>${note}</small>`
  return { head, isFigure: true, value: html`<span class="unknown">${word}</span>${small}` }
}

/** The day in one line, however narrow the column is. */
function onDay(word: string, day: string): Markup {
  return html`<span class="date">${word} ${mediumDay(day)}</span>`
}

function lines(...all: readonly (string | undefined)[]): Markup {
  return html`${all.filter((line) => line !== undefined).map((line) => html`<span class="line">${line}</span>`)}`
}

/** A license in a sentence. */
export function summaryOfLicense(license: LicensePeriod): string {
  const { held, seats, seatsFrom, over, unknown = 0, contractSeats } = license
  const first = held === undefined ? 'How many held it is not on record' : `${figure(held)} held`
  const doubt = unknown > 0 ? `; of ${counted(unknown, 'person', 'people')} more it is not known` : ''
  if (seats === undefined) return `${first}; how many are paid for nobody has told${doubt}.`
  const from = seatsFrom === 'none' ? '' : ` by the ${SEATS_FROM[seatsFrom]}`
  const other =
    contractSeats === undefined || contractSeats === seats
      ? ''
      : ` (the contract says ${figure(contractSeats)})`
  const paid = `${figure(seats)} paid for${from}${other}`
  return `${first}, ${paid}${over === undefined || over === 0 ? '' : `: ${figure(over)} over`}${doubt}.`
}
