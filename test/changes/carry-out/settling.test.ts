/** Somebody has it looked at what became of a change that nobody is sure of. */
import { describe, expect, it } from 'vitest'
import {
  assigning,
  assignment,
  BATCH_PATH,
  byHand,
  giving,
  OFF,
  taking,
  toggle,
  togglePath,
  toldTypes,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'
import { type Call, isHeaderPut } from '../../support/ledger/ledger.ts'

const QUIET_MS = 65_000
const SETTLE = { operation: 'settleChange', idempotencyKey: 's1' }
const lost = (path = togglePath(), times = 1) => ({
  match: { method: 'POST', path },
  times,
  do: { reset: true } as const,
})

/** A toggle whose POST was lost, so that nobody knows whether it was switched. */
async function unclear(world: ChangeWorld) {
  world.org.addFaults([lost()])
  const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
  expect(value.state).toBe('UNKNOWN')
  return value.id
}

const settle = (world: ChangeWorld, id: string, key = 's1') =>
  world.plans({ ...SETTLE, idempotencyKey: key }).settle(id)

describe('settling', () => {
  it('before anything can still land is refused, with the seconds until then', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    world.clock.advance(20_000)
    await expect(settle(world, id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      status: 409,
      retryAfterSeconds: 45,
      message: expect.stringContaining('until 2026-11-15T12:01:05.000Z'),
    })
    world.clock.advance(45_000)
    await expect(settle(world, id)).resolves.toMatchObject({ value: { state: 'FAILED' } })
  })

  it('what cannot be read in time says that, and not that nothing was sent', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    world.clock.advance(QUIET_MS)
    world.org.addFaults([{ match: { method: 'GET' }, times: 9, do: { delayMs: 600_000 } }])
    const hasty = world.plans(SETTLE, world.bench({ perTryTimeoutMs: 200 }))
    await expect(hasty.settle(id)).rejects.toMatchObject({
      status: 503,
      message: 'Genesys did not answer in time; try again',
    })
  })

  it('what reads otherwise says FAILED, why, and who had it looked at', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    await world.rest()
    expect((await headerOf(world, id)).state).toBe('NEEDS_ATTENTION')
    const { value, isReplay } = await world.plans({ ...SETTLE, actor: BO }).settle(id)
    expect(value).toMatchObject({
      state: 'FAILED',
      failure: {
        status: 409,
        code: 'change.not.applied',
        message: expect.stringContaining(`the toggle ${OFF} reads off`),
      },
      after: { enabled: false },
      results: [{ outcome: 'not.applied' }],
    })
    expect(value.history.at(-1)).toMatchObject({ state: 'FAILED', by: 'bo' })
    expect([isReplay, world.posts()]).toEqual([false, 1])
    await world.rest()
    expect(toldTypes(world)).toEqual(['License Change Needs Attention', 'License Change Failed'])
  })

  it('what reads as desired says APPLIED, and it can be undone', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    await world.rest()
    await byHand(world).press()
    expect((await settle(world, id)).value.state).toBe('APPLIED')
    await world.changes({ idempotencyKey: 'u1' }).undo(id)
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('of which some reads as desired says PARTIAL, since FAILED would say that nothing was done', async () => {
    const world = await changeWorld()
    const [ana, ben] = [userAt(world, 0), userAt(world, 1)]
    world.org.addFaults([lost(BATCH_PATH, 2)])
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(assigning(giving([ana, ben])))
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    await byHand(world).assign(giving([ana]))
    const { value: settled } = await settle(world, value.id)
    const outcomes = [ana, ben].map((id) => settled.results?.find(({ userId }) => userId === id)?.outcome)
    expect([settled.state, outcomes]).toEqual(['PARTIAL', ['applied', 'not.applied']])
  })

  it('under the same key again answers the same, under another that it is known by now', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    await world.rest()
    const first = await settle(world, id)
    expect(await settle(world, id)).toEqual({ ...first, isReplay: true })
    await expect(settle(world, id, 's2')).rejects.toMatchObject({ code: 'change.state.conflict' })
  })

  it('what is known already is refused', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(toggle(true))
    await expect(settle(world, value.id)).rejects.toMatchObject({
      code: 'change.state.conflict',
      status: 409,
    })
    await expect(settle(world, '0'.repeat(20))).rejects.toMatchObject({ status: 404 })
  })

  it('where Genesys cannot be read moves nothing', async () => {
    const world = await changeWorld()
    const id = await unclear(world)
    await world.rest()
    world.org.addFaults([{ match: { method: 'GET', path: togglePath() }, do: { status: 500 } }])
    await expect(settle(world, id)).rejects.toMatchObject({ code: 'upstream.bad.response' })
    expect((await headerOf(world, id)).state).toBe('NEEDS_ATTENTION')
    await expect(settle(world, id)).resolves.toMatchObject({ value: { state: 'FAILED' } })
  })

  it('writes what was seen with what it says of it, all of it or none', async () => {
    const world = await changeWorld()
    // More than the header keeps of evidence.
    const people = Array.from({ length: 40 }, (_, n) => userAt(world, n))
    world.org.addFaults([lost(BATCH_PATH, 9)])
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(assigning(giving(people)))
    await world.rest()
    const before = await world.store.items()
    const { faults } = world.store
    const isWrite = ({ action }: Call) => action === 'PutItem' || action === 'TransactWriteItems'
    faults.failNext(isHeaderPut, 'outage', 3)
    await expect(settle(world, value.id)).rejects.toMatchObject({ code: 'ledger.unavailable' })
    expect(await world.store.items()).toEqual(before)
    const calls = faults.calls.filter(isWrite).length
    expect((await settle(world, value.id)).value).toMatchObject({ state: 'FAILED' })
    expect(faults.calls.filter(isWrite).length).toBe(calls + 1)
  })

  it('sends nothing, also where the gateway itself would send once more', async () => {
    const world = await changeWorld()
    world.org.addFaults([lost(BATCH_PATH)])
    const { value } = await world
      .changes({ idempotencyKey: 'k1' })
      .request(assigning(giving([userAt(world, 0)])))
    world.clock.advance(QUIET_MS)
    expect((await settle(world, value.id)).value.state).toBe('FAILED')
    await world.rest()
    expect(world.posts()).toBe(1)
  })
})

describe('a second change on what another one holds', () => {
  const until = '2026-11-15T12:01:05.000Z'

  it.each([
    ['was sent and lost', { reset: true }],
    ['was seen as applied, and is to be looked at again', { applyThenReset: true }],
  ] as const)('is told until when, in the sentence and in seconds: it %s', async (_, action) => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: action }])
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    world.clock.advance(24_500)
    const second = (key: string) => world.changes({ actor: BO, idempotencyKey: key }).request(toggle(false))
    await expect(second('k2')).rejects.toMatchObject({
      code: 'change.conflict',
      message: expect.stringContaining(`holds it until ${until}`),
      retryAfterSeconds: 41,
      faults: [{ entityId: value.id }],
    })
    // It keeps that word, though no tick has run since.
    world.clock.advance(41_000)
    await expect(second('k3')).resolves.toBeDefined()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('under a claim is told when the lease ends, and after that when the next tick comes', async () => {
    const world = await changeWorld()
    const { ledger } = world.store
    const dying = world.bench({
      genesys: Object.assign(Object.create(world.bench().genesys), {
        getUsersById: () => Promise.reject(new Error('the process has ended')),
      }),
    })
    const ana = userAt(world, 2)
    // Dies at its reading under the lock: it has the claim and the lock.
    const planned = await world.plans({ idempotencyKey: 'p1' }).plan(assigning(taking([ana])))
    await world
      .changes({ idempotencyKey: 'a1' }, dying)
      .apply(planned.value.id, planned.value.digest)
      .catch(() => {})
    expect((await ledger.get(planned.value.id))?.state).toBe('CLAIMED')
    const second = (key: string) =>
      world
        .changes({ actor: BO, idempotencyKey: key })
        .request(assigning({ assignments: [assignment(WALLBOARD, [], [ana])] }))
    world.clock.advance(10_000)
    await expect(second('k2')).rejects.toMatchObject({
      retryAfterSeconds: 20,
      message: expect.stringContaining('2026-11-15T12:00:30.000Z'),
    })
    world.clock.advance(30_000)
    await expect(second('k3')).rejects.toMatchObject({
      retryAfterSeconds: 60,
      message: expect.stringContaining('2026-11-15T12:01:40.000Z'),
    })
    await world.tick()
    await expect(second('k4')).resolves.toMatchObject({ value: { state: 'NOOP' } })
  })
})
