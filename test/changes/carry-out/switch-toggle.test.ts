/** The license operation that switches a toggle and names no value, with a key and without. */
import { describe, expect, it } from 'vitest'
import { beforeRequest, benchOn, isPost, OFF, ON, toggle } from '../../support/changes/change-orders.ts'
import { allChanges, BO, changeWorld } from '../../support/changes/change-world.ts'

const MINUTE_MS = 60_000

describe('switching a toggle', () => {
  it.each([
    [OFF, true],
    [ON, false],
  ])('brings %s to the opposite of what was read', async (featureName, enabled) => {
    const world = await changeWorld()
    const { value, isReplay } = await world.changes().switchToggle(featureName)
    expect([value, isReplay]).toEqual([{ featureName, enabled }, false])
    expect(await allChanges(world)).toMatchObject([{ state: 'APPLIED', subject: { featureName, enabled } }])
  })

  it('answers what holds where toggles have no effect', async () => {
    const world = await changeWorld({ org: { toggles: 'current' } })
    const { value } = await world.changes().switchToggle(OFF)
    expect(value).toEqual({ featureName: OFF, enabled: true })
    expect(await allChanges(world)).toMatchObject([{ state: 'NO_EFFECT' }])
  })
})

describe('a repeat without a key', () => {
  it('within two minutes answers the first one’s result and opens no other change', async () => {
    const world = await changeWorld()
    const first = await world.changes().switchToggle(OFF)
    world.clock.advance(2 * MINUTE_MS - 1_000)
    expect(await world.changes().switchToggle(OFF)).toEqual({ ...first, isReplay: true })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([1, 1])
  })

  it('after two minutes is a new request', async () => {
    const world = await changeWorld()
    await world.changes().switchToggle(OFF)
    world.clock.advance(2 * MINUTE_MS)
    const { value, isReplay } = await world.changes().switchToggle(OFF)
    expect([value.enabled, isReplay, world.posts()]).toEqual([false, false, 2])
  })

  it('while the first is open is that one, however long it takes', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const ask = () => world.changes().switchToggle(OFF)
    await expect(ask()).rejects.toMatchObject({ code: 'outcome.unknown', status: 409 })
    world.clock.advance(10 * MINUTE_MS)
    await expect(ask()).rejects.toMatchObject({ code: 'outcome.unknown' })
    expect([world.posts(), (await allChanges(world)).length]).toEqual([1, 1])
  })

  it('of another caller, or of another toggle, is a request of its own', async () => {
    const world = await changeWorld()
    await world.changes().switchToggle(OFF)
    const others = await world.changes({ actor: BO }).switchToggle(OFF)
    const another = await world.changes().switchToggle(ON)
    expect([others, another]).toMatchObject([
      { value: { featureName: OFF, enabled: false }, isReplay: false },
      { value: { featureName: ON, enabled: false }, isReplay: false },
    ])
    expect(world.posts()).toBe(3)
  })

  it('at the same time switches once', async () => {
    const world = await changeWorld()
    const answers = await Promise.all([1, 2].map(() => world.changes().switchToggle(OFF)))
    expect(answers.map(({ value }) => value.enabled)).toEqual([true, true])
    expect(answers.map(({ isReplay }) => isReplay).sort()).toEqual([false, true])
    expect([world.posts(), world.org.truth().toggles[OFF]]).toEqual([1, true])
  })

  it('while the first is being sent gets 409, that its outcome is not known', async () => {
    const world = await changeWorld()
    const seen: unknown[] = []
    const again = () =>
      world
        .changes()
        .switchToggle(OFF)
        .catch((error) => seen.push(error))
    await world.changes({}, benchOn(world, beforeRequest(isPost, again))).switchToggle(OFF)
    expect(seen).toMatchObject([{ code: 'outcome.unknown', status: 409, isReplay: true }])
    expect(world.posts()).toBe(1)
  })

  it.each([
    ['that Genesys had no time for', { status: 429, headers: { 'Retry-After': '60' } }, 'POST', 429],
    ['whose value could not be read', { status: 500 }, 'GET', 502],
  ])('of one %s is a new request', async (_, action, method, status) => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method }, do: action }])
    await expect(world.changes().switchToggle(OFF)).rejects.toMatchObject({ status })
    const { value, isReplay } = await world.changes().switchToggle(OFF)
    expect([value.enabled, isReplay]).toEqual([true, false])
  })

  it('of one that Genesys refused for good is told the same for two minutes', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { status: 403 } }])
    const ask = () => world.changes().switchToggle(OFF)
    await expect(ask()).rejects.toMatchObject({ code: 'upstream.forbidden' })
    await expect(ask()).rejects.toMatchObject({ code: 'upstream.forbidden' })
    expect(world.posts()).toBe(1)
    world.clock.advance(2 * MINUTE_MS)
    await expect(ask()).resolves.toMatchObject({ value: { enabled: true } })
  })
})

describe('with a key', () => {
  it('another key is another request, also within two minutes', async () => {
    const world = await changeWorld()
    await world.changes({ idempotencyKey: 'k1' }).switchToggle(OFF)
    const { value } = await world.changes({ idempotencyKey: 'k2' }).switchToggle(OFF)
    expect([value.enabled, world.posts()]).toEqual([false, 2])
  })

  it('the same key finds its change after an hour, although the value is another by then', async () => {
    const world = await changeWorld()
    await world.changes({ idempotencyKey: 'k1' }).switchToggle(OFF)
    await world.changes().request(toggle(false))
    world.clock.advance(60 * MINUTE_MS)
    const { value, isReplay } = await world.changes({ idempotencyKey: 'k1' }).switchToggle(OFF)
    expect([value.enabled, isReplay, world.posts()]).toEqual([true, true, 2])
  })
})
