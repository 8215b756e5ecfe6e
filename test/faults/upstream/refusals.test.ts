/** Answers of Genesys that are no success, to a read. */
import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { grant } from '../../../lib/credentials/client-credentials.ts'
import { tryToken } from '../../../lib/credentials/try-token.ts'
import { getLicenseDefinition } from '../../../lib/operations/license/get-license-definition.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { postLicenseUsers } from '../../../lib/operations/license/post-license-users.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { nested } from '../../support/nested.ts'
import { expectError, expectStandingHeaders } from '../../support/refusals.ts'
import { userIn } from '../../support/requests.ts'
import { startServer } from '../../support/servers.ts'
import { world } from '../../support/world.ts'

async function refusing(status: number, times = 1, body?: unknown) {
  const each = await world()
  const user = userIn(each)
  each.org.addFaults([{ match: { path: user.path }, times, do: { status, body } }])
  const ask = each.reader(getLicenseUser)
  return { ...each, ask: () => ask(user.event) }
}

describe('a user that Genesys does not know', () => {
  it('is a 404 in its own words, neither retried nor remembered (H12)', async () => {
    const { org, reader, clock } = await world()
    const ask = reader(getLicenseUser)
    const unknown = { pathParameters: { userId: '00000000-0000-4000-8000-000000000000' } }
    const answers = [await ask(unknown), await ask(unknown)]
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, json: { code: 'not.found', status: 404 } })
      expectStandingHeaders(answer)
    }
    expect(clock.sleeps).toEqual([])
    expect(org.requests().map(({ status }) => status)).toEqual([404, 404])
  })

  it('leaves the next answer alone once Genesys knows it (H12)', async () => {
    const { ask } = await refusing(404, 1, { status: 404, code: 'not.found', message: 'No such user' })
    expect([(await ask()).status, (await ask()).status]).toEqual([404, 200])
  })
})

describe('a status of Genesys about the request', () => {
  it.each([400, 404, 409, 413, 415])('%i reaches the caller with its own body (H14)', async (status) => {
    const body = { status, code: 'some.code', message: 'In their words', contextId: 'c', unknownField: [1] }
    const { ask, org, clock } = await refusing(status, 9, body)
    expect(await ask()).toMatchObject({ status, json: body })
    expect([org.requests().length, clock.sleeps]).toEqual([1, []])
  })

  it.each([
    [400, 'bad.request'],
    [404, 'not.found'],
    [409, 'general.conflict'],
    [413, 'request.entity.too.large'],
    [415, 'unsupported.media.type'],
  ])('%i without a body reaches the caller as %s', async (status, code) => {
    const { ask } = await refusing(status, 9)
    expectError(await ask(), { status, code })
  })

  it.each([
    [400, 400, 'bad.request'],
    [404, 404, 'not.found'],
    [403, 502, 'upstream.forbidden'],
  ])(
    '%i in a body nested too deep to be written is that status without the body',
    async (sent, status, code) => {
      const body = `{"status":${sent},"code":"some.code","message":"deep","details":${nested()}}`
      const { ask } = await refusing(sent, 9, body)
      expectError(await ask(), { status, code })
    },
  )

  it('413 with a page of HTML is about the size all the same, without the page', async () => {
    const { ask } = await refusing(413, 9, '<html>canary</html>')
    const answer = await ask()
    expectError(answer, { status: 413, code: 'request.entity.too.large' })
    expect(answer.text).not.toContain('canary')
  })

  it('413 to many ids is asked again in halves', async () => {
    const { org, reader } = await world()
    const ids = org.people(8).map(({ id }) => id)
    org.addFaults([{ match: { path: '/api/v2/license/users' }, times: 2, do: { status: 413 } }])
    const answer = await reader(postLicenseUsers)({ body: JSON.stringify(ids) })
    expect(answer.status).toBe(200)
    expect(Object.keys(Object(answer.json)).sort()).toEqual([...ids].sort())
    expect(org.requests().map(({ status }) => status)).toEqual([413, 413, 200, 200, 200])
  })
})

describe('a permission that our OAuth client lacks', () => {
  it('is a 502 that names it, not retried, without the token (H11)', async () => {
    const { org, reader, logged } = await world({
      org: { clients: { reader: { permissions: [] } } },
    })
    const answer = await reader(getLicenseDefinition)({ pathParameters: { licenseId: 'cloudCX1' } })
    expectError(answer, { status: 502, code: 'upstream.forbidden' })
    expect(answer.text).toContain('authorization:license:view')
    expect(org.requests()).toHaveLength(1)
    expect(JSON.parse(logged.join(''))).toMatchObject({
      errorCode: 'upstream.forbidden',
      UpstreamForbidden: 1,
    })
  })

  it('is named even where Genesys names none (H11)', async () => {
    const { ask } = await refusing(403, 9, { status: 403, code: 'not.authorized', message: 'No.' })
    const answer = await ask()
    expectError(answer, { status: 502, code: 'upstream.forbidden' })
    expect(answer.text).toContain('authorization:license:view')
  })
})

describe('an answer of something before Genesys', () => {
  const bodies: readonly (readonly [string, unknown])[] = [
    ['a page of HTML', '<html><body>canary: request blocked</body></html>'],
    ['a page behind a byte order mark', '\uFEFF\n<!DOCTYPE html><title>canary</title>'],
    ['text', 'canary: Forbidden'],
    ["another server's JSON", { message: 'canary: Forbidden' }],
  ]
  const refusals = [400, 401, 403, 404, 409, 415].flatMap((status) =>
    bodies.map(([what, body]) => ({ status, what, body })),
  )

  it.each(refusals)(
    '$status with $what is a 502 that says where to look, and neither of us nor of the user',
    async ({ status, body }) => {
      const { ask, org, logged, awsActions } = await refusing(status, 9, body)
      const answer = await ask()
      expectError(answer, { status: 502, code: 'upstream.bad.response' })
      expect(answer.text).toContain(`Not Genesys but something before it answered (status ${status})`)
      expect(answer.text).toContain('proxy, firewall or web filter')
      expect(answer.text).not.toMatch(/canary|permission/)
      expect([org.requests().length, awsActions()]).toEqual([1, ['GetSecretValue']])
      const line = JSON.parse(logged.join(''))
      expect(line).not.toHaveProperty('UpstreamForbidden')
      expect(line).not.toHaveProperty('UpstreamUnauthorized')
    },
  )

  it('200 with a page of HTML says where to look too', async () => {
    const { ask } = await refusing(200, 9, '<html>canary: please log in</html>')
    const answer = await ask()
    expectError(answer, { status: 502, code: 'upstream.bad.response' })
    expect(answer.text).toContain('proxy, firewall or web filter')
    expect(answer.text).not.toContain('canary')
  })

  it.each([502, 503])('%i with a page of HTML is a passing failure as from Genesys', async (status) => {
    const { ask, org } = await refusing(status, 2, '<html>Bad gateway</html>')
    expect((await ask()).status).toBe(200)
    expect(org.requests()).toHaveLength(3)
  })
})

describe('a request to Genesys', () => {
  it('names the gateway and its version, to the login host too', async () => {
    const { reader, rotateNow, scripted, ...each } = await world()
    const names: (string | undefined)[] = []
    const origin = await startServer((request, response) => {
      names.push(request.headers['user-agent'])
      response.end('{}')
    })
    const elsewhere = { ...each.variables, GENESYS_API_URL: origin }
    await reader(getLicenseUser, {}, elsewhere)(userIn(each).event)
    await grant({ clientId: 'id', clientSecret: 'secret' }, origin, nodeTransport, each.clock).catch(() => {})
    await tryToken('token', origin, nodeTransport)
    const { version } = packageJson
    expect(names).toEqual(Array(3).fill(`genesys-license-gateway/${version}`))
  })

  it('without a name would be turned away by what stands before the embedded org', async () => {
    const { org } = await world()
    const status = await new Promise((resolve) =>
      get(`${org.url}/api/v2/license/users`, (answer) => resolve(answer.statusCode)),
    )
    expect(status).toBe(403)
  })
})

describe('a passing failure of Genesys', () => {
  it.each([
    [502, 503, 'upstream.unavailable'],
    [503, 503, 'upstream.unavailable'],
    [504, 504, 'request.timeout'],
  ])('%i is tried three times with jitter, then a %i (H15)', async (status, served, code) => {
    const { ask, org, clock } = await refusing(status, 9)
    expectError(await ask(), { status: served, code })
    expect(org.requests()).toHaveLength(3)
    expect(clock.sleeps).toHaveLength(2)
    expect(clock.sleeps[0]).toBeLessThan(400)
    expect(clock.sleeps[1]).toBeLessThan(800)
  })

  it.each([502, 503, 504])('%i twice and then an answer is a success (H15)', async (status) => {
    const { ask, org } = await refusing(status, 2)
    expect((await ask()).status).toBe(200)
    expect(org.requests().map((request) => request.status)).toEqual([status, status, 200])
  })

  it.each([500, 501, 508, 418, 408])('%i is not tried again (H15)', async (status) => {
    const { ask, org, clock } = await refusing(status, 9, { code: 'x', message: 'internal text' })
    const answer = await ask()
    expectError(
      answer,
      status === 408
        ? { status: 504, code: 'request.timeout' }
        : { status: 502, code: 'upstream.bad.response' },
    )
    expect(answer.text).not.toContain('internal text')
    expect([org.requests().length, clock.sleeps]).toEqual([1, []])
  })

  it('is not tried again when the deadline leaves no room (H15)', async () => {
    const { org, reader, clock, scripted } = await world()
    const { event } = userIn({ org })
    let sent = 0
    const ask = reader(getLicenseUser, {
      transport: scripted(async () => {
        sent++
        clock.advance(13_400)
        return { status: 503, headers: {}, body: Buffer.from('') }
      }),
    })
    expectError(await ask(event), { status: 503, code: 'upstream.unavailable' })
    expect([sent, clock.sleeps]).toEqual([1, []])
  })
})
