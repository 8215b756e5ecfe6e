/** What to know of a change before it goes ahead: what it takes from many, seats, what people would lack, and who has changed meanwhile. */
import type { ComponentChildren } from 'preact'
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { handsOf } from '../../../changes/answers/summarize.ts'
import {
  changedTextsOf,
  type FoundLine,
  foundLinesOf,
  leftAloneTextOf,
  namedInFindings,
} from '../../../changes/answers/words/found-words.ts'
import {
  type SeatsOfPlan,
  type SeatVerdict,
  seatVerdictOf,
  takenOverIn,
  unsureTextOf,
} from '../../../changes/answers/words/seat-verdict.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { useMe, zoneOf } from '../api/use-me.ts'
import { useNames } from '../api/use-names.ts'
import { Chip } from '../parts/chip.tsx'
import { Callout } from '../parts/states.tsx'
import { Table } from '../parts/table.tsx'
import { numberOf, Time, timeIn } from '../parts/times.tsx'

export function PlanFindings({ change }: { readonly change: Change }) {
  const zone = zoneOf(useMe())
  const names = useNames(namedInFindings(change))
  const called = (id: string) => names?.get(id)?.name ?? names?.get(id)?.email ?? id
  const { impact, findings } = change
  const leftAlone = leftAloneTextOf(change.leftAlone, called)
  const removals = impact?.massRemovals ?? []
  const lines = [
    ...changedTextsOf(change, called, (iso) => timeIn(iso, zone)).map(plainLine),
    ...foundLinesOf(change, called),
    ...repeatedTextOf(findings?.repeatedRows).map(plainLine),
    ...(leftAlone === undefined ? [] : [plainLine(leftAlone)]),
  ]
  const title = isSettled(change.state) ? 'What was known when it was planned' : 'What to know'
  return (
    <>
      {removals.length > 0 && (
        <Callout tone="warning">
          Takes{' '}
          {removals
            .map(({ licenseId, people, holders }) => {
              const of = holders === undefined ? '' : ` of the ${numberOf(holders)} who hold it`
              return `${licenseId} from ${numberOf(people)} people${of}`
            })
            .join(', ')}
          .
        </Callout>
      )}
      <LicensesOfPlan change={change} />
      {lines.length > 0 && (
        <section>
          <h2>{title}</h2>
          <FoundLines title={title} lines={lines} areNamed={names !== undefined} />
        </section>
      )}
    </>
  )
}

export function plainLine(text: string): FoundLine {
  return { text, isWarning: false }
}

interface FoundLinesProps {
  readonly title: string
  readonly lines: readonly FoundLine[]
  /** Before the names are there, nobody is named. */
  readonly areNamed?: boolean
}

/** What warns comes first, and says so. */
export function FoundLines({ title, lines, areNamed = true }: FoundLinesProps) {
  const inOrder = lines.toSorted((a, b) => Number(b.isWarning) - Number(a.isWarning))
  return (
    <ul class="found" aria-label={title}>
      {inOrder.map(({ text, isWarning }) => (
        <li key={text} class={isWarning ? 'warned' : undefined}>
          {isWarning && (
            <>
              <Chip tone="warning">Warning</Chip>{' '}
            </>
          )}
          {areNamed ? text : '…'}
        </li>
      ))}
    </ul>
  )
}

function repeatedTextOf(rows = 0): string[] {
  if (rows === 0) return []
  return [
    rows === 1
      ? 'One row more says the same as another, and counts once.'
      : `${numberOf(rows)} rows more say the same as others, and count once.`,
  ]
}

/** By license: to how many it is given and from how many taken, and its seats before and after. */
function LicensesOfPlan({ change }: { readonly change: Change }) {
  const { desired, findings, impact, state } = change
  if ('featureName' in desired) return null
  const { gives, takes } = handsOf({ ...change, desired })
  // Of what has settled a count from before is no news.
  const seats = isSettled(state) ? [] : (findings?.seats ?? [])
  // That it took some over is: whoever asks why they are looks here.
  const overThen = impact?.overSeats ?? []
  const sum = (hands: typeof gives, license: string) =>
    hands.filter(({ licenseId }) => licenseId === license).reduce((all, { users }) => all + users, 0)
  const rows = [...new Set([...gives, ...takes, ...seats].map(({ licenseId }) => licenseId))].map((id) => ({
    id,
    given: sum(gives, id),
    taken: sum(takes, id),
    seats: seats.find(({ licenseId }) => licenseId === id),
  }))
  if (rows.length === 0) return null
  const [givenTo, takenFrom] = handsNamedFor(state)
  return (
    <section>
      <h2>Licenses</h2>
      <Table
        caption="Licenses"
        keyOf={({ id }) => id}
        rows={rows}
        columns={[
          { name: 'License', cell: ({ id }) => id },
          { name: givenTo, isNumber: true, cell: ({ given }) => countOf(given) },
          { name: takenFrom, isNumber: true, cell: ({ taken }) => countOf(taken) },
          ...(seats.length === 0 ? [] : seatColumns),
        ]}
      />
      <SeatsDated seats={seats} />
      {state === 'APPLIED' && overThen.length > 0 && (
        <p class="note of-seats">
          As it was planned: <OverSeats over={overThen} />
        </p>
      )}
    </section>
  )
}

/** How many hold a license now and then, of how many that are paid for. */
export const seatColumns: readonly SeatColumn[] = [
  {
    name: 'Paid for',
    isNumber: true,
    cell: ({ seats: of }) => (of && of.seats === undefined ? 'not told' : figureOf(of?.seats)),
  },
  { name: 'Held now', isNumber: true, cell: ({ seats: of }) => figureOf(of?.taken) },
  { name: 'Held then', isNumber: true, cell: ({ seats: of }) => figureOf(of?.after) },
  { name: 'Seats', cell: ({ seats: of }) => of && <SeatNote of={of} /> },
]

/** From when they are. */
export function SeatsDated({ seats }: { readonly seats: readonly SeatsOfPlan[] }) {
  const asOf = seats.find((each) => each.asOf !== undefined)?.asOf
  if (asOf === undefined) return null
  return (
    <p class="note of-seats">
      Seats as of <Time at={asOf} />, and what the gateway has done since. {unsureTextOf(seats)}
    </p>
  )
}

/** What is still to come, and what never came, is not told as done. */
function handsNamedFor(state: Change['state']): readonly [give: string, take: string] {
  if (state === 'APPLIED') return ['Given to', 'Taken from']
  return isSettled(state) ? ['Was to be given to', 'Was to be taken from'] : ['Give to', 'Take from']
}

interface SeatColumn {
  readonly name: string
  readonly isNumber?: boolean
  readonly cell: (row: { readonly seats: SeatsOfPlan | undefined }) => ComponentChildren
}

const countOf = (people: number) => (people === 0 ? '–' : numberOf(people))

/** What nobody knows is never shown as none. */
function figureOf(count: number | undefined): string {
  return count === undefined ? 'not known' : numberOf(count)
}

const verdicts = {
  takenOver: { tone: 'bad', name: 'Over its seats' },
  over: { tone: 'bad', name: 'Still over its seats' },
  mayBeOver: { tone: 'warning', name: 'May be over its seats' },
  within: { tone: 'good', name: 'Within its seats' },
} as const satisfies Readonly<Record<SeatVerdict, unknown>>

/** Whether it would be over, and what else is to come. */
export function SeatNote({ of }: { readonly of: SeatsOfPlan }) {
  const { unknown = 0, open = 0 } = of
  const verdict = seatVerdictOf(of)
  const besides = [
    ...(open > 0 ? [`${numberOf(open)} more by open changes`] : []),
    ...(unknown > 0 ? [`${numberOf(unknown)} not known`] : []),
  ].join(', ')
  return (
    <>
      {verdict && <Chip tone={verdicts[verdict].tone}>{verdicts[verdict].name}</Chip>}
      {besides !== '' && <span class="note under">{besides}</span>}
    </>
  )
}

/** What whoever approves or applies it must not miss. */
export function TakenOver({ change }: { readonly change: Change }) {
  return <OverSeats over={takenOverIn(change)} />
}

export function OverSeats({ over }: { readonly over: ReturnType<typeof takenOverIn> }) {
  return over.map(({ licenseId, seats, after }) => (
    <span key={licenseId} class="under">
      <Chip tone="bad">Over its seats</Chip> {licenseId}: {numberOf(after)} held then, {numberOf(seats)} paid
      for
    </span>
  ))
}
