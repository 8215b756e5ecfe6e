/** What nobody waits for with a retry of their own is given back when something that passes failed it. */
import { describe, expect, it } from 'vitest'
import {
  BATCH_PATH,
  giving,
  hasWallboard,
  OFF,
  toggle,
  togglePath,
  userAt,
} from '../../support/changes/change-orders.ts'
import { BO, type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const HOUR_MS = 3_600_000
const busy = (path: string, times = 1) => ({
  match: { method: 'POST', path },
  times,
  do: {
    status: 429,
    headers: { 'Retry-After': '90' },
    body: { code: 'too.many.requests.retry.after', message: '' },
  },
})
const statesOf = async (world: ChangeWorld, id: string) =>
  (await headerOf(world, id)).history.map(({ state }) => state)

describe('a failure that passes', () => {
  it('spends neither a plan that was applied nor its one effective POST', async () => {
    const world = await changeWorld()
    const ana = userAt(world, 0)
    const plan = await world.plans().plan({ kind: 'assignments', ...giving([ana]) })
    world.org.addFaults([busy(BATCH_PATH)])
    const { value } = await world.changes({ idempotencyKey: 'a1' }).apply(plan.value.id, plan.value.digest)
    expect(value.state).toBe('PLANNED')
    expect(value.history.at(-1)?.note).toMatch(/^Genesys refused it: .*; tried again at 2026-11-15T12:01:30/)
    expect(hasWallboard(world, ana)).toBe(false)
    await world.rest()
    expect(await statesOf(world, value.id)).toEqual([
      'PLANNED',
      'PLANNED',
      'CLAIMED',
      'SENT',
      'PLANNED',
      'CLAIMED',
      'SENT',
      'APPLIED',
    ])
    expect(hasWallboard(world, ana)).toBe(true)
  })

  it('does not cost an approval', async () => {
    const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
    const asked = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
    world.org.addFaults([busy(togglePath())])
    const { value } = await world.changes({ actor: BO }).approve(asked.value.id, asked.value.digest)
    expect(value.state).toBe('APPROVED')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.org.truth().toggles[OFF]).toBe(true)
  })

  it('does not keep a planned revert from coming', async () => {
    const world = await changeWorld()
    await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    world.org.addFaults([{ ...busy(togglePath(), 2) }])
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })

  it('does not keep a change from its later time', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: '2026-11-15T13:00:00Z' })
    world.org.addFaults([busy(togglePath())])
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
  })

  it('ends as FAILED where it does not pass in time', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: '2026-11-15T13:00:00Z' })
    world.org.addFaults([busy(togglePath(), 1_000)])
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('FAILED')
    expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Failed'])
  })
})

it('refuses to apply or approve what should have been taken back already', async () => {
  const world = await changeWorld({ approvals: [{ toggles: [OFF] }] })
  const order = { ...toggle(true), revertAt: '2026-11-15T13:00:00Z' }
  const { value } = await world.changes({ idempotencyKey: 'k1' }).request(order)
  world.clock.advance(HOUR_MS)
  await expect(world.changes({ actor: BO }).approve(value.id, value.digest)).rejects.toMatchObject({
    code: 'change.state.conflict',
    message: expect.stringContaining('passed already'),
  })
  expect(world.posts()).toBe(0)
})

describe('what others have done since', () => {
  it('is left alone by a planned revert, even where the value is the same again', async () => {
    const world = await changeWorld()
    const first = await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    const undo = await world.changes({ idempotencyKey: 'u1' }).undo(first.value.id)
    await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(true))
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(true)
    expect(world.posts()).toBe(3)
    // What was undone before has nothing left to go back.
    expect((await headerOf(world, first.value.id)).revert?.changeId).toBe(undo.value.id)
  })

  it('is left alone where they asked for what held already', async () => {
    const world = await changeWorld()
    await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    const second = await world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(true))
    expect(second.value.state).toBe('NOOP')
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(true)
  })

  it('does not count where nothing came of it', async () => {
    const world = await changeWorld()
    await world.changes().request({ ...toggle(true), revertAfter: 'PT1H' })
    world.org.addFaults([
      { match: { method: 'GET', path: togglePath() }, skip: 1, times: 3, do: { status: 503 } },
    ])
    await expect(
      world.changes({ actor: BO, idempotencyKey: 'k2' }).request(toggle(false)),
    ).rejects.toMatchObject({ code: 'upstream.unavailable' })
    await world.rest()
    expect(world.org.truth().toggles[OFF]).toBe(false)
  })
})

it('says unknown of what has not been seen yet', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
  const { value } = await world.changes().request(toggle(true))
  expect(value).toMatchObject({ state: 'UNKNOWN', results: [{ outcome: 'unknown' }] })
})
