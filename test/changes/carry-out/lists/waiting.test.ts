/** Lists that wait: for writes to be resumed, for Genesys, and past a time that was named for them. */
import { expect, test } from 'vitest'
import {
  assigning,
  BATCH_PATH,
  byHand,
  giving,
  hasWallboard,
} from '../../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../../support/changes/change-world.ts'
import { pause, resume } from '../../../support/changes/write-switch.ts'

const USERS = 505
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const keyed = (what: string) => ({ operation: what, idempotencyKey: `${what}-1` })

async function plannedWorld(options: Parameters<typeof changeWorld>[0] = {}, times = {}) {
  const world = await changeWorld({ ...options, org: { users: USERS } })
  const ids = world.org.people(USERS).map(({ id }) => id)
  const { value } = await world.plans().plan({ ...assigning(giving(ids)), ...times })
  const apply = () => world.changes(keyed('apply')).apply(value.id, value.digest)
  const lacking = () => ids.filter((id) => !hasWallboard(world, id))
  return { world, plan: value, id: value.id, apply, lacking }
}

/** As the stack, a tick a minute with the turns that it asks for, or less often where that shows as much. */
async function pass(world: ChangeWorld, ms: number): Promise<void> {
  const stepMs = ms > 5 * MINUTE_MS ? 10 * MINUTE_MS : MINUTE_MS
  for (let passed = 0; passed < ms; passed += stepMs) {
    world.clock.advance(stepMs)
    await world.tick()
    await world.takeTurns()
  }
}

const writesPaused = { by: { person: 'bo' }, reason: 'Genesys is being moved' }

test('a list under way holds still while writes are paused, says so, and goes on within a minute of their being resumed', async () => {
  const { world, id, apply, lacking } = await plannedWorld()
  await apply()
  await world.takeTurns(2)
  await pause(world)
  const held = lacking().length
  await pass(world, 20 * MINUTE_MS)
  expect([world.posts(), lacking().length]).toEqual([2, held])
  expect(await world.records().change(id)).toMatchObject({ state: 'RUNNING', writesPaused })

  await resume(world)
  // Its turn was lost, and no tick has come since.
  world.clock.advance(90 * MINUTE_MS)
  const { writesPaused: none, waits, list } = await world.records().change(id)
  expect([none, waits?.why, list?.endEstimatedAt]).toEqual([undefined, 'turn', undefined])
  await pass(world, MINUTE_MS)
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
  expect(lacking()).toEqual([])
})

test('a list that is applied while writes are paused begins within a minute of their being resumed', async () => {
  const { world, id, apply, lacking } = await plannedWorld()
  await pause(world)
  const { value } = await apply()
  expect(value).toMatchObject({ state: 'PLANNED', isReleased: true, writesPaused })
  await pass(world, HOUR_MS)
  expect(world.posts()).toBe(0)
  await resume(world)
  await pass(world, MINUTE_MS)
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
  expect(lacking()).toEqual([])
})

test('a part that begins hours after its list was applied has all of its time, and so has one that Genesys keeps waiting', async () => {
  const { world, id, apply, lacking } = await plannedWorld()
  await apply()
  await world.takeTurns(1)
  await world.records(keyed('pause')).pause(id)
  world.clock.advance(10 * HOUR_MS)
  await world.changes(keyed('resume')).resume(id)
  const storm = { match: { method: 'POST', path: BATCH_PATH }, do: { status: 429 } }
  world.org.addFaults([{ ...storm, times: 1_000_000 }])
  await world.takeTurns(1)
  const [open] = (await headerOf(world, id)).list?.open ?? []
  expect(open).toBe(1)
  await pass(world, 40 * MINUTE_MS)
  world.org.clearFaults()
  await pass(world, HOUR_MS)
  expect(await world.records().change(id)).toMatchObject({ state: 'APPLIED' })
  expect(lacking()).toEqual([])
})

test('a list begins no part past the time that was named for it, and says what it did by then', async () => {
  const notAfter = '2026-11-15T14:00:00.000Z'
  const { world, id, apply } = await plannedWorld({}, { notAfter })
  await apply()
  await world.takeTurns(2)
  await pause(world)
  await pass(world, 2 * HOUR_MS)
  await resume(world)
  await pass(world, MINUTE_MS)
  expect(world.posts()).toBe(2)
  expect(await world.records().change(id)).toMatchObject({
    state: 'PARTIAL',
    list: { begun: 2, stopped: { why: 'late', by: 'gateway' } },
    failure: { message: expect.stringContaining('stopped, since the time named for it was up: 190 applied') },
  })
})

test('an undo of a list takes as long as it takes: nobody has named a time for it', async () => {
  const { world, id, apply, lacking } = await plannedWorld()
  const before = lacking()
  await apply()
  await world.takeTurns()
  const undone = await world.changes(keyed('undo')).undo(id, { confirmPeople: before.length })
  await world.takeTurns(1)
  await pause(world)
  await pass(world, HOUR_MS)
  await resume(world)
  await pass(world, MINUTE_MS)
  expect(await world.records({ actor: BO }).change(undone.value.id)).toMatchObject({ state: 'APPLIED' })
  expect(lacking()).toEqual(before)
})

const waitsOf = async (world: ChangeWorld, id: string) => (await world.records().change(id)).waits
const isoIn = (world: ChangeWorld, ms: number) => new Date(world.clock.nowMs() + ms).toISOString()
const fail = (
  world: ChangeWorld,
  action: Parameters<ChangeWorld['org']['addFaults']>[0][0]['do'],
  times = 1,
) => world.org.addFaults([{ match: { method: 'POST', path: BATCH_PATH }, times, do: action }])

test('what waits for its time, or is tried again, says until when and why', async () => {
  const world = await changeWorld()
  const [ana = ''] = world.org.people(1).map(({ id }) => id)
  const notBefore = isoIn(world, HOUR_MS)
  const { value: later } = await world.plans(keyed('later')).plan({ ...assigning(giving([ana])), notBefore })
  expect(later.waits).toBeUndefined()
  await world.changes(keyed('apply later')).apply(later.id, later.digest)
  expect(await waitsOf(world, later.id)).toEqual({
    why: 'time',
    until: notBefore,
    says: `It begins at ${notBefore}`,
  })
  const { value: plan } = await world.plans(keyed('plan')).plan(assigning(giving([ana], 'cloudCX3')))
  fail(world, { status: 429 }, 9)
  await world.changes(keyed('apply')).apply(plan.id, plan.digest)
  const { retryAt, waits } = await world.records().change(plan.id)
  expect(retryAt).toMatch(/^2026-/)
  expect(waits).toEqual({
    why: 'retry',
    until: retryAt,
    says: `It is tried again at ${retryAt}: Genesys took no more requests`,
  })
})

test('a list says what its next part waits for', async () => {
  const { world, id, apply } = await plannedWorld()
  await apply()
  await world.takeTurns(1)
  expect(await waitsOf(world, id)).toBeUndefined()
  await pause(world)
  await world.takeTurns(1)
  expect((await waitsOf(world, id))?.why).toBe('writes.paused')
  await resume(world)
  const until = isoIn(world, MINUTE_MS / 2)
  expect(await waitsOf(world, id)).toEqual({ why: 'pace', until, says: `Its next part begins at ${until}` })
  world.clock.advance(MINUTE_MS / 2)

  const ids = world.org.people(USERS).map((each) => each.id)
  const others = ['cloudCX1', 'cloudCX2'].map((licenseId) => assigning(giving(ids, licenseId)))
  const begin = async (order: (typeof others)[number]) => {
    const { value } = await world.plans(keyed(JSON.stringify(order).slice(0, 60))).plan(order)
    await world.changes(keyed(value.id)).apply(value.id, value.digest)
    return value.id
  }
  const begun: string[] = []
  for (const [order, words] of [
    [others[0], 'another list'],
    [others[1], '2 other lists'],
  ] as const) {
    if (order) begun.push(await begin(order))
    expect(await waitsOf(world, id)).toEqual({
      why: 'other.lists',
      says: `Its parts take turns with those of ${words}`,
    })
  }
  for (const each of begun) await world.records(keyed(`cancel-${each}`)).cancel(each)
})

test('a list of which all parts have begun says what those wait for that have not settled', async () => {
  const world = await changeWorld({ org: { users: USERS } })
  const ids = world.org.people(USERS).map((each) => each.id)
  const rest = ids.filter((each) => !hasWallboard(world, each)).slice(3)
  await byHand(world).assign(giving(rest.slice(0, 400)))
  await byHand(world).assign(giving(rest.slice(400)))
  const { value } = await world.plans().plan(assigning(giving(ids)))
  await world.changes(keyed('apply')).apply(value.id, value.digest)
  // Its one part that gives something is turned away, and the others read what holds already.
  fail(world, { status: 429 })
  await world.takeTurns()
  const { list, waits } = await world.records().change(value.id)
  expect(list).toMatchObject({ underWay: 1, begun: list?.parts })
  expect(waits).toEqual({
    why: 'retry',
    until: expect.stringMatching(/^2026-/),
    says: `What of it has not come about is tried again at ${waits?.until}`,
  })
  fail(world, { applyThenReset: true })
  world.clock.advance(Date.parse(waits?.until ?? '') - world.clock.nowMs())
  await world.tick()
  const settling = await waitsOf(world, value.id)
  expect(settling).toEqual({
    why: 'settling',
    until: expect.stringMatching(/^2026-/),
    says: `What was sent last is read back once nothing of it can land any more; not before ${settling?.until}`,
  })
  world.clock.advance(Date.parse(settling?.until ?? '') - world.clock.nowMs())
  expect((await waitsOf(world, value.id))?.says).toMatch(/until when is not known$/)
  await world.rest()
  expect(await world.records().change(value.id)).toMatchObject({ state: 'APPLIED', waits: undefined })
})
