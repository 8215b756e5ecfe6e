/** An answer that says where it, or a part of it, is read must be right: every selfUri of every read is followed. */
import { beforeEach, describe, expect, it } from 'vitest'
import { membersOf } from '../openapi/undescribed.ts'
import { userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { takeReadingOfStack } from '../support/seats/readings.ts'

const stack = await gatewayForTests()
const user = userAt(stack, 0)
// Who holds what is listed from a reading.
beforeEach(takeReadingOfStack)

const get = async (path: string) => await sendRaw(stack, { path, role: 'viewer' })

/** Each once. */
function selfUrisIn(json: unknown): string[] {
  const uris = [...membersOf(json)].filter(({ name }) => name === 'selfUri').map(({ value }) => String(value))
  return [...new Set(uris)]
}

describe('a selfUri', () => {
  it.each([
    '/v1/users?limit=60',
    '/v1/users?license=cloudCX1',
    '/v1/users?name=ana',
    '/v1/periods',
    '/v1/periods/current',
    '/api/v2/license/users',
    `/api/v2/license/users/${user}`,
    '/api/v2/license/definitions',
    '/api/v2/license/definitions/agentAssistOmniLicense',
    '/api/v2/license/organization',
  ])('of %s leads to what it is on', async (path) => {
    const { json } = await get(path)
    const uris = selfUrisIn(json)
    expect(uris.length).toBeGreaterThan(0)
    for (const uri of uris) expect([uri, (await get(uri)).status]).toEqual([uri, 200])
  })

  it('of a user leads to the licenses that the user is said to hold', async () => {
    const { json } = await get('/v1/users?email=ana@example.com')
    const [found] = Object(json).entities
    const { json: followed } = await get(found.selfUri)
    expect(followed).toMatchObject({ id: found.id, licenses: found.licenses.map((id: string) => ({ id })) })
  })
})
