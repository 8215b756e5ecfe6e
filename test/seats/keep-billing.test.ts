import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../lib/errors.ts'
import { keepBilling } from '../../lib/seats/keep-billing.ts'
import { seatsFrom } from '../../lib/seats/seats.ts'
import { fakeClock } from '../support/fake-clock.ts'
import {
  memoryRecords,
  type toldBilling as Told,
  toldBilling,
  unavailable,
} from '../support/seats/kept-billing.ts'
import { recordedInventory } from '../support/seats/recorded-inventory.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

const november = {
  id: 'nov',
  contractId: 'c',
  start: '2026-11-10',
  end: '2026-12-09',
  status: 'open',
} as const
const october = {
  id: 'oct',
  contractId: 'c',
  start: '2026-10-10',
  end: '2026-11-09',
  status: 'closed',
} as const

function keeping(told: Parameters<typeof Told>[1], records = memoryRecords()) {
  const clock = fakeClock()
  const failures: unknown[] = []
  const kept: unknown[] = []
  const billing = toldBilling(clock.nowMs, told)
  const history = { first: ['cloudCX3 a'], happenings: [], days: [{ day: '2026-11-15', isWhole: true }] }
  const inventory = recordedInventory(history, clock.nowMs)
  const log = {
    noteBilling: (each: unknown) => kept.push(each),
    noteBillingFailure: (error: unknown) => failures.push(error),
  }
  const run = () => keepBilling({ openBilling: async () => billing, records, inventory, clock, log })
  return { clock, billing, records, inventory, failures, kept, run }
}

describe('billing', () => {
  it('is asked once a day, the periods that are settled no more, and paced', async () => {
    const w = keeping({ contracts: () => [november, october], usage: () => [] })
    await w.run()
    const usage = [
      '2026-11-10T00:00:00.000Z 2026-11-15T00:00:00.000Z',
      '2026-10-10T00:00:00.000Z 2026-11-10T00:00:00.000Z',
    ]
    expect(w.billing.asked).toEqual(['contracts', 'nov', 'oct', ...usage])
    expect(w.clock.sleeps.every((ms) => ms >= 250)).toBe(true)
    for (let minute = 0; minute < 5; minute++) await w.run()
    expect(w.billing.asked).toHaveLength(5)
    w.billing.asked.length = 0
    w.clock.advance(10 * DAY_MS)
    await w.run()
    expect(w.billing.asked.slice(0, 2)).toEqual(['contracts', 'nov'])
    expect(w.billing.asked).toContain('oct')
    w.billing.asked.length = 0
    w.clock.advance(DAY_MS)
    await w.run()
    expect(w.billing.asked).toEqual(['contracts', 'nov', '2026-11-10T00:00:00.000Z 2026-11-26T00:00:00.000Z'])
    expect(w.kept).toHaveLength(3)
  })

  it('keeps nobody by name', async () => {
    const w = keeping({ contracts: () => [november], usage: () => [{ name: 'CX 3', total: 4 }] })
    await w.run()
    expect(JSON.stringify(w.records.puts)).toContain('CX 3')
    expect(JSON.stringify(w.records.puts)).not.toContain('ana@example.com')
  })

  it.each(['forbidden', 'notFound', 'empty'] as const)(
    'that answers %s is asked again the next day, and said in the log',
    async (why) => {
      const w = keeping({ contracts: () => unavailable(why) })
      await w.run()
      await w.run()
      expect(w.billing.asked.filter((each) => each === 'contracts')).toHaveLength(1)
      expect(w.kept).toEqual([
        expect.objectContaining({ without: expect.arrayContaining([`billing says ${why}`]) }),
      ])
      expect(w.failures).toEqual([])
      w.clock.advance(DAY_MS)
      await w.run()
      expect(w.billing.asked.filter((each) => each === 'contracts')).toHaveLength(2)
    },
  )

  it('that has no charges for this org in a period is known to have none there, and what it told before stays', async () => {
    let answer: ReturnType<typeof unavailable> | readonly { name: string }[] = unavailable('empty')
    const w = keeping({ contracts: () => [november], charges: () => answer })
    const key = JSON.stringify(['c', 'nov'])
    const chargesNow = async () => (await w.records.charges([key])).get(key)?.charges.map(({ name }) => name)
    await w.run()
    expect(await chargesNow()).toEqual([])
    for (const next of [[{ name: 'CX 3' }], unavailable('empty'), unavailable('forbidden')]) {
      answer = next
      w.clock.advance(DAY_MS)
      await w.run()
      expect(await chargesNow()).toEqual(['CX 3'])
    }
  })

  it('of two contracts counts nothing as paid for until it has told the charges of both, and says so in the log', async () => {
    let second: ReturnType<typeof unavailable> | readonly { name: string; prepaid: number }[] =
      unavailable('forbidden')
    const w = keeping({
      contracts: () => [november, { ...november, id: 'other', contractId: 'd' }],
      charges: (id) => (id === 'nov' ? [{ name: 'CX 3', prepaid: 200 }] : second),
    })
    const policy = { licenses: { cloudCX3: { charges: ['CX 3'] } } }
    const seatsNow = async () => {
      await w.run()
      w.clock.advance(DAY_MS)
      const entry = (await seatsFrom({ ...w, policy }).now()).licenses[0]
      return [entry?.seats, entry?.seatsFrom]
    }
    expect(await seatsNow()).toEqual([undefined, 'none'])
    expect(JSON.stringify(w.kept)).toContain('billing says forbidden')
    second = unavailable('empty')
    expect(await seatsNow()).toEqual([200, 'contract'])
    second = [{ name: 'CX 3', prepaid: 50 }]
    expect(await seatsNow()).toEqual([250, 'contract'])
  })

  it('that fails is asked again in an hour, and what it told before stays', async () => {
    let isDown = true
    const down = new GatewayError('upstream.unavailable', 'Genesys is not reachable')
    const w = keeping({
      contracts: () => [november],
      charges: () => (isDown ? down : [{ name: 'CX 3', prepaid: 5 }]),
    })
    await w.run()
    expect(w.failures).toEqual([down])
    await w.run()
    expect(w.billing.asked).toEqual(['contracts', 'nov'])
    isDown = false
    w.clock.advance(HOUR_MS)
    await w.run()
    expect(w.billing.asked.slice(2, 3)).toEqual(['nov'])
    expect((await w.records.charges([JSON.stringify(['c', 'nov'])])).size).toBe(1)
  })

  it('of two who ask at once keeps one answer', async () => {
    const w = keeping({ contracts: () => [november], usage: () => [] })
    await Promise.all([w.run(), w.run()])
    expect(w.kept).toHaveLength(1)
  })
})
