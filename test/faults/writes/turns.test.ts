/** Group K of the fault catalogue: the function that takes lists' turns, as Lambda runs it. */
import { expect, test } from 'vitest'
import { deadlineIn } from '../../../lib/clock.ts'
import { takeTurns } from '../../../lib/events/take-turns.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { assigning, giving } from '../../support/changes/change-orders.ts'
import { changeWorld, headerOf } from '../../support/changes/change-world.ts'

const USERS = 505

async function begun() {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const { value } = await world.plans({ idempotencyKey: 'plan' }).plan(assigning(giving(ids)))
  await world.changes({ idempotencyKey: 'apply' }).apply(value.id, value.digest)
  const message = { Records: [{ messageId: 'one', body: JSON.stringify({ changeId: value.id }) }] }
  const take = (bench = world.bench()) =>
    takeTurns({ desk: bench, openBench: async () => bench, deadline: bench.scope.deadline }, message)
  return { world, id: value.id, take }
}

const done = { batchItemFailures: [] }
const again = { batchItemFailures: [{ itemIdentifier: 'one' }] }

test('a turn with too little time left sends nothing, leaves nothing under way, and its part is begun by the next (K01, K06)', {
  timeout: 60_000,
}, async () => {
  const { world, id, take } = await begun()
  let underWay = 0
  const transport: Transport = async (request) => {
    underWay += 1
    try {
      return await nodeTransport(request)
    } finally {
      underWay -= 1
    }
  }
  const benchWith = (ms: number) =>
    world.bench({ scope: { ...world.bench().scope, transport, deadline: deadlineIn(ms, world.clock) } })
  expect([await take(benchWith(4_000)), underWay, world.posts()]).toEqual([done, 0, 0])
  expect((await headerOf(world, id)).list?.next).toBe(0)
  world.clock.advance(2 * 60_000)
  expect([await take(benchWith(13_500)), underWay, world.posts()]).toEqual([done, 0, 1])
  expect((await headerOf(world, id)).list?.next).toBe(1)
})

test('a list that a newer version has written is left as it is, and its message comes again until somebody looks (K13)', {
  timeout: 60_000,
}, async () => {
  const { world, id, take } = await begun()
  const stored = (await world.store.items()).find(({ pk, sk }) => pk === `change#${id}` && sk === 'header')
  const ofTomorrow = { ...stored, record: { ...Object(stored?.['record']), schema: 3, state: 'MERGING' } }
  await world.store.putItem(ofTomorrow)
  expect([await take(), world.posts()]).toEqual([again, 0])
  const left = (await world.store.items()).find(({ pk, sk }) => pk === `change#${id}` && sk === 'header')
  expect(left).toEqual(ofTomorrow)
})
