/** The days behind a license, drawn: small beside its bar, and with axes for whoever looks closer. */
import { useMemo } from 'preact/hooks'
import { type ChartLines, chartLinesOf, PLOT_HEIGHT, STRIP_HEIGHT } from '../../../seats/page/chart-lines.ts'
import { localDayOf, numberOf } from '../parts/times.tsx'
import type { DaysBehind } from './seat-days.ts'

/** With the days' names, CSS pixels. */
const WHOLE_HEIGHT = 182

interface ChartProps {
  readonly of: string
  readonly behind: DaysBehind
}

/** CSS pixels. */
const SPARK_HEIGHT = 36

export function Sparkline({ of, behind }: ChartProps) {
  const lines = useLines(behind)
  const { days } = behind
  if (days === undefined) {
    return (
      <div class="days to-come">
        <svg height={SPARK_HEIGHT} aria-hidden="true" />
        <span class="note">90 days</span>
      </div>
    )
  }
  const span = spanOf(days)
  if (lines === undefined)
    return <p class="days note">No reading in {days.length === 0 ? 90 : days.length} days</p>
  return (
    <div class="days">
      <Stretched lines={lines} height={SPARK_HEIGHT} label={`${of}, ${span}`} />
      <span class="note">{span}</span>
    </div>
  )
}

export function Plot({ of, behind }: ChartProps) {
  const lines = useLines(behind)
  if (lines === undefined || behind.days === undefined) return null
  const { ticks, dayNames, width, missing, notWhole, over, seats, from } = lines
  return (
    <figure class="plot">
      <div class="axes">
        <svg class="axis" height={WHOLE_HEIGHT} aria-hidden="true">
          {ticks.map(({ value, y }) => (
            <text key={value} x="100%" y={y + 4}>
              {numberOf(value)}
            </text>
          ))}
        </svg>
        <svg
          width="100%"
          height={WHOLE_HEIGHT}
          role="img"
          aria-label={`${of} by day, ${spanOf(behind.days)}. The figures are in the table behind it`}
        >
          {ticks.map(({ value, y }) => (
            <line key={value} class="grid" x2="100%" y1={y} y2={y} />
          ))}
          <Shapes lines={lines} height={PLOT_HEIGHT} />
          {notWhole !== '' && (
            <svg
              viewBox={`0 0 ${width} ${STRIP_HEIGHT}`}
              y={PLOT_HEIGHT + 2}
              width="100%"
              height={STRIP_HEIGHT}
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <path class="unsure" d={notWhole} />
            </svg>
          )}
          {dayNames.map(({ day, x, anchor }) => (
            <text key={day} x={`${x}%`} y={WHOLE_HEIGHT - 6} text-anchor={anchor}>
              {localDayOf(day)}
            </text>
          ))}
        </svg>
      </div>
      <figcaption>
        <Key name="held line" path="M0 6h26" words="held" />
        {seats !== '' && <Key name="paid line" path="M0 6h26" words="paid for" />}
        {over !== '' && <Key name="over" path="M0 0h26v12h-26z" words="over" />}
        {missing !== '' && <Key name="missing" path="M0 0h26v12h-26z" words="no reading" />}
        {notWhole !== '' && <Key name="unsure" path="M0 3h26v6h-26z" words="somebody missing" />}
        {from !== 0 && <span>The axis begins at {numberOf(from)}.</span>}
      </figcaption>
    </figure>
  )
}

function Stretched(props: { readonly lines: ChartLines; readonly height: number; readonly label: string }) {
  return (
    <svg width="100%" height={props.height} role="img" aria-label={props.label}>
      <Shapes lines={props.lines} height={props.height} />
    </svg>
  )
}

/** As wide as there is room. */
function Shapes({ lines, height }: { readonly lines: ChartLines; readonly height: number }) {
  const { width, missing, over, held, seats } = lines
  return (
    <svg
      viewBox={`0 0 ${width} ${PLOT_HEIGHT}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {missing !== '' && <path class="missing" d={missing} />}
      {over !== '' && <path class="over" d={over} />}
      <path class="held line" d={held} />
      {/* Dashed, so that both are to be seen where they are the same. */}
      {seats !== '' && <path class="paid line" d={seats} />}
    </svg>
  )
}

function Key(props: { readonly name: string; readonly path: string; readonly words: string }) {
  return (
    <span>
      <svg class="key" viewBox="0 0 26 12" aria-hidden="true">
        <path class={props.name} d={props.path} />
      </svg>
      {props.words}
    </span>
  )
}

function useLines({ days, asOfDay }: DaysBehind): ChartLines | undefined {
  return useMemo(() => (days === undefined ? undefined : chartLinesOf(days, { asOfDay })), [days, asOfDay])
}

/** Between which numbers it was, in how many days. */
function spanOf(days: NonNullable<DaysBehind['days']>): string {
  const held = days.flatMap((each) => each.held ?? [])
  const [low, high] = [Math.min(...held), Math.max(...held)]
  const counts = low === high ? `${numberOf(low)} held` : `${numberOf(low)} to ${numberOf(high)} held`
  return held.length === days.length
    ? `${counts} in ${days.length} days`
    : `${counts}; read on ${held.length} of ${days.length} days`
}
