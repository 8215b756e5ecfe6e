/** Changes that wait for a time, and those whose time is up. */
import { describe, expect, it } from 'vitest'
import { byHand, OFF, toggle, toldTypes } from '../../support/changes/change-orders.ts'
import { allChanges, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const MINUTE_MS = 60_000
const ONE = '2026-11-15T13:00:00Z'
const TWO = '2026-11-15T14:00:00Z'

describe('notBefore', () => {
  it('is waited for, and the tick applies it', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: ONE })
    expect(value).toMatchObject({ state: 'PLANNED', notBefore: '2026-11-15T13:00:00.000Z' })
    world.clock.advance(59 * MINUTE_MS)
    await world.tick()
    expect(world.posts()).toBe(0)
    world.clock.advance(MINUTE_MS)
    await world.tick()
    expect([(await headerOf(world, value.id)).state, world.org.truth().toggles[OFF]]).toEqual([
      'APPLIED',
      true,
    ])
  })

  it('of a plan counts from when it is applied: until then nothing happens', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans().plan({ ...toggle(true), notBefore: ONE })
    const { value } = await world.changes({ idempotencyKey: 'a1' }).apply(plan.id, plan.digest)
    expect([value.state, world.posts()]).toEqual(['PLANNED', 0])
    await world.rest()
    expect((await headerOf(world, plan.id)).state).toBe('APPLIED')
  })

  it('may be written with any offset', async () => {
    const world = await changeWorld()
    const { value } = await world
      .changes()
      .request({ ...toggle(true), notBefore: '2026-11-15T14:00:00+01:00' })
    expect(value.notBefore).toBe('2026-11-15T13:00:00.000Z')
  })

  it('does not hold the toggle meanwhile, and what holds then decides', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: ONE })
    await expect(world.changes().request(toggle(true))).resolves.toMatchObject({
      value: { state: 'APPLIED' },
    })
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('NOOP')
    expect(world.posts()).toBe(1)
  })

  it('is called off until then', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: ONE })
    await world.records().cancel(value.id)
    await world.rest()
    expect(world.posts()).toBe(0)
  })
})

describe('notAfter', () => {
  it('ends what could not be carried out in time, and that is told', async () => {
    const world = await changeWorld()
    const { value } = await world.changes().request({ ...toggle(true), notBefore: ONE, notAfter: TWO })
    world.clock.advance(120 * MINUTE_MS + 1)
    await world.tick()
    expect(await headerOf(world, value.id)).toMatchObject({ state: 'EXPIRED' })
    expect([world.posts(), toldTypes(world)]).toEqual([0, ['License Change Expired']])
  })

  it('is a quarter of an hour after it may begin where none is given', async () => {
    const world = await changeWorld()
    const at = async (order: Parameters<ReturnType<typeof world.changes>['request']>[0]) =>
      (await world.changes().request(order)).value.notAfter
    expect(await at(toggle(false))).toBe('2026-11-15T12:15:00.000Z')
    expect(await at({ ...toggle(true), notBefore: ONE })).toBe('2026-11-15T13:15:00.000Z')
  })

  it('that has passed when a plan is applied: EXPIRED', async () => {
    const world = await changeWorld()
    const { value: plan } = await world.plans().plan({ ...toggle(true), notAfter: ONE })
    world.clock.advance(61 * MINUTE_MS)
    const { value } = await world.changes({ idempotencyKey: 'a1' }).apply(plan.id, plan.digest)
    expect([value.state, world.posts()]).toEqual(['EXPIRED', 0])
    expect(toldTypes(world)).toEqual(['License Change Expired'])
  })

  it('does not end what has been sent', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { value } = await world.changes().request({ ...toggle(true), notAfter: '2026-11-15T12:00:30Z' })
    await byHand(world).press()
    await world.rest()
    expect((await headerOf(world, value.id)).state).toBe('APPLIED')
  })
})

describe('times that contradict each other', () => {
  it.each([
    ['notAfter', { notAfter: '2026-11-15T11:59:00Z' }],
    ['notAfter', { notBefore: TWO, notAfter: ONE }],
    ['notAfter', { notBefore: ONE, notAfter: ONE }],
    ['revertAt', { revertAt: '2026-11-15T11:00:00Z' }],
    ['revertAt', { notBefore: TWO, revertAt: ONE }],
    ['revertAfter', { revertAt: ONE, revertAfter: 'PT1H' }],
  ])('are refused, naming %s: %o', async (fieldName, times) => {
    const world = await changeWorld()
    for (const ask of [
      () => world.changes().request({ ...toggle(true), ...times }),
      () => world.plans().plan({ ...toggle(true), ...times }),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'bad.request', status: 400, faults: [{ fieldName }] })
    }
    expect(await allChanges(world)).toEqual([])
  })

  it('are all named at once', async () => {
    const world = await changeWorld()
    const times = { notBefore: TWO, notAfter: ONE, revertAt: ONE, revertAfter: 'PT1H' }
    await expect(world.plans().plan({ ...toggle(true), ...times })).rejects.toMatchObject({
      faults: [{ fieldName: 'notAfter' }, { fieldName: 'revertAfter' }, { fieldName: 'revertAt' }],
    })
  })
})
