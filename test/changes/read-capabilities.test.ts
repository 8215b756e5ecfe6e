/** What this org's upstream honours today, found by looking. */
import { describe, expect, it } from 'vitest'
import { EMBEDDED_ORG_NAME } from '../../infra/local/org/billing/billing.ts'
import { GenesysBilling } from '../../lib/genesys/genesys-billing.ts'
import { assigning, giving, toggle, userAt } from '../support/changes/change-orders.ts'
import { type ChangeWorld, changeWorld } from '../support/changes/change-world.ts'

function capabilities(world: ChangeWorld) {
  const bench = world.bench()
  return world.plans({}, bench).capabilities(new GenesysBilling(bench.scope, EMBEDDED_ORG_NAME.id))
}

async function honoured(world: ChangeWorld) {
  const { entities } = await capabilities(world)
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
    getBillingContracts: 'no',
    getBillingReportsBillableusage: 'yes',
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
    const { entities } = await capabilities(world)
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

describe("of Genesys's billing", () => {
  async function told(world: ChangeWorld) {
    const { entities } = await capabilities(world)
    const entryOf = (operation: string) => entities.find((each) => each.operation === operation)
    return { contracts: entryOf('getBillingContracts'), usage: entryOf('getBillingReportsBillableusage') }
  }

  it.each([
    [{ contracts: 'forbidden' }, 'no', '(status 403)'],
    [{ contracts: 'missing' }, 'no', '(status 404)'],
    [{ contracts: 'empty' }, 'no', 'Genesys tells no billing contracts for this org'],
    [
      { contracts: [{}, { starts: '2020-01-01', ended: '2024-12-31' }] },
      'yes',
      'Genesys tells of billing contracts for this org; active: 1, in all: 2',
    ],
  ] as const)('where the org has %j, it tells contracts: %s', async (billing, honoured, because) => {
    const { contracts } = await told(await changeWorld({ org: { billing } }))
    expect(contracts).toMatchObject({ honoured, because: expect.stringContaining(because) })
  })

  it('it does not wait for the report of usage, whose making tells enough', async () => {
    const world = await changeWorld({ org: { billing: { looksAtUsage: 1 } } })
    expect((await told(world)).usage).toMatchObject({ honoured: 'yes' })
    expect((await told(world)).usage).toMatchObject({
      honoured: 'yes',
      because: expect.stringMatching(/^Genesys reports billable usage of \d+ charges in the last 7 days$/),
    })
    expect(world.clock.sleeps).toEqual([])
  })

  it('it has nothing for a client without the permission, and that is no fault that counts', async () => {
    const permissions = ['authorization:grant:add', 'authorization:license:view', 'directory:user:view']
    const world = await changeWorld({ org: { clients: { writer: { permissions } } } })
    const bench = world.bench()
    const billing = new GenesysBilling(bench.scope, EMBEDDED_ORG_NAME.id)
    const { entities } = await world.plans({}, bench).capabilities(billing)
    expect(entities.slice(-2)).toMatchObject([
      { honoured: 'no', because: expect.stringContaining('billing:subscription:view') },
      { honoured: 'no' },
    ])
    expect(bench.scope.observed.forbidden).toBe(0)
  })

  it('it knows nothing where Genesys fails', async () => {
    const world = await changeWorld()
    world.org.addFaults([{ match: { path: '/api/v2/billing/contracts' }, times: 5, do: { status: 503 } }])
    expect((await told(world)).contracts).toMatchObject({ honoured: 'unknown' })
  })
})
