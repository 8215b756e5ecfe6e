/** The same request many times at once. */
import { expect, it } from 'vitest'
import { leaveLock } from '../../../support/changes/change-orders.ts'
import { ANA, allChanges, type ChangeWorld, changeWorld } from '../../../support/changes/change-world.ts'
import { isHeaderPut } from '../../../support/ledger/ledger.ts'
import { benchBehind } from '../gate.ts'
import { sharedTime } from '../shared-time.ts'
import { deliverOften } from './deliver-often.ts'

const OFF = 'concurrentLicensing'
const KEYED = { actor: ANA, operation: 'test', idempotencyKey: 'k1' } as const

const REQUESTS = 50
/** The first few are the dangerous ones; `npm run soak` has ten times as many. */
const DELIVERIES = 1_000

/** A container's bench, on a clock that goes on while all are asleep. */
function benches(world: ChangeWorld) {
  const { clock, gate } = sharedTime(world)
  return () => benchBehind(world, gate, { clock })
}

it('(E02) 50 requests of one key at once are one change and one POST, and each is told of that change', async () => {
  const world = await changeWorld()
  const benchOf = benches(world)
  const order = { kind: 'toggle', featureName: OFF, enabled: true } as const
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, () => world.changes(KEYED, benchOf()).request(order)),
  )
  const [change] = await allChanges(world)
  expect(await allChanges(world)).toHaveLength(1)
  expect(world.posts()).toBe(1)
  expect(world.org.truth().toggles[OFF]).toBe(true)
  expect(new Set(answers.map(({ value }) => `${value.id} ${value.state}`))).toEqual(
    new Set([`${change?.id} APPLIED`]),
  )
  expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
})

it('of several requests of one key at once, and of several plans, the one that is on record is logged as planned', async () => {
  const world = await changeWorld()
  const benchOf = benches(world)
  const order = { kind: 'toggle', featureName: OFF, enabled: true } as const
  await Promise.all(Array.from({ length: 4 }, () => world.changes(KEYED, benchOf()).request(order)))
  const planKey = { ...KEYED, operation: 'plan' }
  await Promise.all(Array.from({ length: 4 }, () => world.plans(planKey, benchOf()).plan(order)))
  const made = await allChanges(world)
  expect(made).toHaveLength(2)
  const logged = world.moves.filter(({ version }) => version === 1).map(({ id }) => id)
  expect(logged.sort()).toEqual(made.map(({ id }) => id).sort())
})

it('a change of which nobody could know whether it stands is logged, since it may', async () => {
  const world = await changeWorld()
  const { faults } = world.store
  faults.failNext(isHeaderPut, 'drop.answer', 3)
  faults.failNext(({ action }) => action === 'GetItem' && faults.calls.some(isHeaderPut), 'outage', 3)
  const order = { kind: 'toggle', featureName: OFF, enabled: true } as const
  await world
    .changes(KEYED)
    .request(order)
    .catch(() => undefined)
  await faults.heal()
  const [change] = await allChanges(world)
  const logged = world.moves.map(({ id, state }) => [id, state])
  expect(logged).toEqual([[change?.id, 'SENT']])
})

it('(E02) 50 batches of one key at once are one change and one POST, and each is told what became of it', async () => {
  const world = await changeWorld()
  const benchOf = benches(world)
  const people = world.org.people(3).map(({ id }) => id)
  const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: people, userIdsRemove: [] }]
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, () => world.changes(KEYED, benchOf()).assign({ assignments })),
  )
  const [change] = await allChanges(world)
  expect(await allChanges(world)).toHaveLength(1)
  expect(world.posts()).toBe(1)
  for (const { changeId, value } of answers) {
    expect(changeId).toBe(change?.id)
    expect(value).toEqual(answers[0]?.value)
    expect(value.map(({ outcome }) => outcome)).not.toContain('not.applied')
  }
  expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1)
})

it('a request overtaken by another of its key, which has failed meanwhile, is told of that failure', async () => {
  const world = await changeWorld()
  const order = { kind: 'toggle', featureName: OFF, enabled: true } as const
  const path = `/api/v2/license/toggles/${OFF}`
  await leaveLock(world)
  // Both plans can read it; under the lock it cannot be read.
  world.org.addFaults([{ match: { method: 'GET', path }, skip: 2, times: 3, do: { status: 503 } }])
  const overtaking = async () => {
    await expect(world.changes(KEYED).request(order)).rejects.toMatchObject({ code: 'upstream.unavailable' })
  }
  const bench = benchBehind(world, async (call, carryOut) => {
    if (call.puts?.state === 'PLANNED') await overtaking()
    return await carryOut()
  })
  await expect(world.changes(KEYED, bench).request(order)).rejects.toMatchObject({
    code: 'upstream.unavailable',
  })
  expect(await allChanges(world)).toHaveLength(1)
})

it('(F04, G02) 1,000 deliveries of one toggle event are one change and one POST', async () => {
  await deliverOften(await changeWorld(), DELIVERIES)
})
