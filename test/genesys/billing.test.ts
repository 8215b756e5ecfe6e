/** What Genesys's billing tells, in front of the embedded org's bills, and of answers that no org gives. */
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type BillingOptions,
  type ContractOptions,
  EMBEDDED_ORG_NAME,
} from '../../infra/local/org/billing/billing.ts'
import { startOrg } from '../../infra/local/org/server.ts'
import { deadlineIn } from '../../lib/clock.ts'
import { grant } from '../../lib/credentials/client-credentials.ts'
import { GenesysBilling } from '../../lib/genesys/genesys-billing.ts'
import { newObserved } from '../../lib/genesys/scope.ts'
import { nodeTransport, type TransportRequest } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { scopeOver } from '../support/scope.ts'

const DAY_MS = 86_400_000

/** Billing as an org of 200 has it, at noon of a Sunday that begins a period of its contract. */
async function inFrontOf(options: BillingOptions, orgId: string = EMBEDDED_ORG_NAME.id) {
  const clock = fakeClock()
  const org = await startOrg({ users: 200, now: clock.nowMs, billing: options })
  onTestFinished(org.close)
  const { accessToken: value } = await grant(org.clients.reader, org.url, nodeTransport, clock)
  const observed = newObserved()
  const billing = new GenesysBilling(
    {
      transport: nodeTransport,
      origins: { api: org.url, login: org.url },
      clock,
      deadline: deadlineIn(60_000, clock),
      token: { value, renew: async () => {} },
      observed,
      perTryTimeoutMs: 8_000,
    },
    orgId,
  )
  const asked = () => org.requests().filter(({ path }) => path.startsWith('/api/v2/billing'))
  return { org, clock, billing, observed, asked }
}

const withContract = (contract: ContractOptions = {}) => inFrontOf({ contracts: [contract] })

type InFront = Awaited<ReturnType<typeof inFrontOf>>

async function contractsOf({ billing }: InFront) {
  const answer = await billing.contracts()
  if (!answer.isAvailable) throw new Error(answer.because)
  return answer.value.contracts
}

/** The period that is open, or the last where none is said to be, of the first contract. */
async function openPeriod(front: InFront) {
  const [contract] = await contractsOf(front)
  const period = contract?.periods.find(({ status }) => status === 'open') ?? contract?.periods[0]
  if (!period) throw new Error('There is no period')
  const answer = await front.billing.period(period)
  if (!answer.isAvailable) throw new Error(answer.because)
  return answer
}

describe('contracts', () => {
  it('come with what they are for and all their periods, of both states', async () => {
    const [contract, ...others] = await contractsOf(await withContract({ starts: '2026-09-15' }))
    expect(others).toEqual([])
    expect(contract).toMatchObject({
      id: 'US-00010293',
      externalNumber: 'Q-010293',
      isActive: true,
      covers: 'ours',
      start: '2026-09-15',
      end: '2027-09-14',
    })
    const periods = contract?.periods.map(({ start, end, status, contractId }) => ({
      start,
      end,
      status,
      contractId,
    }))
    expect(periods).toHaveLength(3)
    expect(periods).toContainEqual({
      start: '2026-11-15',
      end: '2026-12-14',
      status: 'open',
      contractId: 'US-00010293',
    })
    expect(periods).toContainEqual({
      start: '2026-09-15',
      end: '2026-10-14',
      status: 'closed',
      contractId: 'US-00010293',
    })
  })

  it.each([
    ['forbidden', 'forbidden', 'billing:subscription:view'],
    ['missing', 'notFound', 'Genesys has no billing contracts for this org (status 404)'],
    ['empty', 'empty', 'Genesys tells no billing contracts for this org'],
  ] as const)('that are %s are an answer and no fault', async (contracts, why, because) => {
    const { billing, observed } = await inFrontOf({ contracts })
    const answer = { isAvailable: false, why, because: expect.stringContaining(because) }
    expect(await billing.contracts()).toEqual(answer)
    expect(observed.forbidden).toBe(0)
    if (contracts !== 'empty')
      expect(await billing.period({ id: 'x', contractId: 'y' })).toMatchObject({ isAvailable: false, why })
  })

  it('are read from every page, by the cursors', async () => {
    const front = await inFrontOf({ contracts: Array.from({ length: 23 }, () => ({})) })
    const contracts = await contractsOf(front)
    expect(new Set(contracts.map(({ id }) => id)).size).toBe(23)
    expect(front.asked()).toHaveLength(3)
  })

  it('for others alone are left out, and those of several orgs are marked', async () => {
    const front = await inFrontOf({ contracts: [{ covers: 'others' }, { covers: 'shared' }] })
    expect(await contractsOf(front)).toMatchObject([{ id: 'US-00010294', covers: 'shared' }])
    const { billing } = await inFrontOf({ contracts: [{ covers: 'others' }] })
    expect(await billing.contracts()).toMatchObject({ isAvailable: false, why: 'empty' })
  })

  it('that tell almost nothing are looked at one by one for their periods', async () => {
    const [contract] = await contractsOf(await withContract({ isSparse: true, starts: '2026-10-15' }))
    expect(contract).toEqual({
      id: 'US-00010293',
      isActive: undefined,
      covers: 'untold',
      externalNumber: undefined,
      start: undefined,
      end: undefined,
      periods: [
        expect.objectContaining({ start: '2026-11-15', status: undefined }),
        expect.objectContaining({ start: '2026-10-15', status: undefined }),
      ],
    })
  })
})

describe('a period', () => {
  it('has quantities by the names of charges, and no price, rate or amount', async () => {
    const front = await withContract({ starts: '2025-01-02', seats: { cloudCX3: 3 } })
    const { value, readAtMs } = await openPeriod(front)
    expect(readAtMs).toBe(front.clock.nowMs())
    const charge = value.charges.find(({ name }) => name === 'Genesys Cloud CX 3 Named')
    expect(charge).toMatchObject({ prepaid: 3, fairuse: 0, unitOfMeasure: 'User', covers: 'ours' })
    expect(charge?.overage).toBe((charge?.actual ?? 0) - 3)
    expect(charge?.overage).toBeGreaterThan(0)
    const sent = JSON.stringify(await (await rawPeriod(front)).json())
    for (const price of ['155.07', 'overageRate', 'EUR', 'balanceOverageRate']) {
      expect(sent).toContain(price)
      expect(JSON.stringify(value)).not.toContain(price)
    }
  })

  it('leaves out charges of others, and marks those of several orgs', async () => {
    const { value } = await openPeriod(await withContract({ covers: 'shared' }))
    const named = value.charges.filter(({ name }) => name === 'Genesys Cloud CX 3 Named')
    expect(named).toMatchObject([{ covers: 'ours', prepaid: 30 }])
    expect(value.charges.find(({ name }) => name.includes('API'))).toMatchObject({ covers: 'shared' })
    const ofNobody = await inFrontOf({ contracts: [{}] }, '11111111-1111-4111-8111-111111111111')
    expect(await ofNobody.billing.contracts()).toMatchObject({ why: 'empty' })
  })

  it('that tells no quantities has none, and not zero', async () => {
    const { value } = await openPeriod(await withContract({ isSparse: true, starts: '2025-01-02' }))
    expect(value.charges[0]).toMatchObject({ covers: 'untold', prepaid: undefined, overage: undefined })
    expect(value.charges[0]?.actual).toBeTypeOf('number')
  })

  it.each(['', '.', '..'])('of the id %j is none, and no request', async (id) => {
    const front = await withContract()
    expect(await front.billing.period({ id, contractId: 'US-00010293' })).toMatchObject({ why: 'notFound' })
    expect(await front.billing.period({ id: 'x', contractId: id })).toMatchObject({ why: 'notFound' })
    expect(front.asked()).toEqual([])
  })

  it('of an id with slashes is asked for by one address', async () => {
    const front = await withContract()
    expect(await front.billing.period({ id: 'a/b?c', contractId: 'x/../y' })).toMatchObject({
      why: 'notFound',
    })
    expect(front.asked().map(({ path }) => path)).toEqual([
      '/api/v2/billing/contracts/x%2F..%2Fy/billingperiods/a%2Fb%3Fc',
    ])
  })
})

/** The same period as the org sends it. */
async function rawPeriod({ org, clock }: InFront) {
  const { accessToken } = await grant(org.clients.reader, org.url, nodeTransport, clock)
  const headers = { authorization: `Bearer ${accessToken}` }
  const last = org.requests().findLast(({ path }) => path.includes('billingperiods'))
  return await fetch(`${org.url}${last?.path}`, { headers })
}

describe('billable usage', () => {
  const WEEK_MS = 7 * DAY_MS

  it('is asked for again while it is in progress', async () => {
    const front = await inFrontOf({ looksAtUsage: 3 })
    const untilMs = front.clock.nowMs()
    const answer = await front.billing.billableUsage(untilMs - WEEK_MS, untilMs)
    if (!answer.isAvailable) throw new Error(answer.because)
    const usage = answer.value.find(({ name }) => name === 'Genesys Cloud CX 3 Named')
    expect(usage?.total).toBe(usage?.resources.length)
    expect(usage?.resources[0]).toEqual({
      name: expect.stringContaining('@example.com'),
      firstSeen: expect.stringMatching(/^2026-11-/),
    })
    expect(front.clock.sleeps).toEqual([2_000, 4_000, 8_000])
    expect(new Set(front.asked().map(({ query }) => query)).size).toBe(1)
  })

  it('is not ready where the deadline does not let it be waited for, or nobody waits', async () => {
    const front = await inFrontOf({ looksAtUsage: 100 })
    const untilMs = front.clock.nowMs()
    expect(await front.billing.billableUsage(untilMs - WEEK_MS, untilMs)).toMatchObject({
      isAvailable: false,
      why: 'notReady',
    })
    expect(front.clock.nowMs() - untilMs).toBeLessThan(60_000)
    const { clock, billing } = await inFrontOf({ looksAtUsage: 1 })
    expect(await billing.billableUsage(untilMs - WEEK_MS, untilMs, false)).toMatchObject({ why: 'notReady' })
    expect(clock.sleeps).toEqual([])
  })
})

describe('a report of usage', () => {
  const reportOf = (bytes: number) => {
    const resource = { name: 'x'.repeat(bytes), date: '2026-11-02T09:00:00.000Z' }
    return { status: 'Complete', usages: [{ name: 'A', totalUsage: '1', resources: [resource] }] }
  }

  it.each([
    [9_000_000, { isAvailable: true }],
    [17_000_000, { isAvailable: false, why: 'tooLarge' }],
  ])('of %i bytes, more than other answers may have, is %j', async (bytes, answer) => {
    const { org, billing } = await inFrontOf({})
    const path = '/api/v2/billing/reports/billableusage'
    org.addFaults([{ match: { path }, do: { status: 200, body: reportOf(bytes) } }])
    expect(await billing.billableUsage(0, DAY_MS)).toMatchObject(answer)
  })
})

/** Billing where a script answers in the org's place. */
function scripted(answer: (path: string) => unknown, status = 200) {
  const clock = fakeClock()
  const sent: TransportRequest[] = []
  const scope = scopeOver(async (request) => {
    sent.push(request)
    return { status, headers: {}, body: Buffer.from(JSON.stringify(answer(request.path))) }
  }, clock)
  return { billing: new GenesysBilling(scope, EMBEDDED_ORG_NAME.id), sent }
}

describe('a preview that has changed', () => {
  it.each([
    ['a list of periods that is none', { id: 'c', billingPeriods: 'soon' }, []],
    ['a period without an id among others', { id: 'c', billingPeriods: [{}, { id: 'p' }] }, ['p']],
    ['dates that are numbers', { id: 'c', dateStart: 1, billingPeriods: [{ id: 'p', dateEnd: 2 }] }, ['p']],
    ['nulls', { id: 'c', status: null, plans: null, billingPeriods: [{ id: 'p', status: null }] }, ['p']],
  ])('by %s is read as far as it can be', async (_what, contract, ids) => {
    const { billing } = scripted((path) =>
      path.includes('contracts?') ? { entities: [contract, {}, null, 7] } : contract,
    )
    const answer = await billing.contracts()
    if (!answer.isAvailable) throw new Error(answer.because)
    expect(answer.value.contracts).toMatchObject([{ id: 'c', isActive: undefined, start: undefined }])
    expect(answer.value.contracts[0]?.periods.map(({ id }) => id)).toEqual(ids)
  })

  it('by quantities that are text tells none of them', async () => {
    const { billing } = scripted(() => ({
      charges: [{ name: 'A', actualQuantity: '7', prepaidQuantity: 5 }],
    }))
    const answer = await billing.period({ id: 'p', contractId: 'c' })
    if (!answer.isAvailable) throw new Error(answer.because)
    expect(answer.value.charges).toMatchObject([{ name: 'A', prepaid: 5, actual: undefined }])
  })

  it.each([
    ['a list', [], 'upstream.bad.response'],
    ['a text', 'no', 'upstream.bad.response'],
  ])('into %s is a failure', async (_what, body, code) => {
    const { billing } = scripted(() => body)
    await expect(billing.contracts()).rejects.toMatchObject({ code })
  })

  it.each([400, 410, 500])(
    'into status %i is a failure too, since nobody knows what it means',
    async (status) => {
      const { billing } = scripted(() => ({ code: 'bad.request', message: 'no' }), status)
      await expect(billing.contracts()).rejects.toMatchObject({ upstreamStatus: status })
    },
  )

  it('by a next page that leads elsewhere is asked for its cursor alone, and never for ever', async () => {
    const { billing, sent } = scripted((path) => {
      const page = sent.length
      return path.includes('contracts?')
        ? { entities: [{ id: `c${page}`, billingPeriods: [] }], nextUri: `https://elsewhere/x?after=${page}` }
        : {}
    })
    const answer = await billing.contracts()
    expect(answer).toMatchObject({ value: { isCutShort: true } })
    expect(sent.map(({ origin, path }) => origin + path)).toEqual([
      'http://api/api/v2/billing/contracts?pageSize=10',
      ...[1, 2, 3, 4].map((after) => `http://api/api/v2/billing/contracts?pageSize=10&after=${after}`),
    ])
    const round = scripted(() => ({ entities: [{ id: 'c', billingPeriods: [] }], nextUri: '?after=same' }))
    expect(await round.billing.contracts()).toMatchObject({ value: { isCutShort: false } })
    expect(round.sent).toHaveLength(2)
  })
})
