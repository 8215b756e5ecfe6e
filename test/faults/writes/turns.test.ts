/** Group K of the fault catalogue: the function that takes lists' turns, as Lambda runs it. */
import { expect, test } from 'vitest'
import { partIdOf } from '../../../lib/changes/model/record-ids.ts'
import { deadlineIn } from '../../../lib/clock.ts'
import type { DeadLetterQueue } from '../../../lib/events/dead-letter-queue.ts'
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
  const id = value.id
  const letters: Letter[] = []
  let deadLetters: DeadLetterQueue = { put: async (event, why) => void letters.push({ event, why }) }
  const take = (bench = world.bench(), body: string = JSON.stringify({ changeId: id })) => {
    const work = { desk: bench, openBench: async () => bench, deadline: bench.scope.deadline, deadLetters }
    return takeTurns(work, { Records: [{ messageId: 'one', body }] })
  }
  const breakDeadLetters = () => {
    deadLetters = { put: () => Promise.reject(new Error('the queue is full')) }
  }
  return { world, id, take, letters, breakDeadLetters }
}

interface Letter {
  readonly event: unknown
  readonly why: string
}

const done = { batchItemFailures: [] }

test('a turn with too little time left sends nothing, leaves nothing under way, and its part is begun by the next (K01, K06)', async () => {
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

test('a list that a newer version has written is left as it is, and its turn is a letter at once (K13)', async () => {
  const { world, id, take, letters } = await begun()
  const stored = (await world.store.items()).find(({ pk, sk }) => pk === `change#${id}` && sk === 'header')
  const ofTomorrow = { ...stored, record: { ...Object(stored?.['record']), schema: 3, state: 'MERGING' } }
  await world.store.putItem(ofTomorrow)
  expect([await take(), world.posts(), letters]).toMatchObject([done, 0, [{ event: { changeId: id } }]])
  const left = (await world.store.items()).find(({ pk, sk }) => pk === `change#${id}` && sk === 'header')
  expect(left).toEqual(ofTomorrow)
})

test('what names no list is told and put among the dead letters at once, so that no list stands behind it (D29)', async () => {
  const { world, id, take, letters, breakDeadLetters } = await begun()
  const unknown = '0'.repeat(20)
  const [person] = world.org.people(1).map((each) => each.id)
  const { value: ordinary } = await world
    .plans({ idempotencyKey: 'one' })
    .plan(assigning(giving([person ?? ''])))
  expect(await take()).toEqual(done)
  const part = partIdOf(id, 0)
  for (const changeId of [unknown, ordinary.id, part]) {
    expect(await take(undefined, JSON.stringify({ changeId }))).toEqual(done)
  }
  for (const body of ['', 'hello', '[]', 'null', '{"list":"1"}', '{"changeId":"../x"}', '{"changeId":7}']) {
    expect(await take(undefined, body)).toEqual(done)
  }
  const none = (changeId: string) => ({ event: { changeId }, why: `there is no list ${changeId} on record` })
  const why = 'must be { changeId }: message one is no turn'
  expect(letters).toEqual([
    ...[unknown, ordinary.id, part].map(none),
    ...['', 'hello', [], 'null', { list: '1' }, { changeId: '../x' }, { changeId: 7 }].map((event) => ({
      event,
      why,
    })),
  ])
  expect(world.left.slice(0, 4)).toEqual([
    ...letters.slice(0, 3).map(({ event, why: said }) => `${Object(event).changeId} ${said}`),
    `none ${why}`,
  ])
  expect([(await headerOf(world, id)).list?.next, world.posts()]).toEqual([1, 1])
  // What was put nowhere is not let go.
  breakDeadLetters()
  await expect(take(undefined, JSON.stringify({ changeId: unknown }))).rejects.toThrow('the queue is full')
})

test('a turn of a list that has ended, or was planned to nothing, does nothing and leaves no letter', async () => {
  const { world, id, take, letters } = await begun()
  await world.records({ idempotencyKey: 'cancel' }).cancel(id)
  expect(await take()).toEqual(done)
  expect(await take()).toEqual(done)
  expect([(await headerOf(world, id)).state, letters, world.posts()]).toEqual(['CANCELLED', [], 0])
})
