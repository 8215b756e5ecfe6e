/** The client secrets and the access tokens, sought in everything that leaves the gateway while things go wrong (I23). */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import { getLicenseOrganization } from '../../../lib/operations/license/get-license-organization.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { capturePrinting, expectNowhere } from '../../support/identity/canaries.ts'
import { giftIn, userIn } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

const clients = {
  reader: { clientSecret: 'kanarienvogel-reader' },
  writer: { clientSecret: 'kanarienvogel-writer' },
}

/** Where a write reads before and after. */
const READING = '/api/v2/license/users'

/** By then a rotation that failed for a moment has been tried again. */
const UNTIL_REPEATED_MS = 10 * 60_000

const printed = capturePrinting()

/** What must be found nowhere: secrets, tokens, and the pair as an Authorization header has it. */
async function canaries({ org, client, arns }: World): Promise<string[]> {
  const tokens = [arns.readToken, arns.writeToken].map((arn) => tokenIn(client, arn))
  const basics = Object.values(org.clients).map(({ clientId, clientSecret }) =>
    Buffer.from(`${clientId}:${clientSecret}`).toString('base64'),
  )
  return ['kanarienvogel', ...(await Promise.all(tokens)), ...basics]
}

async function tokenIn(client: World['client'], SecretId: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }))
  return String(JSON.parse(SecretString ?? '').accessToken)
}

/** Everything a Genesys gone wrong might send, each repeating the token it was given. */
const hostile = (token: string): OrgFault['do'][] => {
  const error = { code: 'c', message: `got Bearer ${token}`, details: [{ fieldName: token }], [token]: token }
  return [
    ...[400, 401, 403, 404, 408, 409, 413, 415, 429, 500, 502, 503, 504, 302, 418].map((status) => ({
      status,
      headers: { 'ININ-Correlation-Id': token, Location: `/?token=${token}`, 'WWW-Authenticate': token },
      body: error,
    })),
    { status: 400, body: `Bearer ${token}` },
    { status: 404, headers: { 'Content-Type': 'text/html' }, body: `<html>${token}</html>` },
    { status: 200, body: `{"id": Bearer ${token}` },
    { status: 200, body: token },
    { status: 200, body: { id: [token], entities: { [token]: token }, pageCount: token } },
    { status: 200, headers: { 'Content-Encoding': token }, body: token },
    { status: 200, headers: { 'Content-Encoding': 'gzip' }, body: token },
    { status: 200, headers: { 'Retry-After': token, 'inin-ratelimit-count': token }, body: '[]' },
    { reset: true },
    { truncateAtByte: 9 },
  ]
}

describe('neither secret nor token is in a log line, an answer or an error', () => {
  it('when Genesys repeats them in whatever it answers (I23)', async () => {
    const each = await world({ org: { clients } })
    const sought = await canaries(each)
    const { readToken, writeToken } = each.arns
    const asks = [
      [each.reader(getLicenseUser), userIn(each), readToken],
      [each.walker(getLicenseOrganization), { path: '/api/v2/license/users', event: {} }, readToken],
      [each.writer(postLicenseOrganization), giftIn(each), writeToken],
      [each.writer(postLicenseOrganization), { ...giftIn(each), path: READING }, writeToken],
    ] as const
    const answers: unknown[] = []
    for (const [ask, { path, event }, secret] of asks) {
      for (const which of hostile('').keys()) {
        // Refused ones are renewed on the way.
        const token = await tokenIn(each.client, secret)
        sought.push(token)
        each.org.addFaults(
          hostile(token).flatMap((action, n) =>
            n === which ? [{ match: { path }, times: 9, do: action }] : [],
          ),
        )
        answers.push(await ask(event))
        each.org.clearFaults()
        // A change of unknown outcome holds its target until the quiet period is over.
        await each.later(66_000)
        each.org.reset()
      }
    }
    expect(answers).toHaveLength(100)
    expect(each.logged.filter((line) => line.includes('"request.served"'))).toHaveLength(100)
    const changes = await each.changes()
    expect(changes.length).toBeGreaterThanOrEqual(25)
    expectNowhere(sought, [answers, each.logged, printed, changes, each.aws.events()])
  })

  it('when the secret is broken around them (I23)', async () => {
    const each = await world({ org: { clients } })
    const broken = [
      'kanarienvogel',
      '{"accessToken":"kanarienvogel',
      '["kanarienvogel"]',
      '{"kanarienvogel":1}',
      '"kanarienvogel"',
      '{"accessToken":"kanarienvogel","expiresAt":"kanarienvogel"}',
    ]
    const answers: unknown[] = []
    for (const value of [...broken, Buffer.from('kanarienvogel')]) {
      each.aws.putSecret(each.arns.readToken, value)
      const answer = await each.reader(getLicenseUser)(userIn(each).event)
      expect(answer.status).toBe(503)
      answers.push(answer)
    }
    expectNowhere(['kanarienvogel'], [answers, each.logged, printed])
  })

  it('when AWS answers with half of the secret (I23)', async () => {
    const each = await world({ org: { clients } })
    const answers: unknown[] = []
    for (const text of [
      '{"SecretString": kanarienvogel',
      '{"SecretString":"{\\"accessToken\\":\\"kanarienvogel',
      '<kanarienvogel>',
      '',
    ]) {
      const transport: Transport = async (request) =>
        request.origin === each.aws.url
          ? {
              status: 200,
              headers: { 'content-type': 'application/x-amz-json-1.1' },
              body: Buffer.from(text),
            }
          : nodeTransport(request)
      const answer = await each.reader(getLicenseUser, { transport })(userIn(each).event)
      expect(answer).toMatchObject({ status: 503, json: { code: 'credentials.unavailable' } })
      answers.push(answer)
    }
    expectNowhere(['kanarienvogel'], [answers, each.logged, printed])
  })

  it('when a rotation fails in any way (I23)', async () => {
    const each = await world({ org: { clients } })
    const { clientId, clientSecret } = each.org.clients.reader
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const failures: OrgFault['do'][] = [
      { status: 400, body: { error: 'invalid_client', description: `Basic ${basic} ${clientSecret}` } },
      { status: 401, body: `{"error": ${clientSecret}` },
      { status: 500, body: clientSecret },
      { status: 302, headers: { Location: `/${clientSecret}` } },
      {
        status: 200,
        body: {
          access_token: 'kanarienvogel',
          token_type: 'kanarienvogel',
          expires_in: 'kanarienvogel',
          kanarienvogel: 1,
        },
      },
      { status: 200, body: { access_token: 'kanarienvogel', token_type: 'bearer', expires_in: 300 } },
      { status: 200, body: { access_token: 'kanarienvogel', token_type: 'bearer', expires_in: 86_400 } },
      { status: 200, body: '{"access_token": kanarienvogel' },
      { reset: true },
    ]
    const errors: unknown[] = []
    for (const action of failures) {
      each.org.addFaults([{ match: { path: '/oauth/token' }, times: 9, do: action }])
      await each.rotateNow()
      each.org.clearFaults()
      errors.push(each.aws.lastRotationError(each.arns.readToken))
      await each.aws.advance(UNTIL_REPEATED_MS)
    }
    each.aws.fail('PutSecretValue', { type: 'InternalServiceError', status: 500, times: 9 })
    await each.rotateNow()
    errors.push(each.aws.lastRotationError(each.arns.readToken))
    await each.aws.advance(UNTIL_REPEATED_MS)
    for (const value of [
      'kanarienvogel',
      '{"clientId":"kanarienvogel","clientSecret":',
      '{"clientSecret":"kanarienvogel"}',
    ]) {
      each.aws.putSecret(each.arns.readClient, value)
      await each.rotateNow()
      errors.push(each.aws.lastRotationError(each.arns.readToken))
    }
    for (const error of errors) expect(error).toBeInstanceOf(Error)
    expectNowhere(await canaries(each), [...errors, each.logged, printed])
  })
})
