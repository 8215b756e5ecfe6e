/**
 * Held against paid for by day, as lines and areas without a look: the page of a period and the page in a browser draw
 * them. A plot is as wide as there is room, its lines stretched with it, and what is written beside them is not.
 */
import { type ScaleLinear, scaleLinear, scaleUtc } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import { utcDayOf } from '../../utc-day.ts'
import type { LicenseDay } from '../seats-port.ts'
import { msOfDay } from './days.ts'
import { stepPathOf } from './step-path.ts'

/** Of a plot's own units; its width is `ChartLines.width`. */
export const PLOT_HEIGHT = 150

/** Of the strip under a plot that marks days. */
export const STRIP_HEIGHT = 6

/** About so many units is a plot wide, a whole number a day: lines are stretched to the room there is, hatching less so. */
const PLOT_WIDTH = 1_000

/** More names of days than that run into each other on a phone. */
const MOST_DAY_NAMES = 5

/** From so many days on, months are named in place of days. */
const LONG_DAYS = 150

/** Below so much of the highest figure the axis begins at zero: what is left out then would be little. */
const ZERO_BELOW = 0.5

/** Paths are values of `d`, empty where there is nothing of it. */
export interface ChartLines {
  readonly width: number
  readonly held: string
  readonly seats: string
  /** Between both, where more are held than paid for. */
  readonly over: string
  /** Days without a reading. */
  readonly missing: string
  /** In the strip: days whose reading was not whole. */
  readonly notWhole: string
  /** Where the axis begins. */
  readonly from: number
  readonly ticks: readonly { readonly value: number; readonly y: number }[]
  readonly dayNames: readonly DayName[]
}

export interface DayName {
  readonly day: string
  /** Only its month is to be named. */
  readonly isMonth: boolean
  /** Per cent of the width, and what of the name stands there. */
  readonly x: number
  readonly anchor: 'start' | 'middle' | 'end'
}

interface Point {
  readonly x: number
  readonly value: number
  readonly base: number
}

/**
 * @param days without a hole, the earliest first. @param asOfDay days after it are to come, and not missing.
 * @returns undefined where there is nothing to draw.
 */
export function chartLinesOf(
  days: readonly LicenseDay[],
  { asOfDay }: { readonly asOfDay: string },
): ChartLines | undefined {
  const values = days.flatMap(({ held, seats }) => [held, seats].filter((value) => value !== undefined))
  if (!days.some(({ held }) => held !== undefined)) return undefined
  const perDay = Math.max(1, Math.floor(PLOT_WIDTH / days.length))
  const y = verticalOf(values)
  const steps = (pick: (day: LicenseDay) => Omit<Point, 'x'> | undefined) => steppedPoints(days, perDay, pick)
  const level = (value: number | undefined) => (value === undefined ? undefined : { value, base: value })
  const missing = bands(days, perDay, ({ day, held }) => held === undefined && day <= asOfDay)
  const notWhole = bands(days, perDay, ({ isWhole }) => isWhole === false)
  return {
    width: perDay * days.length,
    held: linePath(
      steps(({ held }) => level(held)),
      y,
    ),
    seats: linePath(
      steps(({ seats }) => level(seats)),
      y,
    ),
    over: areaPath(
      steps(({ held: value, seats: base }) =>
        value !== undefined && base !== undefined && value > base ? { value, base } : undefined,
      ),
      y,
    ),
    missing: bandPath(missing, PLOT_HEIGHT),
    notWhole: bandPath(notWhole, STRIP_HEIGHT),
    from: y.domain()[0] ?? 0,
    // Nobody holds half a license.
    ticks: y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ value, y: Math.round(y(value)) })),
    dayNames: dayNamesOf(days),
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
  const drawn = line<Point | undefined>()
    .defined(isThere)
    .x((point) => point?.x ?? 0)
    .y((point) => y(point?.value ?? 0))
    .curve(curveStepAfter)
  return stepPathOf(drawn([...points]))
}

function areaPath(points: Points, y: ScaleLinear<number, number>): string {
  const drawn = area<Point | undefined>()
    .defined(isThere)
    .x((point) => point?.x ?? 0)
    .y0((point) => y(point?.base ?? 0))
    .y1((point) => y(point?.value ?? 0))
    .curve(curveStepAfter)
  return stepPathOf(drawn([...points]))
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

function bandPath(all: readonly Band[], height: number): string {
  return all.map(({ x, width }) => `M${x} 0h${width}v${height}h-${width}z`).join('')
}

/** Days that calendars count from (first of months, Sundays), or each where they are few. */
function dayNamesOf(days: readonly LicenseDay[]): readonly DayName[] {
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
    const anchor = share < 10 ? 'start' : share > 90 ? 'end' : 'middle'
    const x = anchor === 'start' ? (place / days.length) * 100 : anchor === 'end' ? 100 : share
    return [{ day, isMonth: days.length >= LONG_DAYS, x: round(x), anchor } as const]
  })
}

const round = (share: number) => Math.round(share * 100) / 100
