/** Tokens that are not to be trusted, through the deployed authorizer and over a socket (N01 to N03). */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { issuerOf, LOCAL_AUDIENCE, mint } from '../../../infra/local/identity.ts'
import { gatewayForTests, sendRaw } from '../../support/gateway.ts'
import { hmacOf, signedBy, signedText, token } from '../../support/identity/tokens.ts'
import { nested } from '../../support/nested.ts'
import { expectError, expectUntouched } from '../../support/refusals.ts'

const stack = await gatewayForTests()
const issuer = issuerOf(stack.gateway)
const path = '/api/v2/license/definitions'

const identity: { privateKey: string } = JSON.parse(
  readFileSync(join(stack.directory, 'identity.json'), 'utf8'),
)
const { privateKey } = identity
const publicKey = createPublicKey(createPrivateKey(privateKey))
const publicPem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
const publicJwk = publicKey.export({ format: 'jwk' })
const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()

const nowSeconds = Math.floor(Date.now() / 1000)
const HOUR = 3600
const header = { alg: 'EdDSA', typ: 'JWT', kid: 'local' }
const claims = {
  iss: issuer,
  aud: LOCAL_AUDIENCE,
  iat: nowSeconds,
  exp: nowSeconds + HOUR,
  sub: 'mallory',
  scope: 'approver',
}
const minted = (changes: Record<string, unknown>) =>
  mint(privateKey, { iss: issuer, sub: 'ana', scope: 'approver', ...changes })
const { exp: _never, ...endless } = claims
const sound = minted({})
const [head = '', payload = '', signature = ''] = sound.split('.')

/** What a token is, the reason in the log, and the token. */
const untrusted: readonly (readonly [string, string, string])[] = [
  ['has expired (N03)', 'expired', minted({ exp: nowSeconds - HOUR })],
  ['is not valid yet (N03)', 'not.yet', minted({ nbf: nowSeconds + HOUR })],
  ['is for another audience (N03)', 'audience', minted({ aud: 'another-api' })],
  ['is for no audience (N03)', 'audience', minted({ aud: undefined })],
  ['is of another issuer (N03)', 'issuer', minted({ iss: 'https://evil.example.net' })],
  ['has an issuer that begins like ours (N03)', 'issuer', minted({ iss: `${issuer}.example.net` })],
  ['never ends (N03)', 'malformed', token(header, endless, signedBy(privateKey))],
  ['ends in words (N03)', 'malformed', minted({ exp: 'never' })],
  ['has alg none and no signature (N03)', 'malformed', token({ ...header, alg: 'none' }, claims)],
  [
    'has alg None and a signature (N03)',
    'algorithm',
    token({ ...header, alg: 'None' }, claims, signedBy(privateKey)),
  ],
  ['has no alg (N03)', 'malformed', token({ typ: 'JWT', kid: 'local' }, claims, signedBy(privateKey))],
  [
    'is HS256 with the public key in PEM (N03)',
    'algorithm',
    token({ ...header, alg: 'HS256' }, claims, hmacOf(publicPem)),
  ],
  [
    'is HS256 with the bytes of the public key (N03)',
    'algorithm',
    token({ ...header, alg: 'HS256' }, claims, hmacOf(Buffer.from(publicJwk.x ?? '', 'base64url'))),
  ],
  [
    'has an unknown kid (N03)',
    'unknown.key',
    token({ ...header, kid: 'other' }, claims, signedBy(privateKey)),
  ],
  ['has no kid (N03)', 'malformed', token({ alg: 'EdDSA', typ: 'JWT' }, claims, signedBy(privateKey))],
  ["is signed by somebody else's key (N03)", 'signature', token(header, claims, signedBy(stranger))],
  [
    'brings its own key (N03)',
    'signature',
    token(
      { ...header, jwk: createPublicKey(stranger).export({ format: 'jwk' }) },
      claims,
      signedBy(stranger),
    ),
  ],
  [
    'names where to find its key (N03)',
    'unknown.key',
    token({ ...header, kid: 'x', jku: 'http://127.0.0.1:1/jwks' }, claims, signedBy(stranger)),
  ],
  [
    'has a critical extension nobody knows (N03)',
    'critical',
    token({ ...header, crit: ['x'], x: 1 }, claims, signedBy(privateKey)),
  ],
  [
    'has other claims than were signed (N03)',
    'signature',
    `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`,
  ],
  ['has lost its signature (N03)', 'malformed', `${head}.${payload}.`],
  ['has lost its last part (N03)', 'malformed', `${head}.${payload}`],
  ['is signed twice (N03)', 'malformed', `${sound}.${signature}`],
  ['is no token (N03)', 'malformed', 'token'],
  ['has claims that are no object (N03)', 'malformed', token(header, 'approver', signedBy(privateKey))],
  [
    'has claims nested without end (N03)',
    'malformed',
    signedText(header, `${JSON.stringify(claims).slice(0, -1)},"x":${nested(2_000)}}`, signedBy(privateKey)),
  ],
  ['is 10,000 characters of nothing (N03)', 'malformed', 'a'.repeat(10_000)],
]

describe('a token', () => {
  it.each(untrusted)('that %s gets 401, and the log says %s', async (_name, reason, jwt) => {
    const answer = await sendRaw(stack, { path, authorization: `Bearer ${jwt}` })
    expectError(answer, { status: 401, code: 'authentication.required', details: [] })
    expectUntouched(stack)
    expect(stack.logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ code: 'token.refused', reason, operation: 'getLicenseDefinitions' }),
    ])
    for (const part of jwt.split('.')) if (part.length > 10) expect(stack.logged[0]).not.toContain(part)
  })

  it('may be late or early by a minute, as clocks differ (N03)', async () => {
    // By seconds from when it is sent; whatever a busy machine takes until it is looked at, they are on that side.
    for (const [status, claim, seconds] of [
      [200, 'exp', -30],
      [401, 'exp', -75],
      [200, 'nbf', 45],
      [401, 'nbf', 90],
    ] as const) {
      const jwt = minted({ [claim]: Math.floor(Date.now() / 1000) + seconds })
      const answer = await sendRaw(stack, { path, authorization: `Bearer ${jwt}` })
      expect([answer.status, claim, seconds]).toEqual([status, claim, seconds])
    }
  })

  it('that was minted here for all routes is good for them (N03)', async () => {
    for (const blanks of [' ', '  ', '    ']) {
      const answer = await sendRaw(stack, { path, authorization: `Bearer${blanks}${sound}` })
      expect(answer.status).toBe(200)
    }
  })

  it.each([
    ['no credentials (N01)', null],
    ['an empty header (N01)', ''],
    ['a password (N01)', 'Basic YW5hOnNlY3JldA=='],
    ['a key alone (N02)', 'ApiKey 0123456789'],
    ['a scheme alone (N01)', 'Bearer'],
  ])('in place of which there is %s gets 401', async (_name, authorization) => {
    const answer = await sendRaw(stack, { path, authorization, headers: ['X-Api-Key', '0123456789'] })
    expectError(answer, { status: 401, code: 'authentication.required' })
    expectUntouched(stack)
  })

  it('is not taken from anywhere but the Authorization header (N01)', async () => {
    const answer = await sendRaw(stack, {
      path: `${path}?access_token=${sound}`,
      authorization: null,
      headers: ['Cookie', `token=${sound}`, 'X-Authorization', `Bearer ${sound}`],
    })
    expectError(answer, { status: 401, code: 'authentication.required' })
    expectUntouched(stack)
  })
})
