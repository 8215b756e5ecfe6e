/** Toggles that somebody else switches too, POSTs that land late, and reads that are behind. */
import { describe, expect, it } from 'vitest'
import {
  beforeRequest,
  benchOn,
  byHand,
  isPost,
  OFF,
  ON,
  toggle,
  togglePath,
  toldTypes,
} from '../../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const toggleIn = ({ org }: ChangeWorld, featureName = OFF) => org.truth().toggles[featureName]

it('(F03) switches off once, however often it is asked to be off', async () => {
  const world = await changeWorld()
  const states = []
  for (const idempotencyKey of ['k1', 'k2']) {
    const { value } = await world.changes({ idempotencyKey }).request(toggle(false, ON))
    states.push(value.state)
  }
  expect(states).toEqual(['APPLIED', 'NOOP'])
  expect([world.posts(), toggleIn(world, ON)]).toEqual([1, false])
})

describe('a POST that lands after its sender has given it up', () => {
  it('(F07) is seen when the quiet period is over, and none is sent before', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { dropThenApplyAfterMs: 600_000 } }])
    const { value } = await world.changes().request(toggle(true))
    expect([value.state, toggleIn(world)]).toEqual(['UNKNOWN', false])
    world.org.letGo()
    expect(toggleIn(world)).toBe(true)
    world.clock.advance(20_000)
    await world.tick()
    expect((await headerOf(world, value.id)).state).toBe('UNKNOWN')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.posts()).toBe(1)
  })

  it('takes back what somebody had switched meanwhile: told as applied, and then to a person', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { dropThenApplyAfterMs: 600_000 } }])
    const bench = benchOn(world, (inner) => async (request) => {
      try {
        return await inner(request)
      } catch (error) {
        await byHand(world).press()
        throw error
      }
    })
    const { value } = await world.changes({}, bench).request(toggle(true))
    expect(value.state).toBe('APPLIED')
    world.org.letGo()
    expect(toggleIn(world)).toBe(false)
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
    expect(toldTypes(world)).toEqual(['License Change Applied', 'License Change Needs Attention'])
    const ids = world.told.map(({ detail }) => detail['eventId'])
    expect(new Set(ids).size).toBe(2)
  })
})

describe('somebody switches between the read and the POST', () => {
  it('(F09) on, so that the POST switched off: a person is told, and nothing is switched back', async () => {
    const world = await changeWorld()
    const bench = benchOn(
      world,
      beforeRequest(isPost, () => byHand(world).press()),
    )
    const { value } = await world.changes({}, bench).request(toggle(true))
    expect(value).toMatchObject({ state: 'NEEDS_ATTENTION', after: { enabled: false } })
    await world.rest()
    expect([world.posts(), toggleIn(world)]).toEqual([2, false])
  })

  it('(F09) off, so that the POST switched on: never told as applied', async () => {
    const world = await changeWorld()
    const bench = benchOn(
      world,
      beforeRequest(isPost, () => byHand(world).press(ON)),
    )
    const { value } = await world.changes({}, bench).request(toggle(false, ON))
    expect(value).toMatchObject({ state: 'NO_EFFECT', after: { enabled: true } })
    await world.rest()
    expect([world.posts(), toggleIn(world, ON)]).toEqual([2, true])
  })
})

it('(F27) somebody switches back between the answer and the reading: reported, not fought over', async () => {
  const world = await changeWorld()
  const bench = benchOn(world, (inner) => async (request) => {
    const answer = await inner(request)
    if (isPost(request)) await byHand(world).press()
    return answer
  })
  const { value } = await world.changes({}, bench).request(toggle(true))
  expect(value.state).toBe('UNKNOWN')
  await world.rest()
  expect((await headerOf(world, value.id)).state).toBe('NEEDS_ATTENTION')
  expect([world.posts(), toggleIn(world)]).toEqual([2, false])
})

it('(J16) the steps of a change stand in their order, though the clock is set back between them', async () => {
  const world = await changeWorld()
  const bench = benchOn(
    world,
    beforeRequest(isPost, async () => world.clock.setBack(3_600_000)),
  )
  const { value } = await world.changes({}, bench).request(toggle(true))
  expect(value.history.map(({ state }) => state)).toEqual(['SENT', 'APPLIED'])
  const [sentAt = '', appliedAt = ''] = value.history.map(({ at }) => at)
  expect(Date.parse(appliedAt)).toBeLessThan(Date.parse(sentAt))
  expect(world.posts()).toBe(1)
})

describe('reads that are behind', () => {
  it('(F26) by less than the staleness bound: read a second time', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { staleReadMs: 1_500 } }])
    const { value } = await world.changes().request(toggle(true))
    expect(value).toMatchObject({ state: 'APPLIED', after: { enabled: true } })
    expect(world.clock.sleeps).toContain(2_000)
  })

  it('(F26) by more: not told as applied until it is seen', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { staleReadMs: 20_000 } }])
    const { value } = await world.changes().request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect(world.posts()).toBe(1)
  })

  it('(F26) after an ambiguous POST: nothing is decided on one reading', async () => {
    const world = await changeWorld()
    world.org.addFaults([
      { match: { method: 'GET', path: togglePath() }, do: { staleReadMs: 20_000 } },
      { match: { method: 'POST' }, do: { applyThenReset: true } },
    ])
    const { value } = await world.changes().request(toggle(true))
    expect(value.state).toBe('UNKNOWN')
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
    expect([world.posts(), toggleIn(world)]).toEqual([1, true])
  })

  it('right after another change: the old value is not taken for the desired one', async () => {
    const world = await changeWorld()
    await world.changes().request(toggle(true))
    world.org.addFaults([{ match: { method: 'GET' }, do: { staleReadMs: 1_500 } }])
    const { value } = await world.changes().request(toggle(false))
    expect(value).toMatchObject({ state: 'APPLIED', before: { enabled: false }, after: { enabled: false } })
    expect([world.posts(), toggleIn(world)]).toEqual([2, false])
  })
})
