import platformClient from 'purecloud-platform-client-v2'
import { describe, expect, it } from 'vitest'
import { firstPerson, orgForTest } from './org-client.ts'

/** Genesys's official JavaScript SDK, unmodified and pointed at an org, login included. */
async function sdkFor(org: Awaited<ReturnType<typeof orgForTest>>, name: 'reader' | 'writer') {
  const { clientId, clientSecret } = org.clients[name]
  const client = platformClient.ApiClient.instance
  client.setGateway({ host: '127.0.0.1', protocol: 'http', port: Number(new URL(org.url).port) })
  await client.loginClientCredentialsGrant(clientId, clientSecret)
  return new platformClient.LicenseApi()
}

describe('the official SDK', () => {
  it('logs in and reads users, a user, definitions and toggles', async () => {
    const org = await orgForTest({ users: 30 })
    const api = await sdkFor(org, 'reader')
    const page = await api.getLicenseUsers({ pageSize: 10, pageNumber: 3 })
    expect(page).toMatchObject({ pageSize: 10, pageNumber: 3, total: 30, pageCount: 3 })
    const { id } = firstPerson(org)
    const user = await api.getLicenseUser(id)
    expect(user.licenses?.map((license) => license.id)).toEqual(org.truth().users[id])
    expect(await api.getLicenseDefinitions()).toHaveLength(15)
    expect((await api.getLicenseDefinition('cloudCX3')).comprises?.[0]?.id).toBe('cloudCX2')
    expect(await api.getLicenseToggle('wallboards')).toEqual({ featureName: 'wallboards', enabled: true })
  })

  it('writes and reads what it wrote, with and without bodies', async () => {
    const org = await orgForTest({ users: 3 })
    const api = await sdkFor(org, 'writer')
    const { id, licenses } = firstPerson(org)
    const assignment = { licenseId: 'wallboardUser', userIdsAdd: [id], userIdsRemove: [] }
    expect(await api.postLicenseOrganization({ body: { assignments: [assignment] } })).toEqual([
      { userId: id, licenseId: 'wallboardUser', result: 'SUCCESS' },
    ])
    expect(licenses()).toContain('wallboardUser')
    expect(await api.postLicenseUsers()).toEqual({})
    expect(await api.postLicenseToggle('wallboards')).toMatchObject({ enabled: true })
  })

  it('reads contracts, a period of one, and billable usage once it is complete', async () => {
    const org = await orgForTest({ users: 60, billing: { contracts: [{}] } })
    await sdkFor(org, 'reader')
    const api = new platformClient.BillingApi()
    const { entities = [] } = await api.getBillingContracts({ pageSize: '10' })
    const [{ id = '', billingPeriods: [period] = [] } = {}] = entities
    expect(await api.getBillingContract(id)).toEqual(entities[0])
    const detail = await api.getBillingContractBillingperiod(id, period?.id ?? '')
    expect(detail.charges?.map(({ name }) => name)).toContain('Genesys Cloud CX 3 Named')
    const [from, until] = ['2026-11-01T00:00:00.000Z', '2026-11-15T00:00:00.000Z']
    expect(await api.getBillingReportsBillableusage(from, until)).toMatchObject({ status: 'InProgress' })
    const { status, usages } = await api.getBillingReportsBillableusage(from, until)
    expect([status, usages.length > 0]).toEqual(['Complete', true])
  })

  it('rejects with the ErrorBody that the org answered', async () => {
    const org = await orgForTest({ users: 3 })
    const api = await sdkFor(org, 'reader')
    await expect(api.getLicenseUser('a/b')).rejects.toMatchObject({ status: 404, code: 'not.found' })
    const refused = await api.postLicenseOrganization({ body: { assignments: [] } }).catch((error) => error)
    expect(refused).toMatchObject({
      status: 403,
      code: 'missing.any.permissions',
      contextId: org.requests().at(-1)?.correlationId,
    })
  })
})
