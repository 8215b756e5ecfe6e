/** The tick: what is due for people's licenses before telling of it, in turns, and nothing holds up what stands behind it. */
import { describe, expect, it } from 'vitest'
import { tick } from '../../../lib/changes/carry-out/tick.ts'
import type { Announcement, EventBus } from '../../../lib/changes/model/change-events.ts'
import type { Header } from '../../../lib/changes/model/header.ts'
import { QUIET_MS, TICK_MS } from '../../../lib/changes/model/timing.ts'
import type { Workbench } from '../../../lib/changes/record/desk.ts'
import { deadlineIn } from '../../../lib/clock.ts'
import {
  assigning,
  atHeaders,
  benchOn,
  giving,
  hasWallboard,
  isPost,
  OFF,
  ON,
  toggle,
  userAt,
} from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000

const changeIdOf = ({ detail }: Announcement) => String(detail['eventId']).replace(/#.*/, '')

/** Those who do not hold the license that is given here. */
const peopleIn = (world: ChangeWorld): string[] =>
  Array.from({ length: 40 }, (_, index) => userAt(world, index)).filter((id) => !hasWallboard(world, id))

/** A bus that lets each try wait as long as it is let, by the clock that the test owns. */
function hangingBus(world: ChangeWorld, waitMs = 1_000): EventBus & { readonly tried: string[] } {
  const tried: string[] = []
  return {
    tried,
    async put(announcements) {
      tried.push(...announcements.map(changeIdOf))
      world.clock.advance(waitMs)
      throw new Error(`no whole answer within ${waitMs} ms`)
    },
  }
}

const ticking = (world: ChangeWorld, changed: Partial<Workbench> = {}) => {
  const bench = world.bench(changed)
  return tick(bench, async () => bench, deadlineIn(25_000, world.clock))
}

/** Gives licenses to people, each a change of its own, while nothing can be told. */
async function untold(world: ChangeWorld, count: number, bus: EventBus): Promise<string[]> {
  const people = peopleIn(world)
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const order = assigning(giving([people[n] ?? '']))
    const { value } = await world.changes({ idempotencyKey: `k${n}` }, world.bench({ bus })).request(order)
    ids.push(value.id)
  }
  return ids
}

const headersOf = (world: ChangeWorld, ids: readonly string[]): Promise<Header[]> =>
  Promise.all(ids.map((id) => headerOf(world, id)))

describe('a bus that hangs', () => {
  it('is tried twice in a tick, after all that is due for people has been done', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    await untold(world, 5, bus)
    const reverted = await world
      .changes({ idempotencyKey: 'r' }, world.bench({ bus }))
      .request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(HOUR_MS)
    bus.tried.length = 0
    const startedMs = world.clock.nowMs()
    const ticked = await ticking(world, { bus })
    expect(world.org.truth().toggles[OFF]).toBe(false)
    expect((await headerOf(world, reverted.value.id)).revert?.changeId).toBeDefined()
    expect(bus.tried).toHaveLength(2)
    expect(world.clock.nowMs() - startedMs).toBe(2_000)
    // The five, the original and its revert.
    expect(ticked).toMatchObject({ advanced: 1, failed: 0, told: 0, stillDue: 7 })
    expect(ticked.oldestDueMs).toBeGreaterThanOrEqual(HOUR_MS)
  })

  it('is not asked about the same two again and again', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    const ids = await untold(world, 6, bus)
    bus.tried.length = 0
    for (let n = 0; n < 8; n++) {
      world.clock.advance(TICK_MS)
      await ticking(world, { bus })
    }
    expect(bus.tried.length).toBeLessThanOrEqual(2 * 8)
    const triesOf = (id: string) => bus.tried.filter((each) => each === id).length
    expect(ids.filter((id) => triesOf(id) > 0).length).toBeGreaterThan(2)
    expect(Math.max(...ids.map(triesOf))).toBeLessThanOrEqual(5)
  })

  it('is asked ever more rarely about a change, and not all of them at once', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    const ids = await untold(world, 2, bus)
    const waitsMs: number[][] = []
    for (let n = 0; n < 6; n++) {
      world.clock.advance(20 * TICK_MS)
      await ticking(world, { bus })
      const putOff = (await headersOf(world, ids)).map(({ tellingPutOff }) => tellingPutOff?.untilMs ?? 0)
      waitsMs.push(putOff.map((untilMs) => untilMs - world.clock.nowMs()))
    }
    for (const [n, [one = 0, other = 0]] of waitsMs.entries()) {
      const longestMs = Math.min(10, 2 ** n) * TICK_MS
      for (const each of [one, other]) {
        // Two tries of a second stand between the first put-off and the end of the tick.
        expect(each).toBeGreaterThanOrEqual(longestMs / 2 - 2_000)
        expect(each).toBeLessThanOrEqual(longestMs + 1)
      }
      expect(one).not.toBe(other)
    }
  })

  it('that is well again is told everything within ten minutes, each event once', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    const ids = await untold(world, 4, bus)
    for (let n = 0; n < 12; n++) {
      world.clock.advance(5 * TICK_MS)
      await ticking(world, { bus })
    }
    expect(world.told).toEqual([])
    let told = 0
    for (let n = 0; n <= 10; n++) {
      told += (await ticking(world)).told
      world.clock.advance(TICK_MS)
    }
    expect(told).toBe(4)
    expect(world.told.map(changeIdOf).sort()).toEqual(ids.sort())
    expect(await ticking(world)).toEqual({
      advanced: 0,
      failed: 0,
      told: 0,
      stillDue: 0,
      oldestDueMs: 0,
      open: 0,
      isPaused: false,
    })
  })

  it('does not keep a revert from its time, however long the event before it is put off', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    await world.changes({}, world.bench({ bus })).request({ ...toggle(true), revertAfter: 'PT1H' })
    world.clock.advance(TICK_MS)
    for (let n = 0; n < 59; n++) {
      await ticking(world, { bus })
      expect(world.org.truth().toggles[OFF]).toBe(true)
      world.clock.advance(TICK_MS)
    }
    await ticking(world, { bus })
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('that refuses one event alone is asked about the others in the same tick', async () => {
    const world = await changeWorld()
    const ids = await untold(world, 4, hangingBus(world))
    const [poison] = ids
    const told: string[] = []
    const bus: EventBus = {
      put: async (announcements) =>
        announcements.map((each) => {
          const id = changeIdOf(each)
          if (id !== poison) told.push(id)
          return id !== poison
        }),
    }
    world.clock.advance(TICK_MS)
    expect(await ticking(world, { bus })).toMatchObject({ told: 3, stillDue: 1 })
    expect(told.sort()).toEqual(ids.filter((id) => id !== poison).sort())
  })

  it('costs whoever waits for a write one try', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    const startedMs = world.clock.nowMs()
    const { value } = await world.changes({}, world.bench({ bus })).request(toggle(true))
    expect([value.state, bus.tried.length]).toEqual(['APPLIED', 1])
    expect(world.clock.nowMs() - startedMs).toBe(1_000)
  })

  it('is left to the tick where whoever waits has no time left for it', async () => {
    const world = await changeWorld()
    const bus = hangingBus(world)
    // The last reading takes almost all of the time that there is.
    let reads = 0
    const slow = benchOn(world, (inner) => async (request) => {
      if (!isPost(request) && ++reads === 2) world.clock.advance(24_000)
      return await inner(request)
    })
    const { value } = await world.changes({}, { ...slow, bus }).request(toggle(true))
    expect([value.state, reads]).toEqual(['APPLIED', 2])
    expect(bus.tried).toEqual([])
  })

  it('does not have approvers reminded of what they have not been told', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const bus = hangingBus(world)
    const { value } = await world.changes({}, world.bench({ bus })).request(toggle(true))
    world.clock.advance(5 * HOUR_MS)
    await ticking(world, { bus })
    expect((await headerOf(world, value.id)).approval?.isReminded).toBeUndefined()
    world.clock.advance(10 * TICK_MS)
    await ticking(world)
    await ticking(world)
    expect(world.told.map(({ detail }) => detail['isReminder'])).toEqual([undefined, true])
  })
})

describe('a change that the tick cannot advance', () => {
  /** A ledger in which the plans of these changes cannot be read. */
  const unreadable = (world: ChangeWorld, ids: readonly string[]) => {
    const { ledger } = world.store
    return {
      ...ledger,
      plan: async (header: Pick<Header, 'id' | 'planRow'>) => {
        if (ids.includes(header.id)) throw new Error('its plan is gone')
        return await ledger.plan(header)
      },
    }
  }

  it('is put off, and those behind it are taken up in the same tick', async () => {
    const world = await changeWorld()
    const atMs = world.clock.nowMs() + HOUR_MS
    const notBefore = new Date(atMs).toISOString()
    const people = peopleIn(world)
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      const order = { ...assigning(giving([people[n] ?? ''])), notBefore }
      ids.push((await world.changes({ idempotencyKey: `k${n}` }).request(order)).value.id)
    }
    const [broken = '', ...others] = ids
    world.clock.advance(HOUR_MS)
    const ledger = unreadable(world, [broken])
    expect(await ticking(world, { ledger })).toMatchObject({
      advanced: others.length,
      failed: 1,
      stillDue: 1,
    })
    const putOff = (await headerOf(world, broken)).workPutOff
    expect(putOff).toMatchObject({ tries: 1, sinceMs: expect.any(Number) })
    expect((await headersOf(world, others)).map(({ state }) => state)).not.toContain('PLANNED')
    // It is tried again, more rarely each time, and reported as long as that goes on.
    world.clock.advance(2 * TICK_MS)
    const again = await ticking(world, { ledger })
    expect(again).toMatchObject({ failed: 1, stillDue: 1 })
    expect(again.oldestDueMs).toBeGreaterThanOrEqual(2 * TICK_MS)
  })
})

describe('kinds of work', () => {
  it('come in turns: many plans that lapse do not keep a revert waiting', async () => {
    const world = await changeWorld()
    const people = peopleIn(world)
    for (let n = 0; n < 12; n++) {
      const order = assigning(giving([people[n] ?? '']))
      await world.plans({ idempotencyKey: `p${n}` }).plan(order)
    }
    await world.changes({ actor: BO, idempotencyKey: 'r' }).request({ ...toggle(true), revertAfter: 'PT9H' })
    world.clock.advance(9 * HOUR_MS)
    // Each write of the ledger takes so long that a tick is over before all of it is done.
    const slow = atHeaders(world.store.ledger, async (_, write) => {
      world.clock.advance(4_000)
      return await write()
    })
    const ticked = await ticking(world, { ledger: slow })
    expect(ticked.stillDue).toBeGreaterThan(0)
    expect(ticked.advanced).toBeLessThan(13)
    const reverted = (await world.store.ledger.list({ filter: {}, limit: 100 })).headers
    expect(reverted.some(({ undoes }) => undoes !== undefined)).toBe(true)
  })
})

it('what the ledger stopped after its POST counts as failed and left, and is taken up again', async () => {
  const world = await changeWorld()
  const atMs = world.clock.nowMs() + HOUR_MS
  const [person = ''] = peopleIn(world)
  const order = { ...assigning(giving([person])), notBefore: new Date(atMs).toISOString() }
  const { value } = await world.changes().request(order)
  world.clock.advance(HOUR_MS)
  const { faults } = world.store
  const isAfterPost = ({ action }: { action: string }) =>
    (action === 'PutItem' || action === 'TransactWriteItems') && world.posts() > 0
  faults.failNext(isAfterPost, 'outage', 1_000)
  expect(await ticking(world)).toMatchObject({ advanced: 0, failed: 1, stillDue: 1 })
  await faults.heal()
  expect((await headerOf(world, value.id)).state).toBe('SENT')

  world.clock.advance(QUIET_MS)
  expect(await ticking(world)).toMatchObject({ advanced: 1, failed: 0, stillDue: 0 })
  expect((await headerOf(world, value.id)).state).toBe('APPLIED')
  expect(world.posts()).toBe(1)
})

it('tells how many changes are open, those that are not due among them, and nothing where that cannot be read', async () => {
  const world = await changeWorld()
  await world.plans({ idempotencyKey: 'p1' }).plan(toggle(true))
  await world.plans({ idempotencyKey: 'p2' }).plan(toggle(false, ON))
  expect(await ticking(world)).toMatchObject({ advanced: 0, stillDue: 0, open: 2 })
  const { ledger } = world.bench()
  let asked = 0
  const once = {
    ...ledger,
    due: async (nowMs: number, limit: number) =>
      asked++ === 0 ? await ledger.due(nowMs, limit) : Promise.reject(new Error('gone')),
  }
  expect((await ticking(world, { ledger: once })).open).toBeUndefined()
})
