/** Licenses given and taken: what is planned, what is sent, and what is told of it. */
import { describe, expect, it } from 'vitest'
import type { TransportRequest } from '../../../lib/transport/transport.ts'
import {
  assigning,
  assignment,
  BATCH_PATH,
  benchOn,
  giving,
  hasWallboard,
  licensesOf,
  NOBODY,
  taking,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { allChanges, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'
import { textOf } from '../../support/ledger/ledger.ts'

/** A workbench that notes the batches that leave through it. */
function noting(world: ChangeWorld) {
  const batches: unknown[] = []
  const note = (request: TransportRequest) => {
    if (request.path === BATCH_PATH) batches.push(JSON.parse(textOf(request)))
  }
  const bench = benchOn(world, (inner) => (request) => {
    note(request)
    return inner(request)
  })
  return { bench, batches }
}

const pair = (userId: string, licenseId = WALLBOARD) => ({ userId, licenseId })

it('gives and takes in one POST, with before and after of each user', async () => {
  const world = await changeWorld()
  const [ana, holder] = [userAt(world, 0), userAt(world, 2)]
  const { value } = await world
    .changes()
    .request(assigning({ assignments: [assignment(WALLBOARD, [ana], [holder])] }))
  const users = (of: readonly (readonly string[])[]) =>
    [ana, holder].map((userId, index) => ({ userId, licenses: of[index] }))
  expect(value).toMatchObject({
    state: 'APPLIED',
    before: { users: users([['cloudCX2'], ['cloudCX1', WALLBOARD]]) },
    desired: { users: users([['cloudCX2', WALLBOARD], ['cloudCX1']]) },
    after: { users: users([['cloudCX2', WALLBOARD], ['cloudCX1']]) },
    results: [
      { ...pair(ana), desired: true, outcome: 'applied', result: 'SUCCESS' },
      { ...pair(holder), desired: false, outcome: 'applied', result: 'SUCCESS' },
    ],
  })
  expect([world.posts(), licensesOf(world, ana)]).toEqual([1, ['cloudCX2', WALLBOARD]])
})

it('sends one order whatever the order asked in, and leaves out what holds already (D04, D05)', async () => {
  const world = await changeWorld()
  const { bench, batches } = noting(world)
  const [ana, ben, holder, eve] = [0, 1, 2, 4].map((index) => userAt(world, index))
  if (!ana || !ben || !holder || !eve) throw new Error('four people')
  const { value } = await world.changes({}, bench).request(
    assigning({
      assignments: [
        assignment(WALLBOARD, [eve, ana, holder, ana]),
        assignment('collaborate', [ana]),
        assignment(WALLBOARD, [ben, ana], []),
        assignment('cloudCX3', [], [ana]),
      ],
    }),
  )
  expect(batches).toEqual([
    {
      assignments: [assignment('collaborate', [ana]), assignment(WALLBOARD, [ben, eve, ana])],
    },
  ])
  expect(value.findings?.noOps).toEqual([pair(ana, 'cloudCX3'), pair(holder)])
  const unchanged = value.results?.filter(({ outcome }) => outcome === 'unchanged')
  expect(unchanged).toEqual([
    { ...pair(ana, 'cloudCX3'), desired: false, outcome: 'unchanged' },
    { ...pair(holder), desired: true, outcome: 'unchanged' },
  ])
})

it('the same pairs in another order are the same request (D05)', async () => {
  const world = await changeWorld()
  const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
  const caller = { idempotencyKey: 'k1' }
  const first = await world.changes(caller).assign(giving([ana, ben]))
  const second = await world.changes(caller).assign({
    assignments: [...giving([ben]).assignments, ...giving([ana, ben]).assignments],
  })
  expect(second).toEqual({ ...first, isReplay: true })
  expect(world.posts()).toBe(1)
})

it('sends nothing where everything holds already, and records that', async () => {
  const world = await changeWorld()
  const holder = userAt(world, 2)
  const { value } = await world.changes().assign(giving([holder]))
  expect(value).toEqual([{ ...pair(holder), result: 'UNCHANGED', outcome: 'unchanged' }])
  expect(world.posts()).toBe(0)
  expect(await allChanges(world)).toMatchObject([{ state: 'NOOP' }])
})

describe('a batch of which Genesys does a part', () => {
  it.each([
    [
      'an unknown user',
      (ana: string) => [assignment(WALLBOARD, [ana, NOBODY])],
      'unknown',
      'UNKNOWN: FAILURE: user not found',
    ],
    [
      'an unknown license',
      (ana: string) => [assignment(WALLBOARD, [ana]), assignment('noSuchLicense', [ana])],
      'not.applied',
      'NOT_APPLIED: FAILURE: license not found',
    ],
  ] as const)(
    '%s among good ones: PARTIAL, each pair with Genesys’s own text',
    async (_, build, outcome, text) => {
      const world = await changeWorld()
      const ana = userAt(world, 0)
      const assignments = build(ana)
      const { value, changeId } = await world.changes().assign({ assignments })
      expect(value).toHaveLength(2)
      expect(value).toContainEqual({ ...pair(ana), result: 'SUCCESS', outcome: 'applied' })
      expect(value).toContainEqual(expect.objectContaining({ result: text, outcome }))
      expect(await headerOf(world, changeId ?? '')).toMatchObject({ state: 'PARTIAL' })
      await world.rest()
      expect([world.posts(), hasWallboard(world, ana)]).toEqual([1, true])
      expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Partial'])
    },
  )
})

describe('a batch of which Genesys does nothing', () => {
  it.each([
    ['a license that it does not know', (ana: string) => giving([ana], 'noSuchLicense'), 'not.applied'],
    ['a user whom it does not know', () => giving([NOBODY]), 'unknown'],
  ] as const)('%s: FAILED, with its text for the pair', async (_, build, outcome) => {
    const world = await changeWorld()
    const { value, changeId } = await world.changes().assign(build(userAt(world, 0)))
    expect(value).toEqual([
      expect.objectContaining({ result: expect.stringMatching(/^(NOT_APPLIED|UNKNOWN): FAILURE/), outcome }),
    ])
    await world.rest()
    expect(await headerOf(world, changeId ?? '')).toMatchObject({ state: 'FAILED' })
    expect(world.posts()).toBe(1)
  })
})

describe('how many pairs', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`)

  it('over 500 are refused with the limit before anything is read', async () => {
    const world = await changeWorld()
    await expect(world.changes().assign(giving(many(501)))).rejects.toMatchObject({
      code: 'request.entity.too.large',
      status: 413,
      message: expect.stringContaining('500'),
    })
    expect([world.org.requests().slice(1), await allChanges(world)]).toEqual([[], []])
  })

  it('500 are one change and one POST', async () => {
    const world = await changeWorld({ org: { users: 500 } })
    const users = world.org.people(500).map(({ id }) => id)
    const before = world.store.faults.calls.length
    const { value } = await world.changes().assign(taking(users, 'cloudCX1'))
    // A lock and an entry of the index by pair, a hundred of them at once.
    expect(world.store.faults.calls.length - before).toBeLessThanOrEqual(25)
    expect(value).toHaveLength(500)
    expect(world.posts()).toBe(1)
    expect(users.filter((userId) => licensesOf(world, userId).includes('cloudCX1'))).toEqual([])
  })

  it.each([
    [98, ['SENT', 'APPLIED']],
    [99, ['PLANNED', 'CLAIMED', 'SENT', 'APPLIED']],
  ])(
    '%i: a write that fits one transaction is asked for directly, a larger one is claimed',
    async (count, states) => {
      const world = await changeWorld({ org: { users: count } })
      const users = world.org.people(count).map(({ id }) => id)
      const { value } = await world.changes().request(assigning(taking(users, 'cloudCX1')))
      expect(value.history.map(({ state }) => state)).toEqual(states)
      expect(world.posts()).toBe(1)
    },
  )

  it('more than a hundred are all refused where another change holds one, and nothing goes on behind the answer', async () => {
    const world = await changeWorld({ org: { users: 250 } })
    const users = world.org.people(250).map(({ id }) => id)
    const last = [...users].sort().at(-1) ?? ''
    world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times: 1, do: { reset: true } }])
    await world.changes().request(assigning(giving([last])))
    const calls = world.store.faults.calls
    await expect(world.changes().assign(giving(users))).rejects.toMatchObject({ code: 'change.conflict' })
    const answered = calls.length
    await world.store.faults.heal()
    expect([calls.length, world.posts()]).toEqual([answered, 1])
  })

  it('users of one batch are taken back in one change too', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    await world.changes().assign(giving([ana, ben]))
    await world.changes().assign(taking([ana, ben]))
    expect([ana, ben].map((userId) => hasWallboard(world, userId))).toEqual([false, false])
  })
})
