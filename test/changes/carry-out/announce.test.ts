/** What goes out on the bus: which states, under which id, and at least once. */
import { describe, expect, it } from 'vitest'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import type { EventBus } from '../../../lib/changes/model/change-events.ts'
import type { ChangeOrder } from '../../../lib/changes/model/change-order.ts'
import { TICK_MS } from '../../../lib/changes/model/timing.ts'
import {
  assigning,
  atHeaders,
  byHand,
  giving,
  OFF,
  taking,
  toggle,
  toldTypes,
  userAt,
} from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

describe('each final state of the contract is told once', () => {
  const reset = [{ match: { method: 'POST' }, do: { reset: true } }] as const
  const refusal = [{ match: { method: 'POST' }, do: { status: 403 } }] as const
  it.each([
    ['APPLIED', 'License Change Applied', [], (world: ChangeWorld) => world.changes().request(toggle(true))],
    [
      'FAILED',
      'License Change Failed',
      refusal,
      (world: ChangeWorld) => world.changes().request(toggle(true)),
    ],
    [
      'NEEDS_ATTENTION',
      'License Change Needs Attention',
      reset,
      (world: ChangeWorld) => world.changes().request(toggle(true)),
    ],
    [
      'PARTIAL',
      'License Change Partial',
      [],
      (world: ChangeWorld) =>
        world.changes().request(
          assigning({
            assignments: [
              ...giving([userAt(world, 0)]).assignments,
              ...giving([userAt(world, 0)], 'noSuchLicense').assignments,
            ],
          }),
        ),
    ],
  ] as const)('%s as %s', async (state, detailType, faults, ask) => {
    const world = await changeWorld()
    world.org.addFaults([...faults])
    await ask(world).catch(() => {})
    await world.rest()
    expect(toldTypes(world)).toEqual([detailType])
    const [{ detail, atMs } = { detail: { eventId: '' }, atMs: 0 }] = world.told
    expect(detail).toMatchObject({ change: { state, actor: { id: 'ana' }, history: expect.any(Array) } })
    expect(detail['eventId']).toMatch(/^[0-9a-z]{20}#\d+$/)
    expect(atMs).toBe(world.clock.nowMs())
  })

  it('with an id that names the change and the version that reached the state', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request(toggle(true))
    const { eventVersion, publishedVersion, version } = await headerOf(world, value.id)
    expect([eventVersion, publishedVersion, version]).toEqual([2, 2, 3])
    expect(world.told.map(({ detail }) => detail['eventId'])).toEqual([`${value.id}#2`])
  })
})

describe('an end without effect', () => {
  const asked = { platform: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1' } as const
  const approver = { actor: BO, operation: 'decide', idempotencyKey: 'd1' } as const

  type Ending = (world: ChangeWorld, id: string, digest: string) => Promise<unknown>
  /** State, detail type, what is planned, and what ends it. */
  const ends: readonly (readonly [string, string, ChangeOrder | 'batch', Ending])[] = [
    [
      'NOOP',
      'License Change Noop',
      toggle(true),
      async (world, id, digest) => {
        await byHand(world).press()
        await world.changes().apply(id, digest)
      },
    ],
    [
      'REJECTED',
      'License Change Rejected',
      toggle(true),
      async (world, id, digest) => {
        // What was not asked for in chat is a request already.
        await world
          .changes()
          .apply(id, digest)
          .catch(() => {})
        await world.records(approver).reject(id)
      },
    ],
    ['CANCELLED', 'License Change Cancelled', toggle(true), (world, id) => world.records().cancel(id)],
    [
      'SUPERSEDED',
      'License Change Superseded',
      'batch',
      async (world, id, digest) => {
        await byHand(world).assign(taking([userAt(world, 2)]))
        await world.changes().apply(id, digest)
      },
    ],
  ]
  const worldOf = (state: string) =>
    changeWorld({ approvals: state === 'REJECTED' ? [{ toggles: [OFF] }] : [] })

  const orderIn = (world: ChangeWorld, order: ChangeOrder | 'batch') =>
    order === 'batch' ? assigning(giving([userAt(world, 0), userAt(world, 2)])) : order

  it.each(ends)('is told of what was asked for in chat: %s as %s', async (state, detailType, order, end) => {
    const world = await worldOf(state)
    const { value } = await world.plans().plan(orderIn(world, order), asked)
    await end(world, value.id, value.digest)
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe(state)
    expect(toldTypes(world)).toEqual([detailType])
  })

  it.each(ends)(
    'that leaves a wish undone is told whoever asked, and no other: %s',
    async (state, detailType, order, end) => {
      const world = await worldOf(state)
      const { value } = await world.plans().plan(orderIn(world, order))
      await end(world, value.id, value.digest)
      await world.rest()
      expect((await headerOf(world, value.id)).state).toBe(state)
      const isUndone = state === 'REJECTED' || state === 'SUPERSEDED'
      expect(toldTypes(world)).toEqual(isUndone ? [detailType] : [])
    },
  )

  it('of a request that is called off is told whoever asked', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const { value } = await world.changes().request(toggle(true))
    await world.records(approver).cancel(value.id)
    await world.rest()
    expect(toldTypes(world)).toEqual(['License Change Cancelled'])
  })

  it('is told of what waited for an approver, whoever asked: they were asked, and are to hear of it', async () => {
    const world = await worldOf('REJECTED')
    for (const end of ['reject', 'cancel'] as const) {
      const { value } = await world.changes({ operation: end }).request(toggle(true))
      await world.records(approver)[end](value.id)
    }
    await world.rest()
    expect(toldTypes(world).sort()).toEqual(['License Change Cancelled', 'License Change Rejected'])
  })

  it('takes the place of a request that could not be told in time', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const refusing: EventBus = { put: async (announcements) => announcements.map(() => false) }
    const { value } = await world.changes({}, world.bench({ bus: refusing })).request(toggle(true))
    await world.records(approver).reject(value.id)
    await world.rest()
    // Nobody is asked any more, and nothing of it is due for ever.
    expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Rejected'])
    expect(await world.store.ledger.due(Number.MAX_SAFE_INTEGER, 1)).toEqual([])
  })

  it('of a plan that nobody applied is told to nobody, wherever it was asked for', async () => {
    const world = await changeWorld()
    const { value } = await world.plans().plan(toggle(true), asked)
    await world.rest()
    expect([(await headerOf(world, value.id)).state, world.told]).toEqual(['EXPIRED', []])
  })
})

describe('a bus that does not take an event', () => {
  const refusing: EventBus = { put: async (announcements) => announcements.map(() => false) }
  const unreachable: EventBus = {
    put: async () => {
      throw new Error('no route to the bus')
    },
  }
  it.each([
    ['refuses it inside a 200', refusing, 'the event bus refused its event'],
    ['cannot be reached', unreachable, 'its event could not be put'],
  ])(
    'because it %s: the caller is answered all the same, and the next tick puts it',
    async (_, bus, logged) => {
      const world = await changeWorld()
      const { value } = await world.changes({}, world.bench({ bus })).request(toggle(true))
      expect(value.state).toBe('APPLIED')
      expect(world.left).toEqual([expect.stringContaining(logged)])
      const desk = world.bench({ bus })
      await tick(desk, async () => desk)
      expect(world.told).toEqual([])
      world.clock.advance(TICK_MS)
      await world.tick()
      expect(world.told.map(({ detail }) => detail['eventId'])).toEqual([`${value.id}#2`])
      await world.rest()
      expect(world.told).toHaveLength(1)
    },
  )

  it('is told the same event once more where only the note of it was lost', async () => {
    const world = await changeWorld()
    const forgetful = world.bench({
      ledger: atHeaders(world.store.ledger, async (next, write) =>
        next.publishedVersion === undefined ? await write() : false,
      ),
    })
    await world.changes({}, forgetful).request(toggle(true))
    await world.rest()
    const ids = world.told.map(({ detail }) => detail['eventId'])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('makes no difference to a repeat of the request, before it was told and after', async () => {
    const world = await changeWorld()
    const caller = { idempotencyKey: 'k1' }
    const first = await world.changes(caller, world.bench({ bus: unreachable })).request(toggle(true))
    for (const bus of [unreachable, undefined]) {
      world.clock.advance(2 * TICK_MS)
      const bench = world.bench(bus && { bus })
      await tick(bench, async () => bench)
      const again = await world.changes(caller).request(toggle(true))
      expect(JSON.stringify(again.value)).toBe(JSON.stringify(first.value))
    }
    expect(world.told).toHaveLength(1)
  })

  it('holds up no planned revert', async () => {
    const world = await changeWorld()
    const bench = () => world.bench({ bus: refusing })
    await world.changes({}, bench()).request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(3_600_000)
    await tick(bench(), async () => bench())
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })
})
