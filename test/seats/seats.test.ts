/** Seats and periods from readings of the embedded org and from its billing, through the functions that deploy. */
import { describe, expect, it } from 'vitest'
import type { BillingOptions } from '../../infra/local/org/billing/billing.ts'
import type { Policy } from '../../lib/changes/model/policy.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { getPeriod } from '../../lib/operations/periods/get-period.ts'
import { listPeriods } from '../../lib/operations/periods/list-periods.ts'
import { getSeats } from '../../lib/operations/seats/get-seats.ts'
import { PeriodFigures, PeriodListing, SeatListing } from '../../lib/seats/seat-schemas.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { eventAsking } from '../support/events.ts'
import { expectError } from '../support/refusals.ts'
import { heldByTruth, takeAskedReading, takeWholeReading } from '../support/seats/readings.ts'
import { world } from '../support/world.ts'

const DAY_MS = 86_400_000
const CX3 = 'cloudCX3'
const CHARGE = 'Genesys Cloud CX 3 Named'

const contract: BillingOptions = { contracts: [{ seats: { [CX3]: 12 } }] }

interface Start {
  readonly billing?: BillingOptions
  readonly licenses?: Policy['licenses']
  readonly transport?: Transport
}

async function start({ billing = contract, licenses, transport }: Start = {}) {
  const policy: Policy = { approvals: [], people: {}, counting: 'named', licenses }
  const each = await world({ org: { users: 60, billing }, policy })
  const [seats, periods, period] = [getSeats, listPeriods, getPeriod].map((one) => each.inventoried(one))
  const change = each.writer(postLicenseOrganization)
  const holds = () => Object.entries(each.org.truth().users)
  return {
    ...each,
    askSeats: () => seats?.(eventAsking({})),
    askPeriod: (periodId: string) => period?.({ ...eventAsking({}), pathParameters: { periodId } }),
    seats: async () => SeatListing.parse((await seats?.(eventAsking({})))?.json),
    periods: async () => PeriodListing.parse((await periods?.(eventAsking({})))?.json).entities,
    period: async (periodId = 'current') =>
      PeriodFigures.parse((await period?.({ ...eventAsking({}), pathParameters: { periodId } }))?.json),
    async night() {
      each.clock.advance(DAY_MS)
      await takeWholeReading(each)
      await each.takeInventory(transport ? { transport } : {})
    },
    others: (licenseId: string, count: number) =>
      holds()
        .filter(([, held]) => !held.includes(licenseId))
        .map(([id]) => id)
        .slice(0, count),
    async give(licenseId: string, userIdsAdd: readonly string[], userIdsRemove: readonly string[] = []) {
      const body = JSON.stringify({ assignments: [{ licenseId, userIdsAdd, userIdsRemove }] })
      const answer = await change({ body })
      expect(answer.status).toBe(200)
      return String(answer.headers['x-change-id'])
    },
    outside: (licenseId: string, given: readonly string[], taken: readonly string[] = []) =>
      each.org.assign({
        assignments: [{ licenseId, userIdsAdd: [...given], userIdsRemove: [...taken] }],
      }),
    heldOf: (licenseId: string) => heldByTruth(each.org)[licenseId] ?? 0,
  }
}

const mapped: Policy['licenses'] = { [CX3]: { charges: [CHARGE] } }

describe('seats now', () => {
  it('are not known before the first reading, and never zero', async () => {
    const { askSeats, askPeriod } = await start()
    for (const answer of [await askSeats(), await askPeriod('current')]) {
      if (!answer) throw new Error('nothing was answered')
      expectError(answer, { status: 503, code: 'reading.unavailable' })
    }
  })

  it('say of how many who were there it is not known what became, and count them as before', async () => {
    const w = await start({ licenses: { [CX3]: { seats: 1 } } })
    await takeWholeReading(w)
    const held = w.heldOf(CX3)
    const gone = Object.entries(w.org.truth().users).find(([, licenses]) => licenses.includes(CX3))?.[0] ?? ''
    w.org.movePeople([{ id: gone, state: 'vanished' }])
    await w.night()
    for (const told of [await w.seats(), await w.period()]) {
      const entries = 'entities' in told ? told.entities : told.licenses
      expect([told.isWhole, told.missing]).toEqual([false, 1])
      expect(entries.find(({ licenseId }) => licenseId === CX3)?.held).toBe(held)
    }
    await w.night()
    for (const told of [await w.seats(), await w.period()]) {
      expect([told.isWhole, told.missing]).toEqual([true, undefined])
    }
  })

  it('are what each license is held by, by the org itself, and what the contract pays for', async () => {
    const w = await start({ licenses: { ...mapped, wallboardUser: { seats: 5 }, never: { seats: 3 } } })
    await takeWholeReading(w)
    const { entities, isWhole, counting, asOf } = await w.seats()
    const held = entities.filter((each) => each.held > 0).map((each) => [each.licenseId, each.held])
    expect(Object.fromEntries(held)).toEqual(heldByTruth(w.org))
    expect([isWhole, counting, asOf]).toEqual([true, 'named', '2026-11-15T12:00:00.000Z'])
    const [cx3, wallboard, never] = [CX3, 'wallboardUser', 'never'].map((id) =>
      entities.find(({ licenseId }) => licenseId === id),
    )
    expect(cx3).toMatchObject({ seats: 12, seatsFrom: 'contract', over: Math.max(0, w.heldOf(CX3) - 12) })
    expect(cx3?.billed).toEqual(expect.any(Number))
    expect(cx3?.billedAsOf).toMatch(/^2026-11-15T12:0/)
    expect(wallboard).toMatchObject({ seats: 5, seatsFrom: 'orgFile' })
    expect(never).toEqual({
      licenseId: 'never',
      held: 0,
      seats: 3,
      seatsFrom: 'orgFile',
      over: 0,
      standing: 'within',
    })
    expect(entities.find(({ licenseId }) => licenseId === 'cloudCX1')).toEqual({
      licenseId: 'cloudCX1',
      held: w.heldOf('cloudCX1'),
      seatsFrom: 'none',
    })
  })

  it('say how each stands to its seats: over them, near from nearPercent on, within, or nothing where nobody told', async () => {
    const { heldOf } = await start()
    const [held, others] = [heldOf(CX3), heldOf('cloudCX2')]
    const licenses = { [CX3]: { seats: held }, cloudCX2: { seats: others - 1 }, never: { seats: 3 } }
    const w = await start({ licenses })
    await takeWholeReading(w)
    const { entities } = await w.seats()
    const standings = Object.fromEntries(entities.map(({ licenseId, standing }) => [licenseId, standing]))
    expect(standings).toMatchObject({ [CX3]: 'near', cloudCX2: 'over', never: 'within' })
    expect(standings['cloudCX1']).toBeUndefined()
  })

  it('have what the gateway did at once and what was done in Genesys with the next reading, and ask Genesys nothing', async () => {
    const w = await start({ licenses: { [CX3]: { seats: 12 } } })
    await takeWholeReading(w)
    const before = w.heldOf(CX3)
    w.clock.advance(60_000)
    await w.give(CX3, w.others(CX3, 2))
    w.outside(CX3, w.others(CX3, 1))
    const asked = w.org.requests().length
    const heldNow = async () => (await w.seats()).entities.find(({ licenseId }) => licenseId === CX3)?.held
    expect(await heldNow()).toBe(before + 2)
    expect(w.org.requests()).toHaveLength(asked)
    w.clock.advance(60_000)
    await takeAskedReading(w)
    expect(await heldNow()).toBe(w.heldOf(CX3))
  })

  it.each([
    ['refuses contracts', 'forbidden'],
    ['has none', 'missing'],
    ['tells none', 'empty'],
  ] as const)(
    'are the org file’s where Genesys %s, billed by billable usage, in months of the calendar',
    async (_, contracts) => {
      const w = await start({ billing: { contracts }, licenses: { [CX3]: { seats: 7, charges: [CHARGE] } } })
      await w.night()
      const cx3 = (await w.seats()).entities.find(({ licenseId }) => licenseId === CX3)
      expect(cx3).toMatchObject({ seats: 7, seatsFrom: 'orgFile' })
      expect(cx3?.billed).toEqual(expect.any(Number))
      expect(cx3?.billedAsOf).toBe('2026-11-16T00:00:00.000Z')
      const [current] = await w.periods()
      expect(current).toEqual({
        ...{ id: '2026-11', from: 'calendar', start: '2026-11-01', end: '2026-11-30', status: 'open' },
        selfUri: '/v1/periods/2026-11',
      })
    },
  )
})

describe('a period', () => {
  it('shows which names of billable usage the org file maps to nothing, where Genesys tells no contract', async () => {
    const licenses = { [CX3]: { seats: 7, charges: [CHARGE] } }
    const w = await start({ billing: { contracts: 'forbidden' }, licenses })
    await w.night()
    const { unmapped } = await w.period()
    expect(unmapped.map(({ charge }) => charge)).toContain('Genesys Cloud CX 1 Named')
    expect(unmapped.map(({ charge }) => charge)).not.toContain(CHARGE)
    for (const each of unmapped) {
      expect(each).toMatchObject({ isUsage: true, billed: expect.any(Number) })
      expect(each).not.toHaveProperty('prepaid')
    }
  })

  it('is found by its id in any case, and by no day that there is not', async () => {
    const w = await start({ licenses: mapped })
    await takeWholeReading(w)
    const [current] = await w.periods()
    expect((await w.period(current?.id.toUpperCase())).id).toBe(current?.id)
    for (const id of ['2026-11-31', '2026-02-30']) {
      const answer = await w.askPeriod(id)
      if (!answer) throw new Error('nothing was answered')
      expectError(answer, { status: 404, code: 'not.found' })
    }
  })

  it('tells the overage with the day it began, the people behind it and the change of each', async () => {
    const w = await start({ licenses: mapped })
    await takeWholeReading(w)
    const atStart = w.heldOf(CX3)
    w.outside(CX3, w.others(CX3, 11 - atStart))
    await w.night()
    const [ana = '', ben = '', cy = ''] = w.others(CX3, 3)
    await w.night()
    const changeId = await w.give(CX3, [ana, ben])
    await w.night()
    w.outside(CX3, [cy])
    await w.night()
    const report = await w.period()
    const cx3 = report.licenses.find(({ licenseId }) => licenseId === CX3)
    expect(report).toMatchObject({ from: 'contract', start: '2026-11-15', isWhole: true, counting: 'named' })
    expect(cx3).toMatchObject({
      held: 14,
      atStart,
      seats: 12,
      over: 2,
      overSince: '2026-11-17',
      most: { held: 14, day: '2026-11-19' },
      ...{ given: 2, taken: 0, changedOutside: 11 - atStart + 1 },
    })
    expect(cx3?.people.map(({ userId, by }) => [userId, by])).toEqual([
      [cy, 'outside'],
      ...[ana, ben]
        .sort()
        .reverse()
        .map((id) => [id, { changeId }]),
    ])
    expect(cx3?.people.every(({ name, email }) => name !== undefined && email !== undefined)).toBe(true)
    expect(cx3?.days.map(({ day, held }) => [day, held])).toEqual([
      ['2026-11-15', atStart],
      ['2026-11-16', 11],
      ['2026-11-17', 11],
      ['2026-11-18', 13],
      ['2026-11-19', 14],
    ])
    expect(report.unmapped.map(({ charge }) => charge)).toContain('Genesys Cloud API Requests')
    expect(report.unmapped.map(({ charge }) => charge)).not.toContain(CHARGE)
  })

  it('that began before the first reading tells what is known, and nothing of what is not', async () => {
    const w = await start({ licenses: mapped })
    w.clock.advance(10 * DAY_MS)
    await takeWholeReading(w)
    const { licenses, previousId, countedFrom } = await w.period()
    expect(countedFrom).toBe('2026-11-25T12:00:00.000Z')
    const cx3 = licenses.find(({ licenseId }) => licenseId === CX3)
    expect(cx3).not.toHaveProperty('atStart')
    expect(cx3?.days.filter(({ held }) => held !== undefined).map(({ day }) => day)).toEqual(['2026-11-25'])
    expect(cx3?.before?.most).toBeUndefined()
    const before = await w.period(previousId)
    const closed = before.licenses.find(({ licenseId }) => licenseId === CX3)
    expect([before.status, before.isWhole, before.asOf]).toEqual(['closed', undefined, undefined])
    expect(before).not.toHaveProperty('countedFrom')
    expect(closed).not.toHaveProperty('held')
    expect(closed).not.toHaveProperty('over')
    expect(closed).toMatchObject({ seats: 12, billed: expect.any(Number) })
    for (const name of ['given', 'taken', 'changedOutside']) expect(closed).not.toHaveProperty(name)
    expect(cx3?.before).toEqual({ billed: closed?.billed })
  })

  it('is the contract’s where one is told: the month beside it is 404 that names those there are, a day finds its own', async () => {
    const w = await start({ licenses: mapped })
    await takeWholeReading(w)
    const [current, before] = await w.periods()
    const answer = await w.askPeriod('2026-11')
    if (!answer) throw new Error('nothing was answered')
    expectError(answer, { status: 404, code: 'not.found' })
    const { message } = Object(answer.json)
    for (const each of [current, before]) {
      expect(message).toContain(`${each?.id} (${each?.start} to ${each?.end})`)
    }
    expect((await w.period('2026-11-15')).id).toBe(current?.id)
    expect((await w.period('2026-11-14')).id).toBe(before?.id)
    expect([...(await w.periods())].map(({ from }) => from)).not.toContain('calendar')
  })

  it('that is over stays on record, with its bill, where Genesys tells of the contract no more', async () => {
    const w = await start({ licenses: mapped })
    await takeWholeReading(w)
    const [, before] = await w.periods()
    const billed = (await w.period(before?.id)).licenses.find(({ licenseId }) => licenseId === CX3)?.billed
    w.clock.advance(8 * DAY_MS)
    const kept = (await w.periods()).find(({ id }) => id === before?.id)
    expect(kept).toMatchObject({
      from: 'contract',
      status: 'closed',
      toldAt: expect.stringMatching(/^2026-11-15T/),
    })
    expect((await w.period(before?.id)).licenses.find(({ licenseId }) => licenseId === CX3)?.billed).toBe(
      billed,
    )
    const now = await w.seats()
    expect(now.contractGoneSince).toMatch(/^2026-11-15T/)
    expect(now.entities.find(({ licenseId }) => licenseId === CX3)?.seatsFrom).toBe('none')
    expect(await w.period()).toMatchObject({ id: '2026-11', from: 'calendar', unmapped: [] })
  })

  it('that there is not is 404, and says where they are listed', async () => {
    const w = await start()
    await takeWholeReading(w)
    for (const id of ['nothing', '2026-13', '2031-01', '2026-10']) {
      const answer = await w.askPeriod(id)
      if (!answer) throw new Error('nothing was answered')
      expectError(answer, { status: 404, code: 'not.found' })
      expect(Object(answer.json).message).toContain('GET /v1/periods')
    }
  })

  it.each(['lastDay', 'nextDay', 'instants'] as const)(
    'has its dates as Genesys gives them, and each day once, with ends told as %s',
    async (dates) => {
      const w = await start({ billing: { contracts: [{ dates, seats: { [CX3]: 12 } }] }, licenses: mapped })
      await takeWholeReading(w)
      const [current, before] = await w.periods()
      const first = await w.period(before?.id)
      const second = await w.period(current?.id)
      expect(second).toMatchObject({ start: current?.start, end: current?.end })
      expect(second.licenses[0]?.days[0]?.day).toBe('2026-11-15')
      expect(first.licenses[0]?.days.at(-1)?.day).toBe('2026-11-14')
    },
  )
})

it('prices of a bill are in nothing that is kept, logged or answered', async () => {
  const seen: string[] = []
  const transport: Transport = (request) => {
    const { headers, body = '' } = request
    if ('x-amz-target' in headers)
      seen.push(typeof body === 'string' ? body : Buffer.concat([body]).toString())
    return nodeTransport(request)
  }
  const w = await start({ licenses: mapped, transport })
  await w.night()
  w.outside(CX3, w.others(CX3, 20))
  await w.night()
  const [current] = await w.periods()
  const answers = [await w.seats(), await w.period(), await w.period(current?.id)]
  const all = [...seen, ...w.logged, JSON.stringify(answers)].join('\n')
  expect(seen.join()).toContain(CHARGE)
  expect(all).toContain('billing.kept')
  expect(all).not.toMatch(/155[.]07|115[.]02|75[.]01|9[.]19|overage(Rate|Charge|Currency)|"EUR"/)
})
