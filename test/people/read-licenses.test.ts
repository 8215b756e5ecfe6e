import { describe, expect, it } from 'vitest'
import { initialLicenses, person } from '../../infra/local/org/people/people.ts'
import { deadlineIn } from '../../lib/clock.ts'
import { GatewayError } from '../../lib/errors.ts'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import { readLicensesOfAll } from '../../lib/people/read-licenses.ts'
import type { Snapshots } from '../../lib/people/snapshots.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { snapshotsInMemory } from '../support/ledger/snapshots.ts'
import { scopeOver } from '../support/scope.ts'

const MINUTE_MS = 60_000

/** An org in memory, what is shared, and any number of containers. */
function orgOf(users = 230) {
  const clock = fakeClock()
  const all = Array.from({ length: users }, (_, index) => ({
    id: person(index).id,
    licenses: initialLicenses(index),
  }))
  let sent = 0
  const reads = () =>
    new GenesysReads(
      scopeOver(async ({ path }) => {
        sent += 1
        clock.advance(10)
        const query = new URLSearchParams(path.split('?')[1])
        const [size, number] = [Number(query.get('pageSize')), Number(query.get('pageNumber'))]
        const page = {
          entities: all.slice((number - 1) * size, number * size),
          total: all.length,
          pageCount: Math.ceil(all.length / size),
        }
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page)) }
      }, clock),
    )
  const snapshots = snapshotsInMemory()
  return {
    clock,
    all,
    snapshots,
    sent: () => sent,
    read(shared: Snapshots = snapshots) {
      const deadline = deadlineIn(25_000, clock)
      return readLicensesOfAll(reads(), { snapshots: shared, clock, deadline })
    },
  }
}

describe('what everybody holds', () => {
  it('is read of two thousand in one request a hundred', async () => {
    const { read, all, sent } = orgOf(2_000)
    const { users } = await read()
    expect(users).toEqual(all.map((each) => ({ ...each, selfUri: `/api/v2/license/users/${each.id}` })))
    expect(sent()).toBe(20)
  })

  it('is shared for a minute, dated by its beginning', async () => {
    const { read, clock, sent } = orgOf()
    const first = await read()
    clock.advance(MINUTE_MS - 30)
    expect((await read()).atMs).toBe(first.atMs)
    expect(sent()).toBe(3)
    clock.advance(1)
    expect((await read()).atMs).toBe(first.atMs + MINUTE_MS + 1)
    expect(sent()).toBe(6)
  })

  it('is read anew where what is shared is of a time ahead: a clock was wrong', async () => {
    const { read, clock, sent } = orgOf()
    await read()
    clock.setBack(MINUTE_MS + 31)
    await read()
    expect(sent()).toBe(6)
  })

  it('is read anew where what is shared cannot be read', async () => {
    const { read, snapshots, sent } = orgOf()
    await read()
    for (const [name, { atMs }] of snapshots.kept)
      snapshots.kept.set(name, { atMs, bytes: Buffer.from('rubbish') })
    expect((await read()).users).toHaveLength(230)
    expect(sent()).toBe(6)
  })

  it('is answered also where it cannot be shared', async () => {
    const { read, snapshots } = orgOf()
    const failing = (error: Error): Snapshots => ({ ...snapshots, put: () => Promise.reject(error) })
    const down = failing(new GatewayError('ledger.unavailable', 'the ledger is down'))
    expect((await read(down)).users).toHaveLength(230)
    await expect(read(failing(new TypeError('a bug')))).rejects.toThrow('a bug')
  })
})
