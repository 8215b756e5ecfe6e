/** Groups D, E and F of the fault catalogue: the process ends in the middle of a change, and the tick finishes it. */
import { describe, expect, it } from 'vitest'
import {
  assigning,
  crashingAt,
  giving,
  hasWallboard,
  leaveLock,
  OFF,
  toggle,
  userAt,
  WALLBOARD,
} from '../../support/changes/change-orders.ts'
import { allChanges, changeWorld } from '../../support/changes/change-world.ts'
import { Crash } from '../../support/ledger/ledger.ts'

async function onlyChange(world: Parameters<typeof allChanges>[0]) {
  const changes = await allChanges(world)
  expect(changes).toHaveLength(1)
  return changes[0]
}

describe('a toggle that is asked for directly, and whose process ends (K03)', () => {
  it('(F22) before the permit: nothing is on record, nothing was sent, and the next request does it', async () => {
    const world = await changeWorld()
    const caller = { idempotencyKey: 'k1' }
    const crashing = crashingAt(world, 'SENT', 'before')
    await expect(world.changes(caller, crashing).request(toggle(true))).rejects.toThrow(Crash)
    await world.rest()
    expect([await allChanges(world), world.posts(), world.told]).toEqual([[], 0, []])
    const { value, isReplay } = await world.changes(caller).request(toggle(true))
    expect([value.state, isReplay, world.posts()]).toEqual(['APPLIED', false, 1])
  })

  it.each([
    ['(F23) between the permit and the POST', 'SENT', 'after', 'NEEDS_ATTENTION', 0],
    ['(F24) between the POST and the record of it', 'APPLIED', 'before', 'APPLIED', 1],
  ] as const)('%s', async (_, state, when, ends, posts) => {
    const world = await changeWorld()
    const changes = world.changes({ idempotencyKey: 'k1' }, crashingAt(world, state, when))
    await expect(changes.request(toggle(true))).rejects.toThrow(Crash)
    await world.rest()
    expect(await onlyChange(world)).toMatchObject({ state: ends })
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([posts, posts === 1])
    expect(world.told).toHaveLength(1)
  })
})

describe('a toggle that is planned and claimed, and whose process ends (K03)', () => {
  it.each([
    ['(F22) before the claim', 'CLAIMED', 'before', 'APPLIED', 1],
    ['(F22) after the claim', 'CLAIMED', 'after', 'APPLIED', 1],
    ['(F22) before the permit', 'SENT', 'before', 'APPLIED', 1],
    ['(F23) between the permit and the POST', 'SENT', 'after', 'NEEDS_ATTENTION', 0],
    ['(F24) between the POST and the record of it', 'APPLIED', 'before', 'APPLIED', 1],
    ['after the record, before the event', 'APPLIED', 'after', 'APPLIED', 1],
  ] as const)('%s', async (_, state, when, ends, posts) => {
    const world = await changeWorld()
    await leaveLock(world)
    const caller = { idempotencyKey: 'k1' }
    await expect(world.changes(caller, crashingAt(world, state, when)).request(toggle(true))).rejects.toThrow(
      Crash,
    )
    await world.rest()
    expect(await onlyChange(world)).toMatchObject({ state: ends })
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([posts, posts === 1])
    expect(world.told).toHaveLength(1)
    const { value } = await world.changes(caller).request(toggle(true))
    expect([value.state, world.posts()]).toEqual([ends, posts])
  })

  it('(E12) a repeat before the lease has lapsed starts nothing', async () => {
    const world = await changeWorld()
    await leaveLock(world)
    const caller = { idempotencyKey: 'k1' }
    await world
      .changes(caller, crashingAt(world, 'CLAIMED', 'after'))
      .request(toggle(true))
      .catch(() => {})
    const { value, isReplay } = await world.changes(caller).request(toggle(true))
    expect([value.state, isReplay, world.posts()]).toEqual(['CLAIMED', true, 0])
  })
})

describe('assignments whose process ends (K03)', () => {
  it.each([
    ['before the permit', 'SENT', 'before', 1],
    ['(F23) between the permit and the POST: permitted once more after the quiet period', 'SENT', 'after', 1],
    ['(D24) between the POST and the record of it: not sent again', 'APPLIED', 'before', 1],
  ] as const)('%s', async (_, state, when, posts) => {
    const world = await changeWorld()
    const user = userAt(world, 0)
    await leaveLock(world, { licenseId: WALLBOARD, userId: user, desired: true })
    await expect(
      world.changes({}, crashingAt(world, state, when)).request(assigning(giving([user]))),
    ).rejects.toThrow(Crash)
    await world.rest()
    expect(await onlyChange(world)).toMatchObject({ state: 'APPLIED' })
    expect([world.posts(), hasWallboard(world, user)]).toEqual([posts, true])
  })
})
