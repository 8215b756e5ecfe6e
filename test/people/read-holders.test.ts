import { describe, expect, it } from 'vitest'
import { initialLicenses, person } from '../../infra/local/org/people/people.ts'
import { deadlineIn } from '../../lib/clock.ts'
import { GatewayError } from '../../lib/errors.ts'
import { GenesysReads } from '../../lib/genesys/genesys-reads.ts'
import { lastHolders, readHolders } from '../../lib/people/read-holders.ts'
import type { Snapshots } from '../../lib/people/snapshots.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { snapshotsInMemory } from '../support/ledger/snapshots.ts'
import { scopeOver } from '../support/scope.ts'

const MINUTES = 60_000

interface Upstream {
  readonly users?: number
  /** Pages of the directory and of licenses that hold somebody the other has not. */
  readonly strangers?: { readonly directory: object[]; readonly licenses: object[] }
}

/** An org in memory, what is shared, and any number of containers. */
function orgOf({ users = 230, strangers = { directory: [], licenses: [] } }: Upstream = {}) {
  const clock = fakeClock()
  const all = Array.from({ length: users }, (_, index) => person(index))
  const directory = [...all.map((each) => ({ ...each, phone: '1' })), ...strangers.directory]
  const licenses = [
    ...all.map(({ id }, index) => ({ id, licenses: initialLicenses(index) })),
    ...strangers.licenses,
  ]
  let sent = 0
  const reads = () =>
    new GenesysReads(
      scopeOver(async ({ path }) => {
        sent += 1
        clock.advance(10)
        const query = new URLSearchParams(path.split('?')[1])
        const [size, number] = [Number(query.get('pageSize')), Number(query.get('pageNumber'))]
        const from = path.startsWith('/api/v2/license/') ? licenses : directory
        const page = {
          entities: from.slice((number - 1) * size, number * size),
          total: from.length,
          pageCount: Math.ceil(from.length / size),
        }
        return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(page)) }
      }, clock),
    )
  const snapshots = snapshotsInMemory()
  return {
    clock,
    all,
    kept: snapshots.kept,
    snapshots,
    sent: () => sent,
    holders(maxAgeMs = 5 * MINUTES, shared: Snapshots = snapshots) {
      const deadline = deadlineIn(25_000, clock)
      return readHolders(reads(), { snapshots: shared, clock, deadline, token: 'write' }, maxAgeMs)
    },
  }
}

describe('everybody with what they hold', () => {
  it('has names, e-mails, states and licenses, two thousand too, in two requests a hundred', async () => {
    const { holders, all, sent } = orgOf({ users: 2_000 })
    const { users } = await holders()
    expect(users).toEqual(
      all.map(({ id, name, email, state }, index) => ({
        id,
        name,
        email,
        state,
        licenses: initialLicenses(index),
        selfUri: `/api/v2/license/users/${id}`,
      })),
    )
    expect(sent()).toBe(40)
  })

  it('has holders whom the directory does not know, and who were deleted while they hold something', async () => {
    const directory = [
      { id: 'left', name: 'Left', state: 'deleted' },
      { id: 'gone', name: 'Gone', state: 'deleted' },
    ]
    const licenses = [
      { id: 'left', licenses: ['cloudCX1'] },
      { id: 'gone', licenses: null },
      { id: 'stranger', licenses: ['cloudCX2'] },
    ]
    const { users } = await orgOf({ users: 1, strangers: { directory, licenses } }).holders()
    expect(users.slice(1)).toEqual([
      {
        id: 'left',
        name: 'Left',
        state: 'deleted',
        licenses: ['cloudCX1'],
        selfUri: '/api/v2/license/users/left',
      },
      { id: 'stranger', licenses: ['cloudCX2'], selfUri: '/api/v2/license/users/stranger' },
    ])
  })

  it('is shared while it is fresh, and tells its age', async () => {
    const { holders, clock, sent } = orgOf()
    const first = await holders()
    expect(first.ageMs).toBe(sent() * 10)
    const requests = sent()
    clock.advance(3 * MINUTES)
    const second = await holders()
    expect(second).toEqual({ ...first, ageMs: first.ageMs + 3 * MINUTES })
    expect(sent()).toBe(requests)
    clock.advance(3 * MINUTES)
    const third = await holders()
    expect([third.ageMs, sent()]).toEqual([first.ageMs, 2 * requests])
    expect(third.atMs).toBeGreaterThan(first.atMs)
  })

  it('is gathered anew where it is older than somebody wants, and then shared', async () => {
    const { holders, sent } = orgOf()
    const first = await holders()
    const forced = await holders(-1)
    expect(sent()).toBe(12)
    expect(forced.atMs).toBeGreaterThan(first.atMs)
    expect((await holders()).atMs).toBe(forced.atMs)
  })

  it('is gathered anew where what is shared is of a time far ahead: a clock was wrong', async () => {
    const { holders, clock, sent } = orgOf()
    await holders()
    clock.setBack(4 * MINUTES)
    expect((await holders()).ageMs).toBe(0)
    clock.setBack(4 * MINUTES)
    await holders()
    expect(sent()).toBe(12)
  })

  it('is gathered anew where what is shared cannot be read', async () => {
    const { holders, kept, sent } = orgOf()
    await holders()
    for (const [name, { atMs }] of kept) kept.set(name, { atMs, bytes: Buffer.from('rubbish') })
    expect((await holders()).users).toHaveLength(230)
    expect(sent()).toBe(12)
  })

  it('is told also where it cannot be shared', async () => {
    const { holders, snapshots } = orgOf()
    const failing = (error: Error): Snapshots => ({ ...snapshots, put: () => Promise.reject(error) })
    const down = failing(new GatewayError('ledger.unavailable', 'the ledger is down'))
    expect((await holders(undefined, down)).users).toHaveLength(230)
    await expect(holders(undefined, failing(new TypeError('a bug')))).rejects.toThrow('a bug')
  })
})

describe('who held a license last', () => {
  it('is known of what was gathered, however old, and nothing is gathered for it', async () => {
    const { holders, snapshots, clock, sent, all } = orgOf()
    const last = lastHolders(snapshots, clock)
    expect(await last.newest()).toBeUndefined()
    const { atMs } = await holders()
    const requests = sent()
    clock.advance(400 * 86_400_000)
    const reading = await last.newest()
    const holding = all.flatMap(({ id }, index) => (initialLicenses(index).includes('cloudCX2') ? [id] : []))
    expect([reading?.atMs, sent()]).toEqual([atMs, requests])
    expect([...(reading?.holdersOf('cloudCX2') ?? [])]).toEqual(holding)
    expect(reading?.holdersOf('CLOUDCX2')).toEqual(reading?.holdersOf('cloudCX2'))
    expect(reading?.holdersOf('cloudCX')).toEqual(new Set())
  })

  it('is not what somebody shared whose clock is far ahead', async () => {
    const { holders, snapshots, clock } = orgOf()
    await holders()
    clock.setBack(10 * MINUTES)
    expect(await lastHolders(snapshots, clock).newest()).toBeUndefined()
  })
})
