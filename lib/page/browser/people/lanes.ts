/** A history as lanes, one a license, in per cent of the time that is shown. Pure. */
import { scaleUtc } from 'd3-scale'
import type { HoldingEntry } from '../../../inventory/answers/inventory-schemas.ts'

export interface Bar {
  readonly holding: HoldingEntry
  readonly left: number
  readonly width: number
  /** From when on it may have been, and until when: of what was done outside, or before anything was read. */
  readonly mayBegin?: number
  readonly mayEnd?: number
}

export interface Lane {
  readonly licenseId: string
  readonly isHeld: boolean
  readonly bars: readonly Bar[]
}

export interface Lanes {
  readonly lanes: readonly Lane[]
  readonly ticks: readonly { readonly at: Date; readonly left: number }[]
  /** What tells the ticks apart. */
  readonly tickUnit: 'hour' | 'weekday' | 'day' | 'month'
}

const DAY_MS = 86_400_000
/** Of what is shown at least. */
const LEAST_MS = 3_600_000
/** Below which a bar would not be seen, per cent. */
const LEAST_WIDTH = 1
const TICKS = 4
/** Ticks nearer to an end have no room for their words, per cent. */
const MARGIN = 14

/** What is held comes first, then what was held last. @param nowMs where all that is held ends. */
export function lanesOf(holdings: readonly HoldingEntry[], nowMs: number): Lanes {
  const beginnings = holdings.map(({ from, fromAfter }) => Date.parse(fromAfter ?? from))
  const fromMs = Math.min(...beginnings, nowMs - LEAST_MS)
  const place = scaleUtc([fromMs, nowMs], [0, 100]).clamp(true)
  const lanes = [...Map.groupBy(holdings, ({ licenseId }) => licenseId)].map(([licenseId, of]) => ({
    licenseId,
    isHeld: of.some(({ until }) => until === undefined),
    endedMs: Math.max(...of.map(({ until }) => (until === undefined ? nowMs : Date.parse(until)))),
    bars: of.map((holding) => barOf(holding, (iso) => place(Date.parse(iso)))),
  }))
  const ticks = place.ticks(TICKS).map((at) => ({ at, left: place(at) }))
  return {
    lanes: lanes.sort((a, b) => b.endedMs - a.endedMs || a.licenseId.localeCompare(b.licenseId)),
    ticks: ticks.filter(({ left }) => left >= MARGIN && left <= 100 - MARGIN),
    tickUnit: unitOf(
      ticks.map(({ at }) => at),
      nowMs - fromMs,
    ),
  }
}

function unitOf(ticks: readonly Date[], spanMs: number): Lanes['tickUnit'] {
  if (ticks.some((at) => at.getTime() % DAY_MS !== 0)) return spanMs > DAY_MS ? 'weekday' : 'hour'
  return ticks.every((at) => at.getUTCDate() === 1) ? 'month' : 'day'
}

function barOf(holding: HoldingEntry, placeOf: (iso: string) => number): Bar {
  const { from, fromAfter, until, untilAfter, by } = holding
  const left = placeOf(from)
  // Held already when the first reading began: since when, nobody knows.
  const mayBegin = by === 'before records' ? 0 : fromAfter === undefined ? undefined : placeOf(fromAfter)
  const end = until === undefined ? 100 : placeOf(untilAfter ?? until)
  return {
    holding,
    left: Math.min(left, 100 - LEAST_WIDTH),
    width: Math.max(end - left, LEAST_WIDTH),
    ...(mayBegin === undefined || mayBegin >= left ? {} : { mayBegin }),
    ...(untilAfter === undefined || until === undefined ? {} : { mayEnd: placeOf(until) }),
  }
}
