import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import { dynamoSnapshots } from '../../lib/ledger/dynamo-snapshots.ts'
import type { WalkLease } from '../../lib/people/snapshots.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'

const BYTES_OF_AN_ITEM = 400_000

async function start() {
  const { faults, url, tableName, items, putItem, ledger } = await ledgerForTests()
  const snapshotsOn = (transport: Transport, random?: () => number) =>
    dynamoSnapshots({
      client: ledgerClient(transport, 'us-east-1', url),
      tableName,
      clock: fakeClock(random && { random }),
    })
  const pointer = async (name: string) => (await items()).find(({ pk }) => pk === `snapshot#${name}`)
  return { snapshots: snapshotsOn(faults.transport), snapshotsOn, faults, items, putItem, pointer, ledger }
}

describe('a snapshot', () => {
  it('is what was put, larger than an item too, for another container', async () => {
    const { snapshots, snapshotsOn, items } = await start()
    const bytes = randomBytes(1_234_567)
    await snapshots.put('a', { atMs: 7, bytes })
    const found = await snapshotsOn(nodeTransport).get('a', 0)
    expect(found?.atMs).toBe(7)
    expect(Buffer.compare(found?.bytes ?? Buffer.alloc(0), bytes)).toBe(0)
    const sizes = (await items()).map((item) =>
      item['bytes'] instanceof Uint8Array ? item['bytes'].length : 0,
    )
    expect(Math.max(...sizes)).toBeLessThan(BYTES_OF_AN_ITEM - 50_000)
    expect(await snapshots.get('b', 0)).toBeUndefined()
  })

  it('may be empty', async () => {
    const { snapshots } = await start()
    await snapshots.put('a', { atMs: 7, bytes: Buffer.alloc(0) })
    expect((await snapshots.get('a', 0))?.bytes).toHaveLength(0)
  })

  it('that is too old is none, and its rows are not read', async () => {
    const { snapshots, faults } = await start()
    await snapshots.put('a', { atMs: 7, bytes: randomBytes(10) })
    const before = faults.calls.length
    expect(await snapshots.get('a', 8)).toBeUndefined()
    expect(faults.calls.slice(before).map(({ action }) => action)).toEqual(['GetItem'])
  })

  it('is the newest, and however many there were, four at most are stored', async () => {
    const { snapshots, items } = await start()
    for (let n = 1; n <= 12; n++) {
      await snapshots.put('a', { atMs: n, bytes: randomBytes(700_000) })
      expect((await snapshots.get('a', 0))?.atMs).toBe(n)
    }
    expect((await items()).length).toBeLessThanOrEqual(1 + 4 * 3)
  })

  it('never overwrites the rows that the pointer names', async () => {
    for (const chance of [0, 0.34, 0.67, 0.999]) {
      const { snapshotsOn, faults, pointer } = await start()
      const snapshots = snapshotsOn(faults.transport, () => chance)
      for (let n = 1; n <= 5; n++) {
        const slot = (await pointer('a'))?.['slot']
        const before = faults.calls.length
        await snapshots.put('a', { atMs: n, bytes: randomBytes(10) })
        const put = JSON.stringify(faults.calls.slice(before))
        if (slot !== undefined) expect(put).not.toContain(`snapshot#a#${slot}#`)
      }
    }
  })

  it('is the one before where its writer dies before the pointer', async () => {
    const { snapshots, snapshotsOn, faults } = await start()
    await snapshots.put('a', { atMs: 1, bytes: Buffer.from('whole') })
    for (const calls of [1, 2, 3, 4]) {
      faults.crashAfter(calls)
      await expect(snapshots.put('a', { atMs: 2, bytes: randomBytes(700_000) })).rejects.toThrow()
      faults.heal()
      expect(String((await snapshotsOn(nodeTransport).get('a', 0))?.bytes)).toBe('whole')
    }
  })

  it('is one of two that were written at once, and whole', async () => {
    for (const chance of [0.1, 0.9]) {
      const { snapshotsOn } = await start()
      const [one, other] = [snapshotsOn(nodeTransport, () => 0.1), snapshotsOn(nodeTransport, () => chance)]
      await one.put('a', { atMs: 1, bytes: Buffer.alloc(700_000, 1) })
      await Promise.all([
        one.put('a', { atMs: 2, bytes: Buffer.alloc(700_000, 2) }),
        other.put('a', { atMs: 3, bytes: Buffer.alloc(700_000, 3) }),
      ])
      const found = await one.get('a', 0)
      // Where both drew one slot there may be none: rows of two writes are never put together.
      if (found) expect(found.bytes.every((byte) => byte === found.atMs)).toBe(true)
      else expect(chance).toBe(0.1)
      await one.put('a', { atMs: 4, bytes: Buffer.alloc(700_000, 4) })
      expect((await other.get('a', 0))?.atMs).toBe(4)
    }
  })

  it('is read once more where its rows were overwritten between pointer and rows', async () => {
    const { snapshotsOn } = await start()
    const random = () => 0
    const writer = snapshotsOn(nodeTransport, random)
    await writer.put('a', { atMs: 1, bytes: Buffer.from('one') })
    let isFirst = true
    const reader = snapshotsOn(async (request) => {
      const isRows = request.headers['x-amz-target']?.endsWith('BatchGetItem') ?? false
      if (isRows && isFirst) {
        isFirst = false
        for (let n = 2; n <= 5; n++) await writer.put('a', { atMs: n, bytes: Buffer.from(String(n)) })
      }
      return await nodeTransport(request)
    })
    const found = await reader.get('a', 0)
    expect([found?.atMs, String(found?.bytes)]).toEqual([5, '5'])
  })

  it('whose pointer this version does not know is none, and is replaced', async () => {
    const { snapshots, putItem } = await start()
    await putItem({ pk: 'snapshot#a', sk: 'snapshot', schema: 2, writeId: 'x', else: true })
    expect(await snapshots.get('a', 0)).toBeUndefined()
    await snapshots.put('a', { atMs: 1, bytes: Buffer.from('known') })
    expect(String((await snapshots.get('a', 0))?.bytes)).toBe('known')
  })

  it('is none of a row missing', async () => {
    const { snapshots, items, putItem } = await start()
    await snapshots.put('a', { atMs: 1, bytes: randomBytes(700_000) })
    const [row] = (await items()).filter(({ sk }) => sk === 'part')
    await putItem({ ...row, bytes: undefined, writeId: 'another' })
    expect(await snapshots.get('a', 0)).toBeUndefined()
  })

  it('puts rows first and the pointer last, and deletes nothing', async () => {
    const { snapshots, faults } = await start()
    await snapshots.put('a', { atMs: 1, bytes: randomBytes(700_000) })
    expect(faults.calls.map(({ action }) => action)).toEqual([
      'GetItem',
      'PutItem',
      'PutItem',
      'PutItem',
      'PutItem',
    ])
    expect(JSON.stringify(faults.calls.at(-1)?.input['Item'])).toContain('"sk":{"S":"snapshot"}')
  })

  it('is on no list of changes', async () => {
    const { snapshots, ledger } = await start()
    await snapshots.put('a', { atMs: 1, bytes: randomBytes(10) })
    expect(await ledger.list({ filter: {}, limit: 10 })).toEqual({ headers: [] })
    expect(await ledger.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
  })

  it('cannot be had while DynamoDB cannot', async () => {
    const { snapshots, faults } = await start()
    faults.failNext('GetItem', 'outage', 9)
    await expect(snapshots.get('a', 0)).rejects.toMatchObject({ code: 'ledger.unavailable' })
  })
})

describe('a lease', () => {
  const lease = { fencingToken: 1, untilMs: 5, pausedUntilMs: {} }

  it('is had by one of all who have seen the same, and by one again when it has moved', async () => {
    const { snapshotsOn } = await start()
    const containers = Array.from({ length: 6 }, () => snapshotsOn(nodeTransport))
    const take = (fencingToken: number, seen: WalkLease | undefined) =>
      Promise.all(containers.map((each) => each.putLease('a', { ...lease, fencingToken }, seen)))
    expect((await take(1, undefined)).filter(Boolean)).toHaveLength(1)
    expect(await containers[0]?.lease('a')).toEqual(lease)
    expect((await take(2, lease)).filter(Boolean)).toHaveLength(1)
    expect((await take(2, lease)).filter(Boolean)).toHaveLength(0)
    expect(await containers[0]?.lease('b')).toBeUndefined()
  })

  it('is had also where the answer to the put was lost', async () => {
    const { snapshots, faults } = await start()
    faults.failNext('PutItem', 'drop.answer')
    expect(await snapshots.putLease('a', lease, undefined)).toBe(true)
    expect(await snapshots.putLease('a', lease, undefined)).toBe(false)
  })

  it('lets no snapshot take the place of one that was made under a later one', async () => {
    const { snapshots } = await start()
    const put = (bytes: string, fence?: number) =>
      snapshots.put('a', { atMs: 7, bytes: Buffer.from(bytes) }, fence)
    const found = async () => String((await snapshots.get('a', 0))?.bytes)
    await put('of the second', 2)
    await put('of the first, late', 1)
    expect(await found()).toBe('of the second')
    await put('of the second again', 2)
    expect(await found()).toBe('of the second again')
    await put('of the third', 3)
    expect(await found()).toBe('of the third')
  })
})
