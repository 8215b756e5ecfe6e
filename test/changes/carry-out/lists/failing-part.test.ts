/** Turns that come twice, die in the middle, or fail again and again. */
import { expect, test } from 'vitest'
import { takeTurn } from '../../../../lib/changes/carry-out/lists/take-turn.ts'
import type { Workbench } from '../../../../lib/changes/record/desk.ts'
import { GatewayError } from '../../../../lib/errors.ts'
import { takeTurns } from '../../../../lib/events/take-turns.ts'
import {
  assigning,
  atHeaders,
  BATCH_PATH,
  giving,
  hasWallboard,
} from '../../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../../support/changes/change-world.ts'
import { Crash } from '../../../support/ledger/ledger.ts'

const USERS = 620
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

async function begunWorld() {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id)).length
  const { value } = await world.plans().plan(assigning(giving(ids)))
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  return { world, id: value.id, ids, lacking, parts: Math.ceil(lacking / 95) }
}

/** A ledger that cannot tell the pairs of the parts, for a reason that nobody foresaw. */
function withoutParts({ store }: ChangeWorld): Pick<Workbench, 'ledger'> {
  const part = () => Promise.reject(new TypeError('this row is no part'))
  return { ledger: { ...store.ledger, part } }
}

const message = (changeId: string, receives = 1) => ({
  Records: [
    {
      messageId: 'message-1',
      body: JSON.stringify({ changeId }),
      attributes: { ApproximateReceiveCount: String(receives) },
    },
  ],
})
const workOf = (world: ChangeWorld, bench = () => world.bench()) => ({
  desk: world.bench(),
  openBench: async () => bench(),
  deadline: world.bench().scope.deadline,
  deadLetters: { put: () => Promise.reject(new Error('there is a list')) },
})

test('a turn that is delivered twice at once sends its part once (D26)', async () => {
  const { world, id, parts } = await begunWorld()
  const answers = await Promise.all([1, 2].map(() => takeTurns(workOf(world), message(id))))
  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }])
  expect(world.posts()).toBe(1)
  await world.takeTurns()
  await world.rest()
  expect(world.posts()).toBe(parts)
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test('a turn that comes again when its part is done does the next one, and none twice', async () => {
  const { world, id, parts } = await begunWorld()
  for (let n = 0; n < parts + 2; n++) await takeTurn(world.bench(), id)
  expect(world.posts()).toBe(parts)
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test.each(['before', 'after'] as const)(
  'a function that dies %s what became of its part is noted leaves the rest to the delivery after it, which sends what is not done (D25)',
  async (when) => {
    const { world, id, ids, parts } = await begunWorld()
    const ledger = atHeaders(world.store.ledger, async (next, write) => {
      if (next.list === undefined) return await write()
      if (when === 'after') await write()
      throw new Crash('the process has ended')
    })
    await expect(
      takeTurns(
        workOf(world, () => world.bench({ ledger })),
        message(id),
      ),
    ).rejects.toThrow(Crash)
    expect(world.posts()).toBe(1)
    // What it began stands in the list, whether or not what became of it does.
    expect((await headerOf(world, id)).list).toMatchObject({ next: 1, open: when === 'after' ? [] : [0] })
    await takeTurns(workOf(world), message(id))
    await world.takeTurns()
    await world.rest()
    expect(world.posts()).toBe(parts)
    expect(ids.filter((each) => !hasWallboard(world, each))).toEqual([])
    expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
  },
)

test('a part that fails in a way that nobody foresaw is tried three times, alarms each time, and ends the list (D29)', async () => {
  const { world, id } = await begunWorld()
  await world.takeTurns(1)
  const poisoned = workOf(world, () => world.bench(withoutParts(world)))
  for (let tries = 0; tries < 3; tries++) {
    await expect(takeTurns(poisoned, message(id))).rejects.toThrow('this row is no part')
    // The message comes again within minutes: nothing is to do then, so that lists behind it go on.
    world.clock.advance(3 * MINUTE_MS)
    expect(await takeTurns(poisoned, message(id))).toEqual({ batchItemFailures: [] })
    world.clock.advance(3 * MINUTE_MS)
  }
  await world.rest()
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: {
      begun: 1,
      outcomes: { applied: 95, notSent: USERS - 95 },
      stopped: { why: 'failing', by: 'gateway' },
    },
    failure: { message: expect.stringContaining('since its next part could not be begun: 95 applied') },
  })
})

test('a part that Genesys cannot be read for waits, is begun when it can, and is given up after a day', async () => {
  const { world, id } = await begunWorld()
  await world.takeTurns(1)
  const fault = { match: { method: 'POST', path: '/api/v2/license/users' }, do: { status: 503 } }
  world.org.addFaults([{ ...fault, times: 1_000_000 }])
  await takeTurn(world.bench(), id)
  const waiting = await headerOf(world, id)
  expect(waiting).toMatchObject({ state: 'RUNNING', list: { next: 1, failing: { unforeseen: 0 } } })
  expect(waiting.list?.waitUntilMs).toBeGreaterThan(world.clock.nowMs())
  // Again and again, ever more rarely: then the tick takes it up, once a minute.
  await world.takeTurns()
  expect((await headerOf(world, id)).list?.waitUntilMs).toBeGreaterThanOrEqual(
    world.clock.nowMs() + (3 * MINUTE_MS) / 4,
  )

  const waitsNow = async () => (await world.records().change(id)).waits
  expect(await waitsNow()).toMatchObject({ why: 'failing', until: expect.any(String) })

  world.org.clearFaults()
  world.clock.advance(2 * MINUTE_MS)
  // What has gone by is no time until which it waits.
  expect(await waitsNow()).toEqual({
    why: 'failing',
    says: expect.stringContaining('until when is not known'),
  })
  await takeTurn(world.bench(), id)
  const begun = (await headerOf(world, id)).list
  expect([begun?.next, begun?.failing]).toEqual([2, undefined])

  world.org.addFaults([{ ...fault, times: 1_000_000 }])
  world.clock.advance(MINUTE_MS)
  await takeTurn(world.bench(), id)
  world.clock.advance(DAY_MS)
  await takeTurn(world.bench(), id)
  await world.rest()
  expect(await world.records().change(id)).toMatchObject({ state: 'PARTIAL', list: { begun: 2 } })
})

test('of several messages all that stand behind one that failed come again, by the ids that they came with (D30, D31)', async () => {
  const { world, id } = await begunWorld()
  const Records = [
    { messageId: 'message-1', body: JSON.stringify({ changeId: id }) },
    { messageId: 'message-2', body: JSON.stringify({ changeId: '0'.repeat(20) }) },
    { messageId: 'message-3', body: JSON.stringify({ changeId: id }) },
  ]
  const { lookAtList } = world.store.ledger
  const down = new GatewayError('ledger.unavailable', 'The ledger is down')
  const ledger = {
    ...world.store.ledger,
    lookAtList: (each: string) => (each === id ? lookAtList(each) : Promise.reject(down)),
  }
  const work = workOf(world, () => world.bench({ ledger }))
  expect(await takeTurns(work, { Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'message-2' }, { itemIdentifier: 'message-3' }],
  })
  expect(world.posts()).toBe(1)
  await expect(takeTurns(workOf(world), { Records: [{ body: 'without an id' }] })).rejects.toThrow()
})

test('while the ledger is down a turn is given back, and nothing of it is lost', async () => {
  const { world, id } = await begunWorld()
  const down = () =>
    Promise.reject(new GatewayError('ledger.unavailable', 'The ledger is down', { retryAfterSeconds: 5 }))
  const work = workOf(world, () =>
    world.bench({ ledger: { ...world.store.ledger, lookAtList: down, headers: down } }),
  )
  expect(await takeTurns(work, message(id))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] })
  await world.takeTurns()
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
})

test('a list of which Genesys refuses parts says why in their results, and the commonest reason in its failure', async () => {
  const { world, id, lacking, parts } = await begunWorld()
  const refusal = (message: string, times: number) => ({
    match: { method: 'POST', path: BATCH_PATH },
    do: { status: 400, body: { code: 'bad.request', status: 400, message } },
    times,
  })
  world.org.addFaults([refusal('a seat is missing', 1), refusal('the license has lapsed', 2)])
  await world.takeTurns()
  await world.rest()
  const { state, failure } = await world.records().change(id)
  expect([state, world.posts()]).toEqual(['PARTIAL', parts])
  expect(failure?.message).toMatch(
    new RegExp(`${3 * 95} not applied.*\\. The commonest reason: .*: the license has lapsed$`),
  )
  const { entities } = await world
    .records()
    .results(id, { limit: 500, cursor: undefined, outcome: 'not.applied' })
  const saying = (why: string) => entities.filter(({ result }) => result?.endsWith(why)).length
  expect([saying('a seat is missing'), saying('the license has lapsed')]).toEqual([95, 190])
  expect(entities.every(({ result }) => result?.startsWith('NOT_APPLIED: '))).toBe(true)
  expect(lacking).toBeGreaterThan(3 * 95)
})

const ledgerDown = () =>
  Promise.reject(new GatewayError('ledger.unavailable', 'The ledger is down', { retryAfterSeconds: 5 }))

test.each([
  ['before its turn begins', (world: ChangeWorld) => ({ ...world.store.ledger, lookAtList: ledgerDown })],
  ['in the middle of its turn', (world: ChangeWorld) => ({ ...world.store.ledger, part: ledgerDown })],
])(
  'a list is not given up for an outage that was foreseen, %s: each third delivery does its part (D29)',
  async (_, downOf) => {
    const { world, id } = await begunWorld()
    const down = workOf(world, () => world.bench({ ledger: downOf(world) }))
    for (let round = 1; round <= 4; round++) {
      for (const receives of [1, 2]) {
        const answer = await takeTurns(down, message(id, receives))
        expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] })
        world.clock.advance(MINUTE_MS)
      }
      expect(await takeTurns(workOf(world), message(id, 3))).toEqual({ batchItemFailures: [] })
      const { list } = await headerOf(world, id)
      expect([list?.next, list?.failing, list?.stopped]).toEqual([round, undefined, undefined])
      world.clock.advance(6 * MINUTE_MS)
    }
    expect(world.left.join()).not.toContain('did not end')
  },
)

/** A turn that is handed on again and again while its function dies at something of the ledger. @returns how often it died. */
async function dieAt(world: ChangeWorld, id: string, member: 'part' | 'evidence' | 'order'): Promise<number> {
  for (let receives = 1; receives <= 15; receives++) {
    const death = Promise.withResolvers<'died'>()
    const die = () => {
      death.resolve('died')
      return new Promise<never>(() => {})
    }
    const dying = member === 'order' ? () => ({ [Symbol.asyncIterator]: () => ({ next: die }) }) : die
    const bench = () => world.bench({ ledger: { ...world.store.ledger, [member]: dying } })
    const turn = takeTurns(workOf(world, bench), message(id, receives)).then(() => 'answered' as const)
    if ((await Promise.race([turn, death.promise])) === 'answered') return receives - 1
    world.clock.advance(MINUTE_MS)
  }
  throw new Error('the turn was never put off')
}

test('a part whose functions die is put off after two deaths each time, and the list is given up at the fourth time (D29)', async () => {
  const { world, id } = await begunWorld()
  await world.takeTurns(1)
  for (let round = 1; round <= 3; round++) {
    expect(await dieAt(world, id, 'part')).toBe(2)
    expect((await headerOf(world, id)).list).toMatchObject({ next: 1, failing: { unforeseen: round } })
    world.clock.advance(4 * MINUTE_MS)
  }
  expect(await dieAt(world, id, 'part')).toBe(1)
  await world.rest()
  const ended = await world.records().change(id)
  expect(ended).toMatchObject({ state: 'PARTIAL', list: { begun: 1, stopped: { why: 'failing' } } })
})

test.each(['taken back', 'planned'] as const)(
  'a list that is to be %s, and whose functions die at it, is put off after two deaths each time, ever longer, and done once all is well',
  async (what) => {
    const world = await changeWorld({ org: { users: USERS } })
    const ids = world.org.people(USERS).map(({ id }) => id)
    const order = { ...assigning(giving(ids)), revertAfter: 'PT1H' }
    let id: string
    if (what === 'taken back') {
      ;({ id } = (await world.plans().plan(order)).value)
      await world.changes(keyed('apply')).apply(id, (await headerOf(world, id)).digest)
      await world.takeTurns()
      world.clock.advance(61 * MINUTE_MS)
    } else {
      const rows = ['wallboardUser', 'gc1WEMupgrade', 'gc2WEMupgrade', 'gcSTAupgrade'].flatMap((license) =>
        ids.map((each) => `${each},${license},add`),
      )
      const csv = ['user,license,action', ...rows].join('\n')
      ;({ id } = (await world.plans().planFile(Buffer.from(csv), {})).value)
      world.clock.advance(MINUTE_MS)
      await world.tick()
      await world.read()
      world.clock.advance(MINUTE_MS)
    }
    const { state } = await headerOf(world, id)
    const waitsMs: number[] = []
    for (let round = 1; round <= 4; round++) {
      await world.tick()
      world.loseTurns()
      expect(await dieAt(world, id, what === 'planned' ? 'order' : 'evidence')).toBe(2)
      const { state: standing, dueAtMs = 0 } = await headerOf(world, id)
      expect(standing).toBe(state)
      waitsMs.push(dueAtMs - world.clock.nowMs())
      world.clock.advance(Math.max(0, dueAtMs - world.clock.nowMs()))
    }
    expect(waitsMs[0]).toBeGreaterThan(0)
    expect(waitsMs[3]).toBeGreaterThan(3 * MINUTE_MS)
    await takeTurn(world.bench(), id)
    const { state: end, revert } = await headerOf(world, id)
    if (what === 'planned') expect(end).not.toBe('PLANNING')
    else expect(revert?.changeId).toBeDefined()
  },
)
