import { describe, expect, it } from 'vitest'
import type { BillingOptions, ContractOptions } from '../../../../infra/local/org/billing/billing.ts'
import type { OrgOptions } from '../../../../infra/local/org/server.ts'
import { fakeClock } from '../../../support/fake-clock.ts'
import { callerOf, orgForTest } from './org-client.ts'

const DAY_MS = 86_400_000

/** An org on a clock of the test's, by default at noon of 15 November 2026, and somebody who may see its bills. */
async function start(billing: BillingOptions = {}, options: OrgOptions = {}) {
  const clock = fakeClock()
  // Its token outlives all of a test.
  const tokenSeconds = 1e8
  const org = await orgForTest({ users: 200, now: clock.nowMs, tokenSeconds, billing, ...options })
  const caller = await callerOf(org, org.clients.reader, '/api/v2/billing')
  return { org, clock, caller, get: async (path: string) => (await caller.get(path)).json }
}

const withContract = (contract: ContractOptions = {}, billing: BillingOptions = {}) =>
  start({ contracts: [contract], ...billing })

type Started = Awaited<ReturnType<typeof start>>

/** The detail of the period that is open now, of the first contract. */
async function openPeriod({ get }: Started) {
  const [{ id, billingPeriods }] = (await get('/contracts')).entities
  const [{ id: periodId }] = billingPeriods
  return await get(`/contracts/${id}/billingperiods/${periodId}`)
}

async function chargeNamed(started: Started, name: string) {
  const { charges } = await openPeriod(started)
  return charges.find((each: { name: string }) => each.name === name)
}

/** Who holds a license in the org's truth. */
const holdersOf = ({ org }: Started, licenseId: string) =>
  Object.entries(org.truth().users).flatMap(([id, held]) => (held.includes(licenseId) ? [id] : []))

describe('contracts', () => {
  it.each([
    [undefined, 403, 'missing.permissions'],
    ['forbidden', 403, 'missing.permissions'],
    ['missing', 404, 'not.found'],
  ] as const)('are not to be seen where they are %s', async (contracts, status, code) => {
    const { caller } = await start(contracts && { contracts })
    for (const path of ['/contracts', '/contracts/US-00010293', '/contracts/US-00010293/billingperiods/x'])
      expect((await caller.get(path)).json).toMatchObject({ status, code })
  })

  it('may be none, and are for whoever has the permission', async () => {
    const { get, org } = await start({ contracts: 'empty' }, { clients: { stranger: {} } })
    expect(await get('/contracts')).toEqual({ entities: [], selfUri: '/api/v2/billing/contracts' })
    const { stranger = org.clients.reader } = org.clients
    const caller = await callerOf(org, stranger, '/api/v2/billing')
    expect((await caller.get('/contracts')).json).toMatchObject({ code: 'missing.any.permissions' })
    expect((await caller.get(usage('2026-11-01', '2026-11-15'))).json).toMatchObject({ status: 403 })
  })

  it('have periods from their own date on, the open one among them and none that is yet to begin', async () => {
    const { get, clock } = await withContract({ starts: '2026-01-31' })
    const periods = async () => {
      const [{ billingPeriods }] = (await get('/contracts')).entities
      return billingPeriods
        .map((each: { dateStart: string; dateEnd: string; status: string }) =>
          [each.dateStart, each.dateEnd, each.status].join(' '),
        )
        .sort()
    }
    const seen = await periods()
    expect(seen.slice(0, 2)).toEqual(['2026-01-31 2026-02-27 Closed', '2026-02-28 2026-03-30 Closed'])
    expect(seen.at(-1)).toBe('2026-10-31 2026-11-29 Open')
    clock.advance(15 * DAY_MS)
    expect((await periods()).slice(-2)).toEqual([
      '2026-10-31 2026-11-29 Closed',
      '2026-11-30 2026-12-30 Open',
    ])
  })

  it.each([
    ['lastDay', '2026-11-15', '2026-12-14'],
    ['nextDay', '2026-11-15', '2026-12-15'],
    ['instants', '2026-11-15T00:00:00.000Z', '2026-12-15T00:00:00.000Z'],
  ] as const)('tell the end of a period as %s', async (dates, dateStart, dateEnd) => {
    expect(await openPeriod(await withContract({ dates }))).toMatchObject({
      dateStart,
      dateEnd,
      status: 'Open',
    })
  })

  it('are listed by cursor, ten at the most', async () => {
    const { get, caller } = await start({ contracts: Array.from({ length: 23 }, () => ({})) })
    const first = await get('/contracts')
    expect(first.entities).toHaveLength(10)
    const second = await get(first.nextUri.replace('/api/v2/billing', ''))
    const third = await get(second.nextUri.replace('/api/v2/billing', ''))
    expect(third.entities).toHaveLength(3)
    expect(third).not.toHaveProperty('nextUri')
    const all = [first, second, third].flatMap(({ entities }) => entities)
    expect(new Set(all.map(({ id }) => id)).size).toBe(23)
    expect(await get(third.previousUri.replace('/api/v2/billing', ''))).toEqual(second)
    for (const field of ['pageSize=11', 'pageSize=0', 'after=x'])
      expect((await caller.get(`/contracts?${field}`)).status).toBe(400)
  })

  it('are found by status, number and dates', async () => {
    const { get } = await start({ contracts: [{}, { starts: '2023-01-01', ended: '2024-12-31' }] })
    const ids = async (query: string) =>
      (await get(`/contracts?${query}`)).entities.map((each: { id: string }) => each.id)
    expect(await ids('status=Active')).toEqual(['US-00010293'])
    expect(await ids('status=Inactive')).toEqual(['US-00010294'])
    expect(await ids('dateEnd=2024-06-30')).toEqual(['US-00010294'])
    expect(await ids('externalNumber=Q-010293')).toEqual(['US-00010293'])
  })

  it('may leave out what is optional, periods in the list too', async () => {
    const { get } = await withContract({ isSparse: true })
    expect((await get('/contracts')).entities).toEqual([{ id: 'US-00010293' }])
    const { billingPeriods } = await get('/contracts/US-00010293')
    expect(billingPeriods[0]).not.toHaveProperty('status')
    const { charges } = await get(`/contracts/US-00010293/billingperiods/${billingPeriods[1].id}`)
    expect(Object.keys(charges[0])).toEqual(['id', 'name', 'actualQuantity'])
  })
})

describe('a charge', () => {
  it('counts whoever logged in, until the day before, and has prices', async () => {
    const started = await withContract({ starts: '2025-01-02' })
    const { clock } = started
    const before = await chargeNamed(started, 'Genesys Cloud CX 3 Named')
    const holders = holdersOf(started, 'cloudCX3').length
    expect(before).toMatchObject({ prepaidQuantity: 30, overageRate: 155.07, overageCurrency: 'EUR' })
    expect(before.actualQuantity).toBeGreaterThan(holders / 2)
    // Some never log in.
    expect(before.actualQuantity).toBeLessThan(holders)
    expect(before.overageQuantity).toBe(0)
    // A new period has counted nobody on its first day, of licenses that take a login.
    clock.advance(Date.parse('2026-12-02T12:00:00Z') - clock.nowMs())
    expect(await chargeNamed(started, 'Genesys Cloud CX 3 Named')).toMatchObject({ actualQuantity: 0 })
  })

  it('goes by the highest license that was held in the period, also where it was taken again', async () => {
    const contract = { starts: '2025-01-02', seats: { cloudCX3: 1 } }
    const started = await withContract(contract)
    const untouched = await withContract(contract)
    const { org, clock } = started
    const userIdsAdd = holdersOf(started, 'cloudCX1')
    org.assign({ assignments: [{ licenseId: 'cloudCX3', userIdsAdd, userIdsRemove: [] }] })
    clock.advance(60_000)
    org.assign({ assignments: [{ licenseId: 'cloudCX3', userIdsAdd: [], userIdsRemove: userIdsAdd }] })
    for (const each of [clock, untouched.clock]) each.advance(DAY_MS)
    // Nor does it help that they leave afterwards.
    org.movePeople(userIdsAdd.map((id) => ({ id, state: 'vanished' })))
    const [lower, higher] = [
      await chargeNamed(untouched, 'Genesys Cloud CX 1 Named'),
      await chargeNamed(untouched, 'Genesys Cloud CX 3 Named'),
    ]
    const actualQuantity = lower.actualQuantity + higher.actualQuantity
    expect(await chargeNamed(started, 'Genesys Cloud CX 3 Named')).toMatchObject({
      actualQuantity,
      overageQuantity: actualQuantity - 1,
    })
  })

  it('of Genesys Cloud EX counts who holds it without a login too', async () => {
    const started = await withContract({ starts: '2025-01-02' })
    expect(await chargeNamed(started, 'Genesys Cloud EX Named')).toMatchObject({
      actualQuantity: holdersOf(started, 'communicate').length,
    })
  })

  it('of a concurrent contract is the peak, fewer than who logged in', async () => {
    const named = await withContract({ starts: '2025-01-02' })
    const concurrent = await withContract({ starts: '2025-01-02', counting: 'concurrent' })
    const peak = await chargeNamed(concurrent, 'Genesys Cloud CX 1 Concurrent')
    const all = await chargeNamed(named, 'Genesys Cloud CX 1 Named')
    expect(peak.actualQuantity).toBeGreaterThan(0)
    expect(peak.actualQuantity).toBeLessThan(all.actualQuantity)
  })

  it('of a contract of two orgs is of one of them, or of both', async () => {
    const { charges } = await openPeriod(await withContract({ covers: 'shared' }))
    const orgs = (name: string) =>
      charges
        .filter((each: { name: string }) => each.name === name)
        .map(({ organizations }: { organizations: { name: string }[] }) =>
          organizations.map((each) => each.name).join(' and '),
        )
    expect(orgs('Genesys Cloud CX 3 Named')).toEqual(['Embedded org', 'Sister org'])
    expect(orgs('Genesys Cloud API Requests')).toEqual(['Embedded org and Sister org'])
  })
})

const usage = (from: string, to: string) =>
  `/reports/billableusage?startDate=${from}T00:00:00Z&endDate=${to}T00:00:00Z`

describe('the report of billable usage', () => {
  it('is in progress when a range is asked for first, and complete afterwards', async () => {
    const { get } = await start()
    expect(await get(usage('2026-11-01', '2026-11-15'))).toMatchObject({ status: 'InProgress', usages: [] })
    expect(await get(usage('2026-11-01', '2026-11-14'))).toMatchObject({ status: 'InProgress', usages: [] })
    const { status, usages } = await get(usage('2026-11-01', '2026-11-15'))
    expect([status, usages[0].name]).toEqual(['Complete', 'Genesys Cloud EX Named'])
    expect(usages[0].totalUsage).toBe(`${usages[0].resources.length}.0`)
  })

  it('names people by e-mail or by id, with the time of their first login', async () => {
    for (const [usageNames, pattern] of [
      ['email', /@example\.com$/],
      ['id', /^[0-9a-f-]{36}$/],
    ] as const) {
      const { get } = await start({ usageNames, looksAtUsage: 0 })
      const { usages } = await get(usage('2026-11-02', '2026-11-15'))
      const [first] = usages.find(
        (each: { name: string }) => each.name === 'Genesys Cloud CX 3 Named',
      ).resources
      expect(first.name).toMatch(pattern)
      expect(first.date).toMatch(/^2026-11-(0[2-9]|1\d)T/)
    }
  })

  it('reaches to the day before', async () => {
    const { get, clock } = await start({ looksAtUsage: 0 })
    const report = async () => JSON.stringify((await get(usage('2026-11-16', '2026-11-30'))).usages)
    clock.advance(DAY_MS)
    expect(await report()).not.toContain('CX 3')
    clock.advance(DAY_MS)
    expect(await report()).toContain('CX 3')
    expect(await report()).not.toContain('"2026-11-17T')
  })

  it.each([
    ['/reports/billableusage?endDate=2026-11-15T00:00:00Z', 'startDate'],
    ['/reports/billableusage?startDate=2026-11-15&endDate=2026-11-15T00:00:00Z', 'startDate'],
    [usage('2026-11-15', '2026-11-14'), 'endDate'],
  ])('refuses %s, naming the field', async (path, fieldName) => {
    const { caller } = await start()
    expect((await caller.get(path)).json).toMatchObject({ status: 400, details: [{ fieldName }] })
  })
})
