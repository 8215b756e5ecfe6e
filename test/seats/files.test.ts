/** Seats and periods as files, from the functions that deploy, read by another reader than what writes them. */
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../lib/changes/model/policy.ts'
import type { Operation } from '../../lib/operation.ts'
import { getPeriod } from '../../lib/operations/periods/get-period.ts'
import { listPeriods } from '../../lib/operations/periods/list-periods.ts'
import { getSeats } from '../../lib/operations/seats/get-seats.ts'
import { PeriodFigures, PeriodListing, SeatListing } from '../../lib/seats/seat-schemas.ts'
import { type Event, restEvent } from '../support/events.ts'
import { takeWholeReading } from '../support/seats/readings.ts'
import { type World, world } from '../support/world.ts'

const DAY_MS = 86_400_000
const CX3 = 'cloudCX3'
const CHARGE = 'Genesys Cloud CX 3 Named'
/** None of which the contract has. */
const MISSPELT = ['CX 2, "named"', 'Zusätzliche Plätze; je Monat', '=1+1']

const policy: Policy = {
  approvals: [],
  people: {},
  counting: 'named',
  licenses: {
    [CX3]: { charges: [CHARGE] },
    cloudCX2: { charges: [CHARGE, ...MISSPELT] },
    wallboardUser: { seats: 5, charges: ['Wallboards'] },
    never: { seats: 0 },
  },
}

async function start() {
  const w = await world({ org: { users: 40, billing: { contracts: [{ seats: { [CX3]: 12 } }] } }, policy })
  await takeWholeReading(w)
  return w
}

type Asked = Operation<'inventory'>

async function answerOf(w: World, operation: Asked, accept: string, more: Event = {}) {
  const { headers, multiValueHeaders } = restEvent(operation.id) as Record<
    'headers' | 'multiValueHeaders',
    object
  >
  const answer = await w.inventoried(operation)({
    headers: { ...headers, Accept: accept },
    multiValueHeaders: { ...multiValueHeaders, Accept: [accept] },
    ...more,
  })
  expect(answer.status).toBe(200)
  return answer
}

const jsonOf = async (w: World, operation: Asked, more?: Event) =>
  (await answerOf(w, operation, 'application/json', more)).json

async function filesOf(w: World, operation: Asked, more?: Event) {
  const { text } = await answerOf(w, operation, 'text/csv', more)
  const { data, errors } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  expect(errors).toEqual([])
  const lines = (await answerOf(w, operation, 'application/x-ndjson', more)).text.trimEnd().split('\n')
  return { csv: data, ndjson: lines.map((line): Record<string, unknown> => JSON.parse(line)) }
}

/** As a cell has it: what could begin a formula is marked as text. */
const cellOf = (value: unknown) => String(value ?? '').replace(/(^|;)(?= ?=)/g, "$1'")

/** Each row of both files has what the JSON has, nothing else in its place, and nothing where it has nothing. */
function expectRows(
  files: Awaited<ReturnType<typeof filesOf>>,
  entities: readonly Record<string, unknown>[],
) {
  expect(files.csv.map((row) => ({ ...row }))).toEqual(
    entities.map((entity) =>
      Object.fromEntries(Object.keys(files.csv[0] ?? {}).map((column) => [column, cellOf(entity[column])])),
    ),
  )
  const { csv } = files
  expect(files.ndjson).toEqual(
    entities.map((entity) =>
      Object.fromEntries(Object.entries(entity).filter(([name]) => name in (csv[0] ?? {}))),
    ),
  )
}

function seatEntities(json: unknown): Record<string, unknown>[] {
  const { entities, ...dated } = SeatListing.parse(json)
  return entities.map(({ unknownCharges, ...entity }) => ({
    ...entity,
    ...(unknownCharges && { unknownCharges: unknownCharges.join('; ') }),
    ...dated,
  }))
}

describe('seats as a file', () => {
  it('have a row a license with all that the list says, and nothing where it says nothing', async () => {
    const w = await start()
    const entities = seatEntities(await jsonOf(w, getSeats))
    const files = await filesOf(w, getSeats)
    expectRows(files, entities)
    const rowOf = (id: string) => files.csv.find(({ licenseId }) => licenseId === id)
    expect(rowOf(CX3)).toMatchObject({
      seats: '12',
      seatsFrom: 'contract',
      unknownCharges: '',
      isWhole: 'true',
    })
    expect(rowOf('never')).toMatchObject({ held: '0', seats: '0', over: '0', billed: '' })
  })

  it('name the charges that the contract does not have, and tell no part of a sum', async () => {
    const { csv, ndjson } = await filesOf(await start(), getSeats)
    const [row, line] = [csv, ndjson].map((rows: readonly Record<string, unknown>[]) =>
      rows.find((each) => each['licenseId'] === 'cloudCX2'),
    )
    expect(row).toMatchObject({ seats: '', seatsFrom: 'none', over: '', billed: '' })
    expect(row?.['unknownCharges']).toBe(cellOf(MISSPELT.join('; ')))
    expect(line?.['unknownCharges']).toBe(MISSPELT.join('; '))
    for (const name of ['seats', 'over', 'billed']) expect(line).not.toHaveProperty(name)
    expect(csv.find(({ licenseId }) => licenseId === 'wallboardUser')).toMatchObject({
      ...{ seats: '5', seatsFrom: 'orgFile', contractSeats: '', unknownCharges: 'Wallboards' },
    })
  })

  it('say since when the contract is told no more', async () => {
    const w = await start()
    w.clock.advance(8 * DAY_MS)
    expectRows(await filesOf(w, getSeats), seatEntities(await jsonOf(w, getSeats)))
    const { csv } = await filesOf(w, getSeats)
    expect(csv.map((row) => row['contractGoneSince'])).toEqual(
      csv.map(() => expect.stringMatching(/^2026-11-15T/)),
    )
  })
})

describe('periods as a file', () => {
  it('have a row each, as the list has them, with when they were told', async () => {
    const w = await start()
    for (const later of [0, 8 * DAY_MS]) {
      w.clock.advance(later)
      const { entities } = PeriodListing.parse(await jsonOf(w, listPeriods))
      const files = await filesOf(w, listPeriods)
      expectRows(files, entities)
      const calendar = files.csv.filter(({ from }) => from === 'calendar')
      expect(calendar.map(({ toldAt }) => toldAt)).toEqual(later === 0 ? [] : [''])
    }
  })
})

it('a period as a file names the charges that the contract does not have, and since when it is told no more', async () => {
  const w = await start()
  const of = (periodId: string) => ({ pathParameters: { periodId } })
  const licensesIn = async () =>
    (await filesOf(w, getPeriod, of('current'))).csv.filter(({ row }) => row === 'license')
  const cx2 = (await licensesIn()).find(({ licenseId }) => licenseId === 'cloudCX2')
  expect(cx2).toMatchObject({ seats: '', seatsFrom: 'none', unknownCharges: cellOf(MISSPELT.join('; ')) })
  w.clock.advance(8 * DAY_MS)
  const { contractGoneSince } = PeriodFigures.parse(await jsonOf(w, getPeriod, of('current')))
  expect(contractGoneSince).toMatch(/^2026-11-15T/)
  for (const row of await licensesIn()) expect(row['contractGoneSince']).toBe(contractGoneSince)
})
