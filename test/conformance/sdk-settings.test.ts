/** What docs/clients.md says that clients of the official SDK need to know. */
import platformClient from 'purecloud-platform-client-v2'
import { afterEach, describe, expect, it } from 'vitest'
import { STAGE } from '../../infra/constructs/names.ts'
import { giving, userAt } from '../support/changes/license-requests.ts'
import { gatewayForTests, sendRaw } from '../support/gateway.ts'
import { rejection, sdkAs } from '../support/sdk.ts'

const stack = await gatewayForTests()
const client = platformClient.ApiClient.instance
const user = userAt(stack, 0)

afterEach(() => client.setReturnExtendedResponses(false))

describe('a gateway without a domain of its own', () => {
  it('is reached by the stage in the path, writes too', async () => {
    const { api } = sdkAs(stack, 'operator')
    const { hostname, port } = new URL(stack.gateway)
    client.setGateway({ host: hostname, protocol: 'http', port: Number(port), path_params_api: STAGE })
    expect((await api.getLicenseUsers({ pageSize: 3 })).entities).toHaveLength(3)
    const [status] = await api.postLicenseOrganization({ body: giving(user) })
    expect(status).toMatchObject({ userId: user, outcome: 'applied' })
    expect(await rejection(api.getLicenseUser('a/b'))).toMatchObject({ status: 400 })
  })

  it.each(['/v2/license/definitions', `/${STAGE}/v2`, `/${STAGE}${STAGE}/api/v2/license/definitions`])(
    'serves nothing at %s',
    async (path) => {
      expect((await sendRaw(stack, { path })).status).toBe(404)
    },
  )
})

describe('extended responses', () => {
  it('have the headers of answers, and of refusals', async () => {
    const { api, getLicenseOrganization } = sdkAs(stack, 'operator')
    client.setReturnExtendedResponses(true)
    expect(await api.postLicenseOrganization({ body: giving(user) })).toMatchObject({
      status: 200,
      headers: { 'x-change-id': expect.any(String) },
      body: [{ userId: user }],
    })
    expect(await getLicenseOrganization()).toMatchObject({
      status: 200,
      headers: { 'x-reading-at': expect.stringMatching(/^\d{4}-.*Z$/), warning: expect.any(String) },
    })
    expect(await rejection(api.getLicenseUser('a/b'))).toMatchObject({
      status: 400,
      headers: { 'x-request-id': expect.any(String) },
      body: { code: 'bad.request' },
    })
  })
})

describe('an error', () => {
  it('is the ErrorBody, and no Error', async () => {
    const error = await rejection(sdkAs(stack, 'viewer').api.getLicenseUser('a/b'))
    expect(error).not.toBeInstanceOf(Error)
    expect(Object.keys(Object(error)).sort()).toEqual(
      ['code', 'contextId', 'details', 'errors', 'message', 'status'].sort(),
    )
  })

  it('is an Error without a status where no answer came', async () => {
    const { api } = sdkAs(stack, 'viewer')
    client.setGateway({ host: '127.0.0.1', protocol: 'http', port: 1 })
    const error = await rejection(api.getLicenseDefinitions())
    expect(error).toBeInstanceOf(Error)
    expect(Object(error).status).toBeUndefined()
  })
})

it('the SDK gives up later than every answer is sent', () => {
  expect(Reflect.get(client, 'timeout')).toBe(16_000)
})

it('no page of another origin is let in: there is no CORS', async () => {
  const path = '/api/v2/license/definitions'
  const foreign = ['Origin', 'https://tools.example.com']
  const answer = await sendRaw(stack, { path })
  expect(answer.status).toBe(200)
  const refused = await sendRaw(stack, { path, headers: foreign })
  const asked = await sendRaw(stack, {
    method: 'OPTIONS',
    path,
    authorization: null,
    headers: [...foreign, 'Access-Control-Request-Method', 'GET'],
  })
  expect([refused.status, asked.status]).toEqual([403, 403])
  for (const each of [answer, refused, asked]) {
    expect(Object.keys(each.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  }
})
