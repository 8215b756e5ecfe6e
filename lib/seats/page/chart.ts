/** Held against paid for by day, as SVG in text. It is legible on a phone and on paper alike: nothing of it needs a width in pixels. */
import type { LicenseDay } from '../seats-port.ts'
import { type ChartLines, chartLinesOf, PLOT_HEIGHT, STRIP_HEIGHT } from './chart-lines.ts'
import { html, type Markup } from './markup.ts'
import { figure, monthOf, shortDay } from './wording.ts'

/** Of the plot with the days' names, CSS pixels. */
const WHOLE_HEIGHT = 182

export interface Chart {
  /** With axes, for the section of a license. */
  readonly plot: Markup
  /** The same lines alone, for a cell. */
  readonly small: Markup
  /** The same for where the page has no plot to take the lines from. */
  readonly alone: Markup
  /** Where the axis begins. */
  readonly from: number
  readonly shows: {
    readonly seats: boolean
    readonly over: boolean
    readonly missing: boolean
    readonly notWhole: boolean
  }
}

/**
 * @param days without a hole, the earliest first. @param name of the drawn lines in the page, once each.
 * @param asOfDay days after it are to come, and not missing.
 * @returns undefined where there is nothing to draw.
 */
export function chartOf(
  days: readonly LicenseDay[],
  { name, label, asOfDay }: { readonly name: string; readonly label: string; readonly asOfDay: string },
): Chart | undefined {
  const lines = chartLinesOf(days, { asOfDay })
  if (!lines) return undefined
  const { width, held, seats, over, missing, notWhole, from } = lines
  const shapes = [
    over === '' ? undefined : html`<path class="over" d="${over}"/>`,
    html`<path class="held" d="${held}"/>`,
    // Dashed, so that both are to be seen where they are the same.
    seats === '' ? undefined : html`<path class="seats" d="${seats}"/>`,
  ]
  const box = `0 0 ${width} ${PLOT_HEIGHT}`
  const small = (drawn: Markup | readonly (Markup | undefined)[]) =>
    html`<svg class="small" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>`
  return {
    from,
    shows: {
      seats: seats !== '',
      over: over !== '',
      missing: missing !== '',
      notWhole: notWhole !== '',
    },
    small: small(html`<use href="#${name}"/>`),
    alone: small(shapes),
    plot: html`<div class="chart">${verticalAxis(lines)}<svg class="plot" height="${WHOLE_HEIGHT}" role="img" aria-label="${label}">${gridOf(lines)}<svg viewBox="${box}" width="100%" height="${PLOT_HEIGHT}" preserveAspectRatio="none">${missing === '' ? undefined : html`<path class="missing" d="${missing}"/>`}<g id="${name}">${shapes}</g></svg>${notWhole === '' ? undefined : html`<svg viewBox="0 0 ${width} ${STRIP_HEIGHT}" y="${PLOT_HEIGHT + 2}" width="100%" height="${STRIP_HEIGHT}" preserveAspectRatio="none"><path class="partial" d="${notWhole}"/></svg>`}${dayNames(lines)}</svg></div>`,
  }
}

function verticalAxis({ ticks }: ChartLines): Markup {
  const names = ticks.map(({ value, y }) => html`<text x="100%" y="${y + 4}">${figure(value)}</text>`)
  return html`<svg class="axis" height="${WHOLE_HEIGHT}" aria-hidden="true">${names}</svg>`
}

function gridOf({ ticks }: ChartLines): readonly Markup[] {
  return ticks.map(({ y }) => html`<line class="grid" x2="100%" y1="${y}" y2="${y}"/>`)
}

function dayNames(lines: ChartLines): readonly Markup[] {
  return lines.dayNames.map(({ day, isMonth, x, anchor }) => {
    const name = isMonth ? monthOf(day) : shortDay(day)
    return html`<text class="day" x="${x}%" y="${WHOLE_HEIGHT - 6}" text-anchor="${anchor}">${name}</text>`
  })
}
