/** Where the gateway sends its token, and where it does not. */
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../../lib/environment.ts'
import { ConfigurationError } from '../../../lib/errors.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { expectError } from '../../support/refusals.ts'
import { giftIn, postsOf, userIn } from '../../support/requests.ts'
import { startServer } from '../../support/servers.ts'
import { world } from '../../support/world.ts'

const redirects = [301, 302, 303, 307, 308]

/** Another host, and the Authorization headers that reached it. */
async function otherHost() {
  const reached: (string | undefined)[] = []
  const url = await startServer(({ headers }, response) => {
    reached.push(headers.authorization)
    response.end('{"id":"u"}')
  })
  return { url, reached }
}

describe('a redirect of Genesys', () => {
  it.each(redirects)(
    '%i to another host is not followed by a read: the token stays (H41)',
    async (status) => {
      const { org, reader } = await world()
      const other = await otherHost()
      const user = userIn({ org })
      org.addFaults([{ match: { path: user.path }, do: { status, headers: { Location: `${other.url}/x` } } }])
      const answer = await reader(getLicenseUser)(user.event)
      expectError(answer, { status: 502, code: 'upstream.bad.response' })
      expect(answer.headers['location']).toBeUndefined()
      expect([other.reached, org.requests().length]).toEqual([[], 1])
    },
  )

  it.each(redirects)(
    '%i to another host is not followed by a write, whose outcome is unknown (F19, H41)',
    async (status) => {
      const { org, writer } = await world()
      const other = await otherHost()
      const gift = giftIn({ org })
      org.addFaults([{ match: { path: gift.path }, do: { status, headers: { Location: `${other.url}/x` } } }])
      expectError(await writer(postLicenseOrganization)(gift.event), { status: 409, code: 'outcome.unknown' })
      expect([other.reached, postsOf({ org }).length, gift.isGiven()]).toEqual([[], 1, false])
    },
  )

  it('to itself is met once (H42)', async () => {
    const { org, reader } = await world()
    const user = userIn({ org })
    org.addFaults([
      { match: { path: user.path }, times: 99, do: { status: 302, headers: { Location: user.path } } },
    ])
    expectError(await reader(getLicenseUser)(user.event), { status: 502, code: 'upstream.bad.response' })
    expect(org.requests()).toHaveLength(1)
  })

  it.each([
    ['without a Location', { status: 302 }],
    ['300 with choices', { status: 300, body: { id: 'u' } }],
    ['304 that nobody asked for', { status: 304 }],
  ])('%s is a 502', async (_, action) => {
    const { org, reader } = await world()
    const user = userIn({ org })
    org.addFaults([{ match: { path: user.path }, do: action }])
    expectError(await reader(getLicenseUser)(user.event), { status: 502, code: 'upstream.bad.response' })
  })
})

describe("Genesys's hosts", () => {
  const variables = {
    AWS_REGION: 'eu-west-1',
    GATEWAY_STACK: 'test',
    GATEWAY_AUTH: 'iam',
    GENESYS_REGION: 'eu_west_1',
    GENESYS_ORG_ID: 'id',
    GENESYS_ORG_NAME: 'name',
  }
  const overrides = ['GENESYS_API_URL', 'GENESYS_LOGIN_URL', 'AWS_ENDPOINT_URL_SECRETS_MANAGER']

  it('come from the region alone, over TLS (H47)', () => {
    expect(readEnvironment(variables).origins).toEqual({
      api: 'https://api.mypurecloud.ie',
      login: 'https://login.mypurecloud.ie',
    })
  })

  it.each([
    'evil.com',
    'https://api.evil.com',
    'mypurecloud.com',
    'us-east-1',
    'toString',
    '__proto__',
    'EU_WEST_1',
  ])('cannot be "%s": the function does not start (H47, K05)', (region) => {
    expect(() => readEnvironment({ ...variables, GENESYS_REGION: region })).toThrow(ConfigurationError)
    expect(() => readEnvironment({ ...variables, GENESYS_REGION: region })).toThrow(/^GENESYS_REGION must be/)
  })

  it.each(overrides)('cannot be replaced by %s inside Lambda, not even by loopback (H47)', (name) => {
    const inLambda = { ...variables, AWS_LAMBDA_FUNCTION_NAME: 'f', [name]: 'http://127.0.0.1:4010' }
    expect(() => readEnvironment(inLambda)).toThrow(`${name} is for the laptop only`)
  })

  it.each(
    overrides.flatMap((name) =>
      [
        'http://evil.com:80',
        'https://127.0.0.1:443',
        'http://127.0.0.1',
        'http://127.0.0.1:80@evil.com:80',
        'http://127.0.0.1:80/path',
        'http://127.0.0.1.evil.com:80',
        'http://localhost.evil.com:80',
        'http://127.0.0.1:80\n',
        'file:///etc/passwd',
      ].map((url) => [name, url] as const),
    ),
  )('cannot be replaced by %s=%s anywhere (H47)', (name, url) => {
    expect(() => readEnvironment({ ...variables, [name]: url })).toThrow(
      `${name} must be http://127.0.0.1:PORT`,
    )
  })

  it.each(['http://127.0.0.1:4010', 'http://localhost:1', 'http://[::1]:65535'])(
    'can be %s on a laptop (H47)',
    (url) => {
      const { origins } = readEnvironment({ ...variables, GENESYS_API_URL: url, GENESYS_LOGIN_URL: url })
      expect(origins).toEqual({ api: url, login: url })
    },
  )
})
