/** What this org's upstream honours today, found by looking. */
import { describe, expect, it } from 'vitest'
import { assigning, giving, toggle, userAt } from '../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld } from '../support/changes/change-world.ts'

async function honoured(world: ChangeWorld) {
  const { entities } = await world.plans().capabilities()
  return Object.fromEntries(entities.map((each) => [each.operation, each.honoured]))
}

it('writes nothing to find out', async () => {
  const world = await changeWorld()
  expect(await honoured(world)).toEqual({
    getLicenseDefinitions: 'yes',
    getLicenseUsers: 'yes',
    getLicenseOrganization: 'yes',
    postLicenseOrganization: 'unknown',
    postLicenseToggle: 'unknown',
    postLicenseInfer: 'yes',
    postLicenseInferPermissions: 'yes',
  })
  expect(world.posts()).toBe(0)
})

describe('after a change', () => {
  it.each([
    ['legacy', 'yes'],
    ['current', 'no'],
  ] as const)('of a toggle on a %s org: %s', async (toggles, found) => {
    const world = await changeWorld({ org: { toggles } })
    const { value } = await world.changes().request(toggle(toggles === 'legacy'))
    const { entities } = await world.plans().capabilities()
    const entry = entities.find(({ operation }) => operation === 'postLicenseToggle')
    expect(entry).toMatchObject({ honoured: found, because: expect.stringContaining(value.id) })
  })

  it('of licenses: yes', async () => {
    const world = await changeWorld()
    await world.changes().request(assigning(giving([userAt(world, 0)])))
    expect(await honoured(world)).toMatchObject({
      postLicenseOrganization: 'yes',
      postLicenseToggle: 'unknown',
    })
  })
})

it.each([
  ['refuses', 403, 'no'],
  ['fails at', 503, 'unknown'],
])('tells what Genesys %s', async (_, status, found) => {
  const world = await changeWorld()
  world.org.addFaults([{ match: { path: '/api/v2/license/infer' }, times: 5, do: { status } }])
  expect(await honoured(world)).toMatchObject({ postLicenseInfer: found, getLicenseUsers: 'yes' })
})
