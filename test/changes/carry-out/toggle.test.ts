import { expect, it } from 'vitest'
import { allChanges, changeWorld, headerOf } from '../../support/changes/change-world.ts'

const OFF = 'concurrentLicensing'
const toggle = (enabled: boolean, featureName = OFF) => ({ kind: 'toggle', featureName, enabled }) as const

it('(F01) switches on what is off with one POST, and tells it as read back', async () => {
  const world = await changeWorld()
  const { value, isReplay } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
  expect(value).toMatchObject({
    state: 'APPLIED',
    before: { featureName: OFF, enabled: false },
    desired: { featureName: OFF, enabled: true },
    after: { featureName: OFF, enabled: true },
    results: [{ featureName: OFF, desired: true, outcome: 'applied' }],
    actor: { kind: 'jwt', id: 'ana', person: 'ana' },
  })
  expect(value.history.map(({ state }) => state)).toEqual(['SENT', 'APPLIED'])
  expect(isReplay).toBe(false)
  expect(world.org.truth().toggles[OFF]).toBe(true)
  expect(world.posts()).toBe(1)
  expect(world.told.map(({ detailType, detail }) => [detailType, detail['eventId']])).toEqual([
    ['License Change Applied', `${value.id}#2`],
  ])
  expect(await world.store.ledger.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
})

it('(F02) sends nothing where the value is as desired, and records that', async () => {
  const world = await changeWorld()
  const { value } = await world.changes().request(toggle(false))
  expect(value.state).toBe('NOOP')
  expect(world.posts()).toBe(0)
  expect(await allChanges(world)).toHaveLength(1)
})

it('(E01, F04) a repeat of the key finds the first change and sends nothing', async () => {
  const world = await changeWorld()
  const first = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
  const second = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true))
  expect(second).toEqual({ value: first.value, isReplay: true })
  expect(world.posts()).toBe(1)
})

it('never tells NO_EFFECT as applied where toggles have no effect', async () => {
  const world = await changeWorld({ org: { toggles: 'current' } })
  const { value } = await world.changes().request(toggle(false))
  expect(value).toMatchObject({ state: 'NO_EFFECT', results: [{ outcome: 'not.applied' }] })
  expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change No Effect'])
})

it('(F06) a POST whose answer is lost is confirmed by reading back, and looked at again', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
  const { value } = await world.changes().request(toggle(true))
  expect(value.state).toBe('APPLIED')
  const { lookDueAtMs } = await headerOf(world, value.id)
  expect(lookDueAtMs).toBe(world.clock.nowMs() + 65_000)
  await world.rest()
  expect(await headerOf(world, value.id)).toMatchObject({ state: 'APPLIED' })
  expect((await headerOf(world, value.id)).lookDueAtMs).toBeUndefined()
  expect(world.posts()).toBe(1)
})

it('(F08) a POST that never lands is not sent again, and a person is told', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
  const { value } = await world.changes().request(toggle(true))
  expect(value.state).toBe('UNKNOWN')
  await world.rest()
  expect(await headerOf(world, value.id)).toMatchObject({ state: 'NEEDS_ATTENTION' })
  expect(world.posts()).toBe(1)
  expect(world.told.map(({ detailType }) => detailType)).toEqual(['License Change Needs Attention'])
})

it('refuses a second change on the same toggle until the first one is looked at again', async () => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { method: 'POST' }, do: { applyThenReset: true } }])
  const { value } = await world.changes().request(toggle(true))
  await expect(world.changes().request(toggle(false))).rejects.toMatchObject({
    code: 'change.conflict',
    status: 409,
    faults: [expect.objectContaining({ entityId: value.id })],
  })
  await world.rest()
  await expect(world.changes().request(toggle(false))).resolves.toMatchObject({ value: { state: 'APPLIED' } })
})

it('a repeat of an order finds the first one, also when its times have gone by since', async () => {
  const world = await changeWorld()
  const order = { ...toggle(true), notAfter: new Date(world.clock.nowMs() + 60_000).toISOString() }
  const first = await world.changes({ idempotencyKey: 'k1' }).request(order)
  world.clock.advance(3_600_000)
  const second = await world.changes({ idempotencyKey: 'k1' }).request(order)
  expect(second).toMatchObject({ value: { id: first.value.id, state: 'APPLIED' }, isReplay: true })
  await expect(world.changes({ idempotencyKey: 'k2' }).request(order)).rejects.toMatchObject({
    code: 'bad.request',
  })
  expect(await allChanges(world)).toHaveLength(1)
})
