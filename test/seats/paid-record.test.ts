/** What was paid for on a day: kept as of that day, whatever the org file says later; through the functions that deploy. */
import Papa from 'papaparse'
import { expect, it } from 'vitest'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import type { Policy } from '../../lib/changes/model/policy.ts'
import type { Difference } from '../../lib/inventory/inventory-port.ts'
import { dynamoBilling } from '../../lib/ledger/dynamo-billing.ts'
import { storeOf } from '../../lib/ledger/table/store.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { getPeriod } from '../../lib/operations/periods/get-period.ts'
import { paidByDays, paidRecordAfter } from '../../lib/seats/paid-record.ts'
import { PeriodFigures } from '../../lib/seats/seat-schemas.ts'
import { overageOf } from '../../lib/seats/weigh-days.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { restEvent } from '../support/events.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { heldByTruth, takeWholeReading } from '../support/seats/readings.ts'
import { world } from '../support/world.ts'

const DAY_MS = 86_400_000
const CX3 = 'cloudCX3'
const STA = 'gcSTAupgrade'
const CHARGE = 'Genesys Cloud CX 3 Named'

type Licenses = NonNullable<Policy['licenses']>

/** An org that holds so many of each license, and an org file that is written anew as an operator would. */
async function start(licenses: Licenses, { hasContract = false } = {}) {
  const contracts = hasContract ? [{ seats: { [CX3]: 12 } }] : ('forbidden' as const)
  const policy: Policy = { approvals: [], people: {}, licenses }
  const w = await world({ org: { users: 30, billing: { contracts } }, policy })
  const change = w.writer(postLicenseOrganization)
  const holders = (licenseId: string, isHeld: boolean) =>
    Object.entries(w.org.truth().users)
      .filter(([, held]) => held.includes(licenseId) === isHeld)
      .map(([id]) => id)
  const heldOf = (licenseId: string) => heldByTruth(w.org)[licenseId] ?? 0
  const { headers, multiValueHeaders } = restEvent(getPeriod.id)
  const ask = (periodId: string, accept = 'application/json') =>
    w.inventoried(getPeriod)({
      headers: { ...Object(headers), Accept: accept },
      multiValueHeaders: { ...Object(multiValueHeaders), Accept: [accept] },
      pathParameters: { periodId },
    })
  return {
    ...w,
    ask,
    heldOf,
    rewrite: (next: Licenses) => w.redeploy({ ...policy, licenses: next }),
    async nights(days = 1) {
      w.clock.advance(days * DAY_MS)
      await takeWholeReading(w)
      await w.takeInventory()
    },
    /** By a change of the gateway's. */
    async give(licenseId: string, count: number) {
      const userIdsAdd = holders(licenseId, false).slice(0, count)
      const body = JSON.stringify({ assignments: [{ licenseId, userIdsAdd, userIdsRemove: [] }] })
      expect((await change({ body })).status).toBe(200)
      return userIdsAdd
    },
    /** In Genesys itself. */
    hold(licenseId: string, count: number) {
      const more = count - heldOf(licenseId)
      const [userIdsAdd, userIdsRemove] = [holders(licenseId, false), holders(licenseId, true)]
      w.org.assign({
        assignments: [
          {
            licenseId,
            userIdsAdd: userIdsAdd.slice(0, Math.max(0, more)),
            userIdsRemove: userIdsRemove.slice(0, Math.max(0, -more)),
          },
        ],
      })
    },
    async license(licenseId: string, periodId = 'current') {
      const report = PeriodFigures.parse((await ask(periodId)).json)
      const found = report.licenses.find((each) => each.licenseId === licenseId)
      if (!found) throw new Error(`${licenseId} is not told`)
      return { ...found, report }
    },
  }
}

it('a period that is over keeps the seats of its time when the org file changes, and an overage of fewer seats begins with them', async () => {
  const w = await start({ [CX3]: { seats: 12 }, [STA]: { seats: 12 } })
  w.hold(CX3, 11)
  w.hold(STA, 10)
  await takeWholeReading(w)
  w.clock.advance(60_000)
  await w.give(CX3, 3)
  await w.nights()
  await w.nights(15)
  const { report, ...before } = await w.license(CX3, '2026-11')
  expect(report.status).toBe('closed')
  expect(before).toMatchObject({ seats: 12, over: 2, overSince: '2026-11-15' })

  w.clock.advance(2 * DAY_MS)
  await w.rewrite({ [CX3]: { seats: 100 }, [STA]: { seats: 0 } })
  await w.takeInventory()
  const { report: _, ...closed } = await w.license(CX3, '2026-11')
  expect(closed).toEqual(before)
  expect(new Set(closed.days.map(({ seats }) => seats))).toEqual(new Set([12]))
  expect(closed.people).toHaveLength(3)
  expect(await w.license(CX3)).toMatchObject({
    seats: 100,
    over: 0,
    mostOver: { over: 2, day: '2026-12-01' },
  })
  expect(await w.license(STA, '2026-11')).toMatchObject({ seats: 12, over: 0 })
  const fewer = await w.license(STA)
  expect(fewer).toMatchObject({ seats: 0, over: 10, overSince: '2026-12-03', people: [] })
  expect(fewer).not.toHaveProperty('isOverFromFirst')
  expect(fewer.days.map(({ seats }) => seats)).toEqual([12, 12, 0])
})

it('days before it was on record go by the org file’s first number, and the report says since when it is', async () => {
  const w = await start({ [CX3]: { seats: 12 } })
  await takeWholeReading(w)
  const { report, days } = await w.license(CX3)
  expect(report.seatsFromDay).toBe('2026-11-15')
  expect(days[0]).toEqual({ day: '2026-11-01', seats: 12 })
  await w.nights(16)
  expect((await w.license(CX3)).report).not.toHaveProperty('seatsFromDay')
})

it('a closed period keeps what the contract paid for when its charges are mapped to nothing, and a license that nobody told of stays untold', async () => {
  const w = await start({ [CX3]: { charges: [CHARGE] } }, { hasContract: true })
  await takeWholeReading(w)
  await w.nights(1)
  w.clock.advance(DAY_MS)
  await w.rewrite({ [STA]: { seats: 5 } })
  await w.takeInventory()
  const days = async (licenseId: string) => (await w.license(licenseId)).days.map(({ seats }) => seats)
  expect(await days(CX3)).toEqual([12, 12, undefined])
  expect(await days(STA)).toEqual([undefined, undefined, 5])
})

it('what is over by the first count is since then at the latest, and only who was given it later is named', async () => {
  const w = await start({ [CX3]: { seats: 9 } })
  w.hold(CX3, 11)
  await takeWholeReading(w)
  expect(await w.license(CX3)).toMatchObject({
    ...{ over: 2, overSince: '2026-11-15', isOverFromFirst: true, heldFromFirst: 11, people: [] },
  })
  w.clock.advance(60_000)
  const [ana] = await w.give(CX3, 1)
  await w.nights()
  const later = await w.license(CX3)
  expect(later).toMatchObject({ over: 3, overSince: '2026-11-15', isOverFromFirst: true, heldFromFirst: 11 })
  expect(later.people.map(({ userId }) => userId)).toEqual([ana])
})

it('what was within by the first count of the first day, and is over by its last, was not over from the first', async () => {
  const w = await start({ [CX3]: { seats: 11 } })
  w.hold(CX3, 11)
  await takeWholeReading(w)
  w.clock.advance(60_000)
  await w.give(CX3, 1)
  await (await w.inventory()).askForReading()
  await takeWholeReading(w)
  const license = await w.license(CX3)
  expect(license).toMatchObject({ over: 1, overSince: '2026-11-15' })
  expect(license).not.toHaveProperty('isOverFromFirst')
  expect(license.people).toHaveLength(1)
})

it('a license that was over and came back says by how many and when, as JSON and as a file', async () => {
  const w = await start({ [STA]: { seats: 12 } })
  w.hold(STA, 10)
  await takeWholeReading(w)
  w.hold(STA, 14)
  await w.nights()
  w.hold(STA, 10)
  await w.nights()
  expect(await w.license(STA)).toMatchObject({ over: 0, mostOver: { over: 2, day: '2026-11-16' } })
  const { text } = await w.ask('current', 'text/csv')
  const { data } = Papa.parse<Record<string, string>>(text, { header: true })
  expect(data.find(({ licenseId }) => licenseId === STA)).toMatchObject({
    ...{ over: '0', mostOver: '2', mostOverDay: '2026-11-16' },
  })
})

it('a minute in which nothing was told anew reads it once and puts nothing', async () => {
  const w = await start({ [CX3]: { seats: 12 } })
  await takeWholeReading(w)
  await w.takeInventory()
  const calls: string[] = []
  const transport: Transport = (request) => {
    const { headers, body = '' } = request
    const text = typeof body === 'string' ? body : Buffer.concat([body]).toString()
    const target = String(headers['x-amz-target'] ?? '')
    if (target.startsWith('DynamoDB')) calls.push(`${target.split('.')[1]} ${text}`)
    return nodeTransport(request)
  }
  w.clock.advance(60_000)
  await w.takeInventory({ transport })
  expect(calls.filter((call) => call.includes('billing#paid')).map((call) => call.split(' ')[0])).toEqual([
    'GetItem',
  ])
  expect(calls.filter((call) => /^(Put|Transact|Update)/.test(call))).toEqual([])
  expect(calls.length).toBeLessThanOrEqual(9)
})

it('of two that note at once one does, and what another version wrote is begun anew', async () => {
  const { url, tableName } = await ledgerForTests()
  const clock = fakeClock()
  const store = storeOf({ client: ledgerClient(nodeTransport, 'us-east-1', url), tableName, clock })
  const records = dynamoBilling(store)
  const told = [{ licenseId: CX3, seats: 12, seatsFrom: 'orgFile' as const }]
  const first = paidRecordAfter(undefined, '2026-11-15', told)
  if (!first) throw new Error('nothing was noted')
  expect([await records.putPaid(first, undefined), await records.putPaid(first, undefined)]).toEqual([
    true,
    false,
  ])
  expect(await records.paid()).toEqual(first)
  expect(paidRecordAfter(first, '2026-11-16', told)).toBeUndefined()
  const second = paidRecordAfter(first, '2026-11-16', [])
  if (!second) throw new Error('that nobody tells it any more was not noted')
  expect([await records.putPaid(second, first), await records.putPaid(second, first)]).toEqual([true, false])
  expect((await records.paid())?.terms.get('cloudcx3')).toEqual([
    { fromDay: '2026-11-15', seats: 12, seatsFrom: 'orgFile' },
    { fromDay: '2026-11-16', seatsFrom: 'none' },
  ])
})

it('an overage by fewer seats begins on the day of them, though no reading was made on it, and nobody given before is behind it', () => {
  const seatsOn = (day: string) => (day < '2026-12-10' ? 12 : 9)
  const counted = (day: string, held: number) => {
    return { day, atMs: Date.parse(`${day}T02:00:00Z`), held, seats: seatsOn(day) }
  }
  const given = (at: string): Difference => {
    return { userId: 'u', licenseId: STA, isGiven: true, atMs: Date.parse(at), by: 'outside' }
  }
  const counts = [counted('2026-12-08', 10), counted('2026-12-12', 11)]
  expect(overageOf(counts, [given('2026-12-09T08:00:00Z')], seatsOn)).toEqual({
    sinceDay: '2026-12-10',
    fromMs: Date.parse('2026-12-10T00:00:00Z'),
  })
})

it('days before the record go by its first number, also where the org file is written anew on that same day', () => {
  const told = (seats: number) => [{ licenseId: CX3, seats, seatsFrom: 'orgFile' as const }]
  const first = paidRecordAfter(undefined, '2026-11-15', told(100))
  const second = paidRecordAfter(first, '2026-11-15', told(90))
  const record = paidRecordAfter(second, '2026-11-15', told(76))
  const kept = { periods: [], charges: new Map(), usages: new Map() }
  const paidOn = paidByDays({
    policy: { licenses: { [CX3]: { seats: 76 } } },
    kept,
    record,
    today: '2026-11-17',
  })
  expect(
    ['2026-10-31', '2026-11-14', '2026-11-15', '2026-11-17'].map((day) => paidOn(CX3, day).seats),
  ).toEqual([100, 100, 76, 76])
})
