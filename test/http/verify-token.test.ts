/** Tokens that a stranger makes up around a key's public name: each is refused, and none is a fault of ours. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixedKeys, KeysUnreachable, signingKeysIn } from '../../lib/http/issuer-keys.ts'
import { TokenRefused, tokenVerifier } from '../../lib/http/verify-token.ts'
import { askingFor, type Issuer, type SigningAlgorithm, startIssuer } from '../support/identity/issuer.ts'
import { token } from '../support/identity/tokens.ts'

const ALGORITHMS = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const
const unauthorized = /^Unauthorized$/

/** A token of the issuer by its own words, with this header and these bytes for a signature. */
const madeUp = ({ issuer }: Issuer, header: object, signature: Buffer, claims: object = {}) =>
  token(
    { alg: 'ES256', kid: 'key-1', ...header },
    { iss: issuer, aud: 'gateway', exp: 4_000_000_000, scope: 'write', ...claims },
    () => signature,
  )

describe.each(ALGORITHMS)('where the issuer signs with %s', (alg) => {
  it("its tokens are good, and those made up with its key's name are refused, whatever their signature", async () => {
    const issuer = await startIssuer({ alg })
    const { ask, logged } = askingFor(issuer)
    expect((await ask(issuer.mint({ scope: 'write' }))).context).toMatchObject({ role: 'operator' })
    for (const length of [1, 3, 63, 64, 65, 96, 132, 256, 1_000]) {
      await expect(ask(madeUp(issuer, { alg }, Buffer.alloc(length, 7)))).rejects.toThrow(unauthorized)
    }
    expect(new Set(logged().map(({ code, reason }) => `${code} ${reason}`))).toEqual(
      new Set(['token.refused signature']),
    )
  })

  it('a token that says another algorithm is refused for that', async () => {
    const issuer = await startIssuer({ alg })
    const { ask, logged } = askingFor(issuer)
    const takes: readonly string[] = alg === 'RS256' ? ['RS256', 'RS384', 'RS512'] : [alg]
    const others = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'HS256', 'PS256', 'none']
    const wrong = others.filter((other) => !takes.includes(other))
    for (const other of wrong) {
      for (const length of [64, 96, 132, 256]) {
        await expect(ask(madeUp(issuer, { alg: other }, Buffer.alloc(length, 7)))).rejects.toThrow(
          unauthorized,
        )
      }
    }
    expect(new Set(logged().map(({ reason }) => reason))).toEqual(new Set(['algorithm']))
  })
})

describe('a key that is damaged', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const damaged: readonly (readonly [string, SigningAlgorithm, object])[] = [
    ['an RSA key without its modulus', 'RS256', { ...rsa, n: undefined }],
    ['an RSA key without its exponent', 'RS256', { ...rsa, e: '' }],
    ['a curve that nobody knows', 'ES256', { ...ec, crv: 'P-999' }],
    ['a curve that is not taken', 'ES256', { ...ec, crv: 'secp256k1' }],
    ['a point that is not on its curve', 'ES256', { ...ec, y: ec.x }],
    ['half a point', 'ES256', { ...ec, y: undefined }],
    ['an Ed25519 key that is too short', 'EdDSA', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }],
    [
      'a key that agrees on keys',
      'EdDSA',
      { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32, 9).toString('base64url') },
    ],
    ['an elliptic key for RSA', 'RS256', { ...ec, alg: 'RS256' }],
    ['an RSA key for elliptic curves', 'ES256', { ...rsa, alg: 'ES256' }],
    ['no key to sign with', 'RS256', { kty: 'oct', k: 'c2VjcmV0' }],
  ]

  it.each(damaged)('is as if it were not there: %s', async (_name, alg, key) => {
    const issuer = await startIssuer({ besides: [{ ...key, kid: 'damaged' }] })
    const { ask, logged } = askingFor(issuer)
    const signature = Buffer.alloc(64, 7)
    await expect(ask(madeUp(issuer, { alg, kid: 'damaged' }, signature))).rejects.toThrow(unauthorized)
    expect(logged()).toMatchObject([{ code: 'token.refused', reason: 'unknown.key' }])
    expect((await ask(issuer.mint({ scope: 'read' }))).context).toMatchObject({ role: 'viewer' })
  })

  it('does not stand before a sound one of its name', async () => {
    const issuer = await startIssuer({ besides: [{ ...rsa, n: undefined, kid: 'key-1' }] })
    const { ask } = askingFor(issuer)
    expect((await ask(issuer.mint({ scope: 'read' }))).context).toMatchObject({ role: 'viewer' })
  })

  it('is told where there is no other, and nobody knows whose tokens are good', async () => {
    const issuer = await startIssuer({ besides: [{ ...rsa, n: undefined, kid: 'damaged' }] })
    const mine = issuer.mint()
    issuer.removeKey('key-1')
    const { ask, logged } = askingFor(issuer)
    await expect(ask(mine)).rejects.toThrow(/^(?!Unauthorized$)/)
    expect(logged()).toMatchObject([
      { code: 'keys.unreachable', error: { cause: { message: expect.stringContaining('has no key') } } },
    ])
  })
})

it('times that are none are no fault of ours', async () => {
  const issuer = await startIssuer()
  const { ask, logged } = askingFor(issuer)
  for (const claims of [
    { exp: -1e300 },
    { exp: -1e15 },
    { nbf: 1e300 },
    { nbf: 1e15 },
    { exp: 1e300, nbf: 1e300 },
  ]) {
    await expect(ask(issuer.mint(claims))).rejects.toThrow(unauthorized)
  }
  expect(new Set(logged().map(({ code }) => code))).toEqual(new Set(['token.refused']))
  expect(await ask(issuer.mint({ exp: 1e300, nbf: -1e300, scope: 'read' }))).toMatchObject({
    context: { role: 'viewer' },
  })
})

describe('whatever a token is', () => {
  const issuer = 'https://issuer.example.com'
  const pairs = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    ed25519: generateKeyPairSync('ed25519'),
  }
  const kids = Object.keys(pairs)
  const jwks = signingKeysIn(
    {
      keys: Object.entries(pairs).map(([kid, { publicKey }]) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
      })),
    },
    'the test',
  )
  const verify = tokenVerifier({ issuer, audiences: ['gateway'], audienceClaim: 'aud' }, fixedKeys(jwks))

  const header = fc.record(
    {
      alg: fc.oneof(fc.constantFrom(...ALGORITHMS, 'HS256', 'none', ''), fc.jsonValue()),
      kid: fc.oneof(
        fc.constantFrom(...kids),
        fc.constantFrom('__proto__', 'constructor', ''),
        fc.jsonValue(),
      ),
      crit: fc.jsonValue(),
    },
    { requiredKeys: ['alg', 'kid'] },
  )
  const time = fc.oneof(fc.constant(4_000_000_000), fc.double(), fc.jsonValue())
  const claims = fc.record(
    {
      iss: fc.oneof(fc.constant(issuer), fc.jsonValue()),
      aud: fc.oneof(fc.constant('gateway'), fc.array(fc.string()), fc.jsonValue()),
      exp: time,
      nbf: time,
      iat: time,
      sub: fc.jsonValue(),
      scope: fc.jsonValue(),
      ['__proto__']: fc.jsonValue(),
    },
    { requiredKeys: ['iss', 'aud', 'exp'] },
  )
  const part = fc.oneof(fc.base64String(), fc.string(), fc.constantFrom('', 'bnVsbA', 'W10', 'eyJ9'))
  const deep = fc.nat(12_000).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`)

  /** What becomes of it: the reason of a refusal, or the claims. */
  const outcomeOf = async (jwt: string) => {
    try {
      return await verify(jwt)
    } catch (error) {
      if (error instanceof TokenRefused || error instanceof KeysUnreachable) return error
      throw error
    }
  }
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 300 }).map((given) => Buffer.from(given))

  it('it is refused for a reason that has a name, unless somebody with a key made it', async () => {
    const made = fc.oneof(
      fc.tuple(header, claims, bytes).map(([head, body, signature]) => token(head, body, () => signature)),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      fc.tuple(header, deep).map(([head, body]) => {
        const parts = [JSON.stringify(head), `{"iss":"${issuer}","aud":"gateway","exp":4e9,"x":${body}}`, 'x']
        return parts.map((each) => Buffer.from(each).toString('base64url')).join('.')
      }),
      fc.string({ unit: 'binary' }),
    )
    await fc.assert(
      fc.asyncProperty(made, async (jwt) => {
        expect(await outcomeOf(jwt)).toBeInstanceOf(TokenRefused)
      }),
      { numRuns: 500 },
    )
  })
})

it.each(ALGORITHMS)(
  'a sound token of %s with a character changed, added or lost is refused or the same',
  async (alg) => {
    const issuer = await startIssuer({ alg })
    const { ask, logged } = askingFor(issuer)
    const sound = issuer.mint({ scope: 'write' })
    const { principalId, context } = await ask(sound)
    const change = fc.record({
      at: fc.nat(sound.length - 1),
      lost: fc.nat(2),
      added: fc.string({ unit: fc.constantFrom('A', 'b', '7', '-', '_', '.', '='), maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, lost, added }) => {
        const answer = await ask(sound.slice(0, at) + added + sound.slice(at + lost)).catch(
          (error: unknown) => error,
        )
        // The last bits of a signature's last letter mean nothing, and neither does padding.
        if (answer instanceof Error) expect(answer.message).toBe('Unauthorized')
        else expect(answer).toMatchObject({ principalId, context })
      }),
    )
    expect(logged().filter(({ code }) => code !== 'token.refused')).toEqual([])
  },
)
