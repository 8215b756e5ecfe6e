/** Lists that somebody pauses or calls off while a turn is about to begin a part: what has not begun by then does not begin. */
import { expect, test } from 'vitest'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import {
  assigning,
  atHeaders,
  BATCH_PATH,
  beforeRequest,
  benchOn,
  giving,
} from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../../support/changes/change-world.ts'

const USERS = 620

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

async function begunWorld() {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const { value } = await world.plans().plan(assigning(giving(ids)))
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  return { world, id: value.id }
}

/** A turn in which this is decided between the turn's look at its list and its part's first request. */
const turnWhile = (world: ChangeWorld, decide: () => Promise<unknown>) =>
  benchOn(
    world,
    beforeRequest(({ method }) => method === 'POST', decide),
  )

/** What a person asks for is carried on by the call that asks for it. */
const cancelled = (world: ChangeWorld, id: string) => async () => {
  await world.records(keyed('cancel')).cancel(id)
  await world.tick()
}

test('a list that is called off while its first part is about to begin begins nothing, and ends as called off', async () => {
  const { world, id } = await begunWorld()
  await takeTurn(turnWhile(world, cancelled(world, id)), id)
  await world.takeTurns()
  await world.rest()
  expect(world.posts()).toBe(0)
  expect(await world.records().change(id)).toMatchObject({
    state: 'CANCELLED',
    list: { begun: 0, stopped: { why: 'called off' } },
  })
})

test('a list that is paused while a part is about to begin does not begin it, and goes on with it once it is resumed', async () => {
  const { world, id } = await begunWorld()
  await takeTurn(
    turnWhile(world, () => world.records(keyed('pause')).pause(id)),
    id,
  )
  expect(world.posts()).toBe(0)
  expect(await headerOf(world, id)).toMatchObject({ state: 'PAUSED', list: { next: 0, open: [] } })
  await world.changes(keyed('resume')).resume(id)
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test('a list that is noted in another way while a part is about to begin begins it all the same', async () => {
  const { world, id } = await begunWorld()
  const pauseAndResume = async () => {
    await world.records(keyed('pause')).pause(id)
    await world.changes(keyed('resume')).resume(id)
  }
  await takeTurn(turnWhile(world, pauseAndResume), id)
  expect(world.posts()).toBe(1)
  expect(await headerOf(world, id)).toMatchObject({ state: 'RUNNING', list: { next: 1 } })
})

test('a list that is called off behind a part of which nobody knows is settled by a look as not applied', async () => {
  const { world, id } = await begunWorld()
  world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times: 2, do: { reset: true } }])
  await world.takeTurns(1)
  await cancelled(world, id)()
  await world.rest()
  expect(await world.records().change(id)).toMatchObject({ state: 'NEEDS_ATTENTION' })
  const { value } = await world.plans(keyed('settle')).settle(id)
  expect(value).toMatchObject({
    state: 'FAILED',
    failure: { code: 'change.not.applied' },
    list: { outcomes: { notApplied: 95 }, stopped: { why: 'called off' } },
  })
})

test('a part that the tick has counted just before its turn does is counted once', async () => {
  const { world, id } = await begunWorld()
  let hasTicked = false
  const ledger = atHeaders(world.store.ledger, async (next, write) => {
    if (next.list && !hasTicked) {
      hasTicked = true
      world.clock.advance(60_000)
      await world.tick()
    }
    return await write()
  })
  await takeTurn(world.bench({ ledger }), id)
  expect((await headerOf(world, id)).list).toMatchObject({ next: 1, open: [], outcomes: { applied: 95 } })
})
