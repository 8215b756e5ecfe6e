/** People changed meanwhile: what others have done between a reading and a plan, and between a plan and whoever decides about it. */
import { expect, test } from 'vitest'
import {
  assigning,
  byHand,
  giving,
  hasWallboard,
  taking,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const MINUTE_MS = 60_000
const OTHER = 'agentAssistLicense'
const READ_AT = '2026-11-15T12:00:00.000Z'

const keyed = (idempotencyKey: string, actor?: typeof BO) => ({
  operation: 'test',
  idempotencyKey,
  ...(actor && { actor }),
})

async function readWorld(options: Parameters<typeof changeWorld>[0] = {}) {
  const world = await changeWorld(options)
  await world.read()
  world.clock.advance(MINUTE_MS)
  return world
}

async function shown(world: ChangeWorld, changeId: string) {
  const { findings, digest } = await world.records().change(changeId)
  return { changedSince: findings?.changedSince, digest }
}

test('a plan names of its people those whose licenses somebody has changed in Genesys since the last reading', async () => {
  const world = await readWorld()
  const [one, two, three] = [userAt(world, 0), userAt(world, 1), userAt(world, 3)]
  await byHand(world).assign(giving([one], OTHER))
  await world.changes(keyed('k1')).request(assigning(giving([two], OTHER)))
  world.clock.advance(MINUTE_MS)
  const order = assigning(giving([one, two, three]))
  const { value } = await world.plans(keyed('p1')).plan(order)
  expect(value.findings?.changedOutside).toEqual({
    isKnown: true,
    asOf: READ_AT,
    users: 1,
    people: [{ userId: one, given: [OTHER], taken: [] }],
  })
  // It is under the digest: where somebody else was changed, another plan is confirmed.
  await byHand(world).assign(taking([one], OTHER))
  const { value: again } = await world.plans(keyed('p2')).plan(order)
  expect(again.findings?.changedOutside).toMatchObject({ isKnown: true, users: 0, people: [] })
  expect(again.digest).not.toBe(value.digest)
})

test('where nobody has read yet who holds what, it is not known; a plan of one pair looks only while it waits', async () => {
  const world = await changeWorld()
  const { value } = await world
    .plans(keyed('p1'))
    .plan(assigning(giving([userAt(world, 0), userAt(world, 1)])))
  expect(value.findings?.changedOutside).toEqual({ isKnown: false, people: [] })
  expect((await shown(world, value.id)).changedSince).toEqual({ isKnown: false, people: [] })
  const { value: single } = await world.plans(keyed('p2')).plan(assigning(giving([userAt(world, 0)])))
  expect(single.findings?.changedOutside).toBeUndefined()
  expect((await shown(world, single.id)).changedSince).toEqual({ isKnown: false, people: [] })
})

test('an approver of one pair, too, is told that others have changed it since it was planned', async () => {
  const world = await readWorld({ approvals: [{ licenses: [WALLBOARD] }] })
  const one = userAt(world, 0)
  const { value } = await world.plans(keyed('p1')).plan(assigning(giving([one])))
  expect([value.state, value.findings?.changedSince]).toEqual(['AWAITING_APPROVAL', undefined])
  world.clock.advance(MINUTE_MS)
  await byHand(world).assign(giving([one]))
  await world.read()
  expect(await shown(world, value.id)).toEqual({
    digest: value.digest,
    changedSince: {
      isKnown: true,
      asOf: '2026-11-15T12:02:00.000Z',
      users: 1,
      people: [{ userId: one, given: [WALLBOARD], taken: [] }],
    },
  })
})

test('a plan that waits names whom others have changed since: through the gateway at once, in Genesys by the next reading', async () => {
  const world = await readWorld({ approvals: [{ peopleOver: 2 }] })
  const [one, two, three] = [userAt(world, 0), userAt(world, 1), userAt(world, 3)]
  const { value } = await world.plans(keyed('p1')).plan(assigning(giving([one, two, three])))
  expect(value.state).toBe('AWAITING_APPROVAL')
  expect((await shown(world, value.id)).changedSince).toEqual({ isKnown: false, asOf: READ_AT, people: [] })
  world.clock.advance(MINUTE_MS)
  await world.changes(keyed('k1')).request(assigning(giving([two])))
  expect((await shown(world, value.id)).changedSince).toEqual({
    isKnown: false,
    asOf: READ_AT,
    users: 1,
    people: [{ userId: two, given: [WALLBOARD], taken: [] }],
  })
  await byHand(world).assign(giving([one]))
  world.clock.advance(MINUTE_MS)
  await world.read()
  const { changedSince, digest } = await shown(world, value.id)
  expect(changedSince).toMatchObject({ isKnown: true, users: 2 })
  expect(changedSince?.people.map(({ userId }) => userId).sort()).toEqual([one, two].sort())
  expect(digest).toBe(value.digest)
  const { value: done } = await world.changes(keyed('a1', BO)).approve(value.id, digest)
  expect(done.findings?.changedSince).toBeUndefined()
})

test('what is planned from a reading of its own names whom that one shows otherwise than the one before', async () => {
  const world = await readWorld()
  const [one, two] = [userAt(world, 0), userAt(world, 1)]
  await byHand(world).assign(giving([one], OTHER))
  await world.changes(keyed('k1')).request(assigning(giving([two], OTHER)))
  const people = { [one]: [WALLBOARD], [two]: [WALLBOARD] }
  const { value } = await world.plans(keyed('p1')).plan({ kind: 'desired', people, mode: 'exact' })
  expect(value.state).toBe('PLANNING')
  world.clock.advance(MINUTE_MS)
  await world.tick()
  await world.read()
  world.clock.advance(MINUTE_MS)
  await world.tick()
  await world.takeTurns()
  expect((await headerOf(world, value.id)).state).toBe('PLANNED')
  expect((await world.records().change(value.id)).findings).toMatchObject({
    changedOutside: {
      isKnown: true,
      asOf: READ_AT,
      users: 1,
      people: [{ userId: one, given: [OTHER], taken: [] }],
    },
    changedSince: { isKnown: false, people: [] },
  })
})

test('the seats of a list that waits are counted anew, and who was changed is found among its pairs', async () => {
  const world = await readWorld({
    org: { users: 520 },
    policy: { licenses: { [WALLBOARD]: { seats: 600 } } },
  })
  const ids = world.org.people(520).map(({ id }) => id)
  const lacking = ids.filter((id) => !hasWallboard(world, id))
  const [first = ''] = lacking
  const { value } = await world.plans(keyed('p1')).plan(assigning(giving(ids)))
  const before = value.findings?.seats?.[0]
  expect(before).toMatchObject({ taken: 520 - lacking.length, after: 520 })
  world.clock.advance(MINUTE_MS)
  await world.changes(keyed('k1')).request(assigning(giving([first])))
  expect((await world.records().change(value.id)).findings).toMatchObject({
    seats: [{ taken: 520 - lacking.length + 1, after: 520 }],
    changedSince: { users: 1, people: [{ userId: first, given: [WALLBOARD], taken: [] }] },
  })
})

test('a plan that is asked for again under its key is told with its seats counted anew and whom others have changed since', async () => {
  const world = await readWorld({ policy: { licenses: { [WALLBOARD]: { seats: 600 } } } })
  const [one, two] = [userAt(world, 0), userAt(world, 1)]
  const order = assigning(giving([one, two]))
  const { value } = await world.plans(keyed('p1')).plan(order)
  const [before] = value.findings?.seats ?? []
  world.clock.advance(MINUTE_MS)
  await world.changes(keyed('k1')).request(assigning(giving([two])))
  const { value: again, isReplay } = await world.plans(keyed('p1')).plan(order)
  expect(isReplay).toBe(true)
  expect(again.findings?.changedSince).toMatchObject({ users: 1, people: [{ userId: two }] })
  expect(again.findings?.seats).toMatchObject([{ taken: (before?.taken ?? 0) + 1, after: before?.after }])
  expect(again).toEqual(await world.records().change(value.id))
})
