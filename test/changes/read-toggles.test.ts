/** GET /v1/toggles, by the port behind it: what the org file names, what changes were about, and what they show. */
import { expect, it } from 'vitest'
import { readToggles } from '../../lib/changes/read-toggles.ts'
import type { ListQuery } from '../../lib/changes/record/ledger.ts'
import { OFF, ON, toggle } from '../support/changes/change-orders.ts'
import { changeWorld } from '../support/changes/change-world.ts'

it('names those of the rules and those of changes, each with its last, and says nothing of switching before one tells', async () => {
  const world = await changeWorld({
    approvals: [{ toggles: ['Wallboards', '*'] }],
    policy: { reasons: [{ toggles: ['quality'] }] },
  })
  expect(await world.records().toggles()).toMatchObject({
    switching: 'unknown',
    entities: [
      { featureName: 'quality', isInOrgFile: true },
      { featureName: 'Wallboards', isInOrgFile: true },
    ],
  })
  const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(true, ON))
  const { entities, isWhole } = await world.records().toggles()
  expect(isWhole).toBe(true)
  expect(entities[0]).toEqual({
    featureName: ON,
    isInOrgFile: false,
    lastChange: { id: value.id, state: 'AWAITING_APPROVAL', enabled: true, at: value.createdAt },
  })
})

it('says so where there are changes that were not looked through', async () => {
  const { changes, store, bench } = await changeWorld()
  const { policy } = bench()
  await changes({ idempotencyKey: 'k1' }).request(toggle(false, ON))
  await changes({ idempotencyKey: 'k2' }).request(toggle(true, OFF))
  const lookedThrough = (limit: number) => {
    const list = (query: ListQuery) => store.ledger.list({ ...query, limit })
    return readToggles({ policy, ledger: { list } })
  }
  expect(await lookedThrough(3)).toMatchObject({
    isWhole: true,
    entities: [{ featureName: ON }, { featureName: OFF }],
  })
  expect(await lookedThrough(1)).toMatchObject({ isWhole: false, entities: [{ featureName: OFF }] })
})

it.each([
  ['legacy', true, 'honoured'],
  ['current', false, 'ignored'],
] as const)(
  'of an org whose toggles are %s says what came of a switch',
  async (toggles, enabled, switching) => {
    const world = await changeWorld({ org: { toggles, users: 5 } })
    const { value } = await world.changes({ idempotencyKey: 'k1' }).request(toggle(enabled))
    expect(await world.records().toggles()).toMatchObject({
      switching,
      because: expect.stringContaining(value.id),
      entities: [{ featureName: OFF, lastChange: { id: value.id, enabled } }],
    })
  },
)
