/** GET /v1/toggles, by the port behind it: what the org file names, what changes were about, and what they show. */
import { expect, it } from 'vitest'
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
  const { entities } = await world.records().toggles()
  expect(entities[0]).toEqual({
    featureName: ON,
    isInOrgFile: false,
    lastChange: { id: value.id, state: 'AWAITING_APPROVAL', enabled: true, at: value.createdAt },
  })
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
