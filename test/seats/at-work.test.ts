/** What billing told of today, by one get: the same as all that is kept says, on the day of a look and on those after it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import { GatewayError } from '../../lib/errors.ts'
import { dynamoBilling } from '../../lib/ledger/dynamo-billing.ts'
import { storeOf } from '../../lib/ledger/table/store.ts'
import { getSeats } from '../../lib/operations/seats/get-seats.ts'
import type { BillingRecords } from '../../lib/seats/billing-records.ts'
import { keepBilling } from '../../lib/seats/keep-billing.ts'
import { gatherAtWork, readToldToday } from '../../lib/seats/read-told.ts'
import { SeatListing } from '../../lib/seats/seat-schemas.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { eventAsking } from '../support/events.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'
import { memoryRecords, toldBilling, unavailable } from '../support/seats/kept-billing.ts'
import { takeWholeReading } from '../support/seats/readings.ts'
import { recordedInventory } from '../support/seats/recorded-inventory.ts'
import { world } from '../support/world.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

const CX3 = 'cloudCX3'
const CHARGE = 'Genesys Cloud CX 3 Named'

it('seats are answered in two reads of the ledger, with the org file’s charges and without', async () => {
  for (const licenses of [{ [CX3]: { charges: [CHARGE] } }, { [CX3]: { seats: 5 } }]) {
    const policy = { approvals: [], people: {}, licenses }
    const w = await world({ org: { billing: { contracts: [{ seats: { [CX3]: 12 } }] } }, policy })
    await takeWholeReading(w)
    let calls = 0
    const transport: Transport = (request) => {
      if ('x-amz-target' in request.headers) calls += 1
      return nodeTransport(request)
    }
    const { json } = await w.inventoried(getSeats, { transport })(eventAsking({}))
    const { entities } = SeatListing.parse(json)
    const seats = entities.find(({ licenseId }) => licenseId === CX3)?.seats
    expect([seats, calls]).toEqual(['charges' in licenses[CX3] ? 12 : 5, 2])
  }
})

/** All that is kept, without what is kept of it in one place. */
const theLongWay = (records: BillingRecords): BillingRecords => ({
  ...records,
  atWork: async () => undefined,
})

const period = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  contractId: fc.constantFrom('one', 'two'),
  /** Days before or after the first. */
  from: fc.integer({ min: -40, max: 12 }),
  days: fc.integer({ min: 0, max: 31 }),
})
const step = fc.record({
  hours: fc.integer({ min: 1, max: 40 }),
  contracts: fc.oneof(
    { weight: 4, arbitrary: fc.array(period, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: fc.constantFrom('forbidden' as const, 'down' as const) },
  ),
  isUsageTold: fc.boolean(),
})

describe('what is at work', () => {
  it('says of today, and of each day until the next look, what all that is kept says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const clock = fakeClock()
        const firstMs = clock.nowMs()
        const records = memoryRecords()
        const inventory = recordedInventory(
          { first: [], happenings: [], days: [{ day: dayOf(firstMs), isWhole: true }] },
          clock.nowMs,
        )
        const log = { noteBilling: () => {}, noteBillingFailure: () => {} }
        const told: { now: (typeof steps)[number] | undefined } = { now: undefined }
        const billing = toldBilling(clock.nowMs, {
          contracts() {
            const { contracts } = told.now ?? {}
            if (contracts === 'down') throw new GatewayError('upstream.unavailable', 'it is away')
            if (contracts === undefined || contracts === 'forbidden') return unavailable('forbidden')
            return contracts.map(({ from, days, ...each }) => ({
              ...each,
              start: dayOf(firstMs + from * DAY_MS),
              end: dayOf(firstMs + (from + days) * DAY_MS),
            }))
          },
          charges: (id) => [{ name: CHARGE, prepaid: clock.nowMs(), actual: id.charCodeAt(0) }],
          usage: () =>
            told.now?.isUsageTold ? [{ name: CHARGE, total: clock.nowMs() }] : unavailable('forbidden'),
        })
        for (const each of steps) {
          told.now = each
          await keepBilling({ openBilling: async () => billing, records, inventory, clock, log })
          const untilMs = clock.nowMs() + each.hours * HOUR_MS
          for (const aheadMs of [0, each.hours * HOUR_MS, 9 * DAY_MS]) {
            const at = { clock: { nowMs: () => untilMs - each.hours * HOUR_MS + aheadMs } }
            const [atOnce, apart] = [records, theLongWay(records)].map((from) =>
              readToldToday({ records: from, ...at }),
            )
            expect(await atOnce).toEqual(await apart)
          }
          clock.advance(untilMs - clock.nowMs())
        }
        expect(await records.atWork()).toBeDefined()
      }),
      { seed: 13, numRuns: 200 },
    )
  })

  it('is on the ledger’s table what it was, and what does not fit into one item is read the long way', async () => {
    const { url, tableName } = await ledgerForTests()
    const clock = fakeClock()
    const records = dynamoBilling(
      storeOf({ client: ledgerClient(nodeTransport, 'us-east-1', url), tableName, clock }),
    )
    const nowMs = clock.nowMs()
    const today = dayOf(nowMs)
    const periods = [{ id: 'p', contractId: 'c', start: today, end: today, toldAtMs: nowMs }]
    const look = { version: 1, contracts: { toldAtMs: nowMs, periods } }
    const key = JSON.stringify(['c', 'p'])
    const charge = (name: string) => ({ name, prepaid: 12, covers: 'ours' as const })
    await records.putUsage(key, {
      fromMs: nowMs,
      untilMs: nowMs,
      readAtMs: nowMs,
      usages: [{ name: CHARGE }],
    })
    await records.putCharges(key, { readAtMs: nowMs, charges: [charge(CHARGE)] })
    await records.putLook(look, undefined, await gatherAtWork(records, look, today))
    const small = await readToldToday({ records, clock })
    expect(small.charges).toEqual([{ readAtMs: nowMs, charge: charge(CHARGE) }])
    expect(small.usage?.usages).toEqual([{ name: CHARGE }])
    expect((await records.atWork())?.contracts).toEqual(look.contracts)

    await records.putCharges(key, { readAtMs: nowMs, charges: [charge('x'.repeat(310_000))] })
    expect(
      await records.putLook({ ...look, version: 2 }, undefined, await gatherAtWork(records, look, today)),
    ).toBe(false)
    expect(
      await records.putLook({ ...look, version: 2 }, look, await gatherAtWork(records, look, today)),
    ).toBe(true)
    expect(await records.atWork()).toBeUndefined()
    expect((await readToldToday({ records, clock })).charges[0]?.charge.name).toHaveLength(310_000)
  })
})
