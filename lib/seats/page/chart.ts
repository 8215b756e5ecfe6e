/**
 * Held against paid for by day, as SVG. Nothing of it needs a width in pixels: a plot is as wide as there is room, its
 * lines stretched with it, and what is written beside them is not. So it is legible on a phone and on paper alike.
 */
import { type ScaleLinear, scaleLinear, scaleUtc } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { utcDayOf } from '../../utc-day.ts'
import type { LicenseDay } from '../seats-port.ts'
import { html, type Markup } from './markup.ts'
import { StepPath } from './step-path.ts'
import { figure, monthOf, msOfDay, shortDay } from './wording.ts'

/** Of the plot itself and of all with the days' names, CSS pixels. */
const PLOT_HEIGHT = 150
const WHOLE_HEIGHT = 182

/** About so many units is a plot wide, a whole number a day: lines are stretched to the room there is, hatching less so. */
const PLOT_WIDTH = 1_000

/** More names of days than that run into each other on a phone. */
const MOST_DAY_NAMES = 5

/** From so many days on, months are named in place of days. */
const LONG_DAYS = 150

/** Below so much of the highest figure the axis begins at zero: what is left out then would be little. */
const ZERO_BELOW = 0.5

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

interface Point {
  readonly x: number
  readonly value: number
  readonly base: number
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
  const values = days.flatMap(({ held, seats }) => [held, seats].filter((value) => value !== undefined))
  if (!days.some(({ held }) => held !== undefined)) return undefined
  const perDay = Math.max(1, Math.floor(PLOT_WIDTH / days.length))
  const width = perDay * days.length
  const y = verticalOf(values)
  const steps = (pick: (day: LicenseDay) => Omit<Point, 'x'> | undefined) => steppedPoints(days, perDay, pick)
  const level = (value: number | undefined) => (value === undefined ? undefined : { value, base: value })
  const held = linePath(
    steps((day) => level(day.held)),
    y,
  )
  const seats = linePath(
    steps((day) => level(day.seats)),
    y,
  )
  const over = areaPath(
    steps(({ held: value, seats: base }) =>
      value !== undefined && base !== undefined && value > base ? { value, base } : undefined,
    ),
    y,
  )
  const missing = bands(days, perDay, ({ day, held: value }) => value === undefined && day <= asOfDay)
  const notWhole = bands(days, perDay, ({ isWhole }) => isWhole === false)
  const shapes = [
    over === '' ? undefined : html`<path class="over" d="${over}"/>`,
    html`<path class="held" d="${held}"/>`,
    // Dashed, so that both are to be seen where they are the same.
    seats === '' ? undefined : html`<path class="seats" d="${seats}"/>`,
  ]
  const box = `0 0 ${width} ${PLOT_HEIGHT}`
  const small = (lines: Markup | readonly (Markup | undefined)[]) =>
    html`<svg class="small" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="${label}">${lines}</svg>`
  return {
    from: y.domain()[0] ?? 0,
    shows: {
      seats: seats !== '',
      over: over !== '',
      missing: missing.length > 0,
      notWhole: notWhole.length > 0,
    },
    small: small(html`<use href="#${name}"/>`),
    alone: small(shapes),
    plot: html`<div class="chart">${verticalAxis(y)}<svg class="plot" height="${WHOLE_HEIGHT}" role="img" aria-label="${label}">${gridOf(y)}<svg viewBox="${box}" width="100%" height="${PLOT_HEIGHT}" preserveAspectRatio="none">${missing.length === 0 ? undefined : html`<path class="missing" d="${bandPath(missing, 0, PLOT_HEIGHT)}"/>`}<g id="${name}">${shapes}</g></svg>${notWhole.length === 0 ? undefined : html`<svg viewBox="0 0 ${width} 6" y="${PLOT_HEIGHT + 2}" width="100%" height="6" preserveAspectRatio="none"><path class="partial" d="${bandPath(notWhole, 0, 6)}"/></svg>`}${dayNames(days)}</svg></div>`,
  }
}

function verticalOf(values: readonly number[]): ScaleLinear<number, number> {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // A line that never moves has room on both sides too.
  const room = Math.max(2, (high - low) * 0.15)
  const from = low < high * ZERO_BELOW || low <= room ? 0 : low - room
  return scaleLinear()
    .domain([from, high + room])
    .nice(4)
    .range([PLOT_HEIGHT - 1, 5])
}

/** Each day is as wide as any, so that one alone between two without a reading is still to be seen. */
function steppedPoints(
  days: readonly LicenseDay[],
  perDay: number,
  pick: (day: LicenseDay) => Omit<Point, 'x'> | undefined,
): readonly (Point | undefined)[] {
  return days.flatMap((day, index) => {
    const here = pick(day)
    if (!here) return []
    const next = days[index + 1]
    const beginning = { ...here, x: index * perDay }
    if (next && pick(next)) return [beginning]
    return [beginning, { ...here, x: (index + 1) * perDay }, undefined]
  })
}

type Points = ReturnType<typeof steppedPoints>
const isThere = (point: Point | undefined) => point !== undefined

function linePath(points: Points, y: ScaleLinear<number, number>): string {
  const path = new StepPath()
  line<Point | undefined>()
    .defined(isThere)
    .x((point) => point?.x ?? 0)
    .y((point) => y(point?.value ?? 0))
    .curve(curveStepAfter)
    .context(path)([...points])
  return path.end()
}

function areaPath(points: Points, y: ScaleLinear<number, number>): string {
  const path = new StepPath()
  area<Point | undefined>()
    .defined(isThere)
    .x((point) => point?.x ?? 0)
    .y0((point) => y(point?.base ?? 0))
    .y1((point) => y(point?.value ?? 0))
    .curve(curveStepAfter)
    .context(path)([...points])
  return path.end()
}

type Band = { readonly x: number; readonly width: number }

function bands(
  days: readonly LicenseDay[],
  perDay: number,
  isMeant: (day: LicenseDay) => boolean,
): readonly Band[] {
  const found: Band[] = []
  days.forEach((day, index) => {
    if (!isMeant(day)) return
    const last = found.at(-1)
    if (last && last.x + last.width === index * perDay) {
      found[found.length - 1] = { ...last, width: last.width + perDay }
    } else found.push({ x: index * perDay, width: perDay })
  })
  return found
}

function bandPath(all: readonly Band[], top: number, height: number): string {
  return all.map(({ x, width }) => `M${x} ${top}h${width}v${height}h-${width}z`).join('')
}

/** Nobody holds half a license. */
const ticksOf = (y: ScaleLinear<number, number>) => y.ticks(4).filter(Number.isInteger)

function verticalAxis(y: ScaleLinear<number, number>): Markup {
  const names = ticksOf(y).map(
    (value) => html`<text x="100%" y="${Math.round(y(value)) + 4}">${figure(value)}</text>`,
  )
  return html`<svg class="axis" height="${WHOLE_HEIGHT}" aria-hidden="true">${names}</svg>`
}

function gridOf(y: ScaleLinear<number, number>): readonly Markup[] {
  return ticksOf(y).map(
    (value) => html`<line class="grid" x2="100%" y1="${Math.round(y(value))}" y2="${Math.round(y(value))}"/>`,
  )
}

/** Days that calendars count from (first of months, Sundays), or each where they are few. */
function dayNames(days: readonly LicenseDay[]): readonly Markup[] {
  const [first] = days
  const last = days.at(-1)
  const fromMs = msOfDay(first?.day ?? '')
  const toMs = msOfDay(last?.day ?? '')
  if (fromMs === undefined || toMs === undefined) return []
  const places = new Map(days.map(({ day }, index) => [day, index]))
  const named =
    days.length <= MOST_DAY_NAMES
      ? days.map(({ day }) => day)
      : scaleUtc()
          .domain([fromMs, toMs])
          .ticks(MOST_DAY_NAMES)
          .map((tick) => utcDayOf(tick.getTime()))
  const every = Math.ceil(named.length / MOST_DAY_NAMES)
  return named.flatMap((day, index) => {
    const place = places.get(day)
    if (place === undefined || index % every !== 0) return []
    const share = ((place + 0.5) / days.length) * 100
    const side = share < 10 ? 'start' : share > 90 ? 'end' : 'middle'
    const x = side === 'start' ? (place / days.length) * 100 : side === 'end' ? 100 : share
    const name = days.length >= LONG_DAYS ? monthOf(day) : shortDay(day)
    return html`<text class="day" x="${round(x)}%" y="${WHOLE_HEIGHT - 6}" text-anchor="${side}">${name}</text>`
  })
}

const round = (share: number) => Math.round(share * 100) / 100
