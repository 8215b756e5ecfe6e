/** A pair of a list that is neither as its plan saw it nor as desired: it is left alone, and what becomes of the rest. */
import { expect, test } from 'vitest'
import type { PlanOrder } from '../../../../lib/changes/model/change-order.ts'
import {
  assigning,
  BATCH_PATH,
  giving,
  hasWallboard,
  taking,
  WALLBOARD,
} from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'

const USERS = 510
const A_PART = 95

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

/** A list that gives everybody a wallboard, of whom the first who lacks it vanishes once it is planned. */
async function conflicting(plan: (world: ChangeWorld, ids: string[]) => Promise<{ id: string }>) {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id)).toSorted()
  const { id } = await plan(world, ids)
  const [gone = ''] = lacking
  world.org.movePeople([{ id: gone, state: 'vanished' }])
  const { digest } = await world.records().change(id)
  await world.changes(keyed('apply')).apply(id, digest)
  return { world, id, lacking }
}

const rowsOf = (ids: readonly string[]) =>
  Buffer.from(['user,license,action', ...ids.map((id) => `${id},${WALLBOARD},add`)].join('\n'))

async function planByTurn(world: ChangeWorld, order: PlanOrder) {
  const { value } = await world.plans().plan(order)
  expect(value.state).toBe('PLANNING')
  world.clock.advance(60_000)
  await world.read()
  await world.tick()
  await world.takeTurns()
  return value
}

test.each<[string, Parameters<typeof conflicting>[0]]>([
  [
    'assignments',
    async (world, ids) =>
      (await world.plans().plan({ ...assigning(giving(ids)), onConflict: 'abort' })).value,
  ],
  [
    'a file',
    async (world, ids) => (await world.plans().planFile(rowsOf(ids), { onConflict: 'abort' })).value,
  ],
  [
    'a desired state that a turn plans',
    (world, ids) =>
      planByTurn(world, {
        kind: 'desired',
        licenses: { [WALLBOARD]: ids },
        mode: 'exact',
        onConflict: 'abort',
      }),
  ],
])('of %s a conflict stops the rest where that is asked for, and says so', async (_, plan) => {
  const { world, id, lacking } = await conflicting(plan)
  await world.takeTurns()
  const change = await world.records().change(id)
  expect(change).toMatchObject({
    state: 'PARTIAL',
    list: {
      onConflict: 'abort',
      begun: 1,
      outcomes: { applied: A_PART - 1, conflict: 1, notSent: USERS - A_PART },
      stopped: { why: 'conflict', by: 'gateway' },
    },
    failure: { message: expect.stringContaining('stopped at a conflict') },
  })
  const { entities } = await world.records().results(id, { limit: 100, outcome: 'conflict' })
  expect(entities).toMatchObject([
    { userId: lacking[0], before: false, result: 'CONFLICT: Genesys did not say what this user holds now' },
  ])
  expect(entities[0]).not.toHaveProperty('after', expect.anything())
  expect([world.posts(), lacking.filter((each) => hasWallboard(world, each)).length]).toEqual([1, A_PART - 1])
})

test('a conflict in a part whose answer was lost stops the rest at once, and not once that part has come to rest', async () => {
  const { world, id } = await conflicting(
    async (on, ids) => (await on.plans().plan({ ...assigning(giving(ids)), onConflict: 'abort' })).value,
  )
  world.org.addFaults([
    { match: { method: 'POST', path: BATCH_PATH }, do: { applyThenReset: true } },
    { match: { method: 'GET' }, do: { status: 500 }, times: 40 },
  ])
  await world.takeTurns(1)
  const { list } = await world.records().change(id)
  expect(list).toMatchObject({ begun: 1, underWay: 1, stopped: { why: 'conflict' } })
  world.org.clearFaults()
  await world.takeTurns()
  await world.rest()
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: { begun: 1, outcomes: { applied: A_PART - 1, conflict: 1 } },
  })
  expect(world.posts()).toBe(1)
})

/** A list that takes the wallboard from everybody; some who lacked it when that was planned are given it by hand. */
async function regained(count: number, onConflict: 'skip' | 'abort') {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id)).toSorted()
  const { value } = await world.plans().plan({ ...assigning(taking(ids)), onConflict })
  world.org.assign(giving(lacking.slice(0, count)))
  await world.changes(keyed('apply')).apply(value.id, value.digest, value.impact?.people)
  await world.takeTurns()
  const change = await world.records().change(value.id)
  return { world, lacking, holders: USERS - lacking.length, change }
}

const holdersIn = (world: ChangeWorld, ids: readonly string[]) =>
  ids.filter((id) => hasWallboard(world, id)).length

test('a pair that held when the list was planned and holds no longer is in conflict, and the others that held are read', async () => {
  const { world, lacking, holders, change } = await regained(A_PART + 1, 'skip')
  const conflict = A_PART + 1
  expect(change).toMatchObject({
    state: 'PARTIAL',
    list: { outcomes: { applied: holders, unchanged: lacking.length - conflict, conflict } },
  })
  const { entities } = await world.records().results(change.id, { limit: 100, outcome: 'conflict' })
  expect(entities).toHaveLength(conflict)
  expect(entities[0]).toMatchObject({
    desired: false,
    before: false,
    after: true,
    result: 'CONFLICT: it was as desired when the list was planned, and somebody has changed it since',
  })
  // What was given by hand stays, and what holds already costs a reading and no write.
  expect([holdersIn(world, lacking), world.posts()]).toEqual([conflict, 1])
})

test('such a conflict stops the rest where that is asked for', async () => {
  const { world, lacking, holders, change } = await regained(1, 'abort')
  expect(change).toMatchObject({
    state: 'PARTIAL',
    list: {
      begun: 2,
      outcomes: { applied: holders, unchanged: A_PART - 1, conflict: 1, notSent: lacking.length - A_PART },
      stopped: { why: 'conflict', by: 'gateway' },
    },
  })
  const { value: retry } = await world.plans(keyed('retry')).retry(change.id)
  await world.changes(keyed('retried')).apply(retry.id, retry.digest, retry.impact?.people)
  expect((await world.records().change(retry.id)).list?.outcomes).toBeUndefined()
  expect(holdersIn(world, lacking)).toBe(0)
})
