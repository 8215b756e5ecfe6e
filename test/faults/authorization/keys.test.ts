/** The token issuer's key server is ill, lies or is asked too much: cannot know is not no. */
import type { RequestListener } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { takePort } from '../../../infra/local/gateway/server.ts'
import { issuerKeys, KEYS_TIMEOUT_MS } from '../../../lib/http/issuer-keys.ts'
import { metricNames } from '../../../lib/observe/metric-names.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import {
  type AskingOptions,
  askingFor,
  type IssuerOptions,
  startIssuer,
} from '../../support/identity/issuer.ts'
import { dripping } from '../../support/servers.ts'

const DISCOVERY = '/.well-known/openid-configuration'

/** An issuer, the authorizer before it, and a sound token of the newest key. */
async function asking(options: IssuerOptions & AskingOptions = {}) {
  const issuer = await startIssuer(options)
  const sound = () => issuer.mint({ scope: 'read' })
  return {
    issuer,
    sound,
    forged: () => issuer.mint({ scope: 'write' }, `forged-${Math.random()}`),
    ...askingFor(issuer, options),
  }
}

/** Anything but a 401. */
const unknown = /^(?!Unauthorized$)/
const unauthorized = /^Unauthorized$/
const viewer = { context: { role: 'viewer' } }
const unreachable = {
  code: 'keys.unreachable',
  level: 'ERROR',
  [metricNames.keysUnreachable]: 1,
  Stack: 'door',
}

/** Real milliseconds that are waited for a server that never answers. */
const PATIENCE_MS = 200

type Faults = readonly (readonly [string, RequestListener])[]

const answered: Faults = [
  ['403', (_, response) => void response.writeHead(403).end()],
  ['404', (_, response) => void response.writeHead(404).end('{}')],
  ['500', (_, response) => void response.writeHead(500).end()],
  ['a redirect', (_, response) => void response.writeHead(302, { location: '/keys2' }).end()],
  ['a page of a firewall', (_, response) => void response.end('<html>Blocked</html>')],
  ['nothing', (_, response) => void response.end()],
  ['bytes that are no text', (_, response) => void response.end(Buffer.from([0xff, 0xfe, 0x00]))],
  ['an empty document', (_, response) => void response.end('{}')],
  ['a set without keys', (_, response) => void response.end('{"keys":[]}')],
  ['keys that are none', (_, response) => void response.end('{"keys":[null,{"kid":"key-1"}]}')],
  ['a broken connection', (request) => void request.socket.destroy()],
  [
    'half an answer',
    (request, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('{"keys":')
      setImmediate(() => request.socket.destroy())
    },
  ],
]

const silent: Faults = [
  ['does not answer', () => {}],
  ['answers a byte now and then', dripping(20)],
]

describe('a good token is neither let in nor refused', () => {
  it.each(answered)('where the key server answers %s', async (_name, fault) => {
    for (const at of [DISCOVERY, '/keys']) {
      const { issuer, sound, ask, clock, logged } = await asking()
      issuer.failing(fault, at)
      await expect(ask(sound())).rejects.toThrow(unknown)
      expect(logged()).toMatchObject([{ ...unreachable, requestId: 'request-1', operation: 'getOpenApi' }])
      expect(JSON.stringify(logged())).not.toContain(sound().split('.')[1])

      issuer.mend()
      clock.advance(5_000)
      expect(await ask(sound())).toMatchObject(viewer)
    }
  })

  it.each(silent)('where the key server %s, and is waited for no longer', async (_name, fault) => {
    for (const at of [DISCOVERY, '/keys']) {
      const { issuer, sound, ask, logged } = await asking({ machine: { keysTimeoutMs: PATIENCE_MS } })
      issuer.failing(fault, at)
      await expect(ask(sound())).rejects.toThrow(unknown)
      expect(logged()).toMatchObject([unreachable])
    }
  })

  it('where nobody listens', async () => {
    const { issuer, sound, ask, logged } = await asking()
    await issuer.close()
    await expect(ask(sound())).rejects.toThrow(unknown)
    expect(logged()).toMatchObject([unreachable])
  })

  it('where nobody vouches for the key server', async () => {
    const { issuer, sound } = await asking()
    const another = await startIssuer()
    const { ask, logged } = askingFor({ ...issuer, certificate: another.certificate })
    await expect(ask(sound())).rejects.toThrow(unknown)
    expect(logged()).toMatchObject([unreachable])
    expect(issuer.asked).toEqual([])
  })

  it.each([
    ['is of another issuer', { issuer: 'https://evil.example.net' }],
    ['is of none', { issuer: undefined }],
    ['names keys that anybody between could change', { jwks_uri: 'http://localhost/keys' }],
    ['names keys in a file', { jwks_uri: 'file:///etc/keys' }],
    ['names no keys', { jwks_uri: undefined }],
    ['names keys that are no URL', { jwks_uri: '/keys' }],
  ])('where the discovery document %s, and the log says so', async (_name, discovery) => {
    const { issuer, sound, ask, logged } = await asking({ discovery })
    await expect(ask(sound())).rejects.toThrow(unknown)
    const why = /is of the issuer https:..evil|is no discovery document|has a jwks_uri that is no https URL/
    const cause = { message: expect.stringMatching(why) }
    expect(logged()).toMatchObject([{ ...unreachable, error: { name: 'KeysUnreachable', cause } }])
    expect(issuer.asked).not.toContain('/keys')
  })
})

describe('while the key server is down', () => {
  it('known keys go on counting, for hours too', async () => {
    const { issuer, sound, ask, clock, logged } = await asking()
    await ask(sound())
    await issuer.close()
    for (const hours of [0, 1, 2]) {
      clock.advance(hours * 3_600_000)
      expect(await ask(sound())).toMatchObject(viewer)
    }
    // Asked once a minute at most, and told in the log each time.
    expect(await ask(sound())).toMatchObject(viewer)
    expect(logged()).toMatchObject([{ code: 'keys.stale' }, { code: 'keys.stale' }])
  })

  it('a key that is not among them is not known, and a token that is bad by its own words is refused', async () => {
    const { issuer, sound, forged, ask, clock, logged } = await asking()
    await ask(sound())
    await issuer.close()
    clock.advance(5_000)
    await expect(ask(forged())).rejects.toThrow(unknown)
    for (const claims of [{ exp: 1 }, { aud: 'x' }, { iss: 'https://x.example.net' }]) {
      await expect(ask(issuer.mint(claims, 'new'))).rejects.toThrow(unauthorized)
    }
    expect(logged().map(({ code, reason }) => reason ?? code)).toEqual([
      'keys.unreachable',
      'expired',
      'audience',
      'issuer',
    ])
  })

  it('it is asked once in 5 seconds for keys that are not known', async () => {
    const { issuer, sound, forged, ask, clock } = await asking()
    await ask(sound())
    issuer.failing((_, response) => void response.writeHead(503).end())
    clock.advance(5_000)
    const before = issuer.asked.length
    for (let again = 0; again < 5; again += 1) await expect(ask(forged())).rejects.toThrow(unknown)
    expect(issuer.asked.length - before).toBe(1)
  })

  it('it is asked once in 5 seconds, whoever calls', async () => {
    const { issuer, sound, ask, clock } = await asking()
    issuer.failing((_, response) => void response.writeHead(503).end())
    const all = () => Promise.allSettled(Array.from({ length: 20 }, () => ask(sound())))
    for (const expected of [1, 1, 2]) {
      if (expected === 2) clock.advance(5_000)
      expect((await all()).map(({ status }) => status)).toEqual(Array(20).fill('rejected'))
      expect(issuer.asked).toHaveLength(expected)
    }
  })
})

describe('the key server', () => {
  it('is asked once for all who come first, and not again for an hour', async () => {
    const { issuer, sound, ask, clock } = await asking()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(sound())))
    for (const answer of answers) expect(answer).toMatchObject(viewer)
    clock.advance(3_599_000)
    await ask(sound())
    expect(issuer.asked).toEqual([DISCOVERY, '/keys'])
    clock.advance(1_000)
    await ask(sound())
    expect(issuer.asked).toEqual([DISCOVERY, '/keys', DISCOVERY, '/keys'])
  })

  it('is tried again at once where a connection broke', async () => {
    const { issuer, sound, ask } = await asking()
    issuer.failing((request) => {
      issuer.mend()
      request.socket.destroy()
    })
    expect(await ask(sound())).toMatchObject(viewer)
    expect(issuer.asked).toEqual([DISCOVERY, DISCOVERY, '/keys'])
  })

  it('has 3 seconds for discovery and keys together', async () => {
    const clock = fakeClock()
    const allowedMs: number[] = []
    const keys = issuerKeys({
      issuer: 'https://issuer.example.com',
      clock,
      timeoutMs: KEYS_TIMEOUT_MS,
      onStale: () => {},
      async fetch(url, timeoutMs) {
        allowedMs.push(timeoutMs)
        clock.advance(2_000)
        const document = { issuer: 'https://issuer.example.com', jwks_uri: 'https://issuer.example.com/keys' }
        if (url.endsWith('/keys')) throw new Error('too slow')
        return Buffer.from(JSON.stringify(document))
      },
    })
    await expect(keys.current()).rejects.toThrow('could not be fetched')
    expect(allowedMs).toEqual([3_000, 1_000])
  })
})

describe('a new key', () => {
  it('is found as soon as somebody signs with it', async () => {
    const { issuer, sound, ask, clock } = await asking()
    await ask(sound())
    clock.advance(5_000)
    issuer.addKey()
    expect(await ask(sound())).toMatchObject(viewer)
  })

  it('is found within 5 seconds though forged tokens of unknown keys never cease', async () => {
    const { issuer, sound, forged, ask, clock } = await asking()
    await ask(sound())
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000)
      await expect(ask(forged())).rejects.toThrow(unauthorized)
    }
    // One fetch in 5 s, not one a token.
    expect(issuer.asked.filter((path) => path === '/keys')).toHaveLength(13)
    issuer.addKey()
    const refusedS: number[] = []
    for (let second = 1; second <= 8; second += 1) {
      clock.advance(1_000)
      await expect(ask(forged())).rejects.toThrow(unauthorized)
      await ask(sound()).catch(() => refusedS.push(second))
    }
    expect(refusedS.length).toBeLessThanOrEqual(4)
  })

  it('in the place of one of the same name is the one that counts', async () => {
    const { issuer, sound, ask, clock, logged } = await asking()
    await ask(sound())
    const old = sound()
    issuer.removeKey('key-1')
    issuer.addKey()
    clock.advance(3_600_000)
    expect(await ask(sound())).toMatchObject(viewer)
    await expect(ask(old)).rejects.toThrow(unauthorized)
    expect(logged()).toMatchObject([{ reason: 'signature' }])
  })

  it('does not keep one that was withdrawn good for more than an hour', async () => {
    const { issuer, sound, ask, clock, logged } = await asking()
    const old = sound()
    await ask(old)
    issuer.addKey()
    issuer.removeKey('key-1')
    clock.advance(3_600_000)
    await expect(ask(old)).rejects.toThrow(unauthorized)
    expect(logged()).toMatchObject([{ reason: 'unknown.key' }])
  })
})

it('whoever calls meanwhile is told to try again, since nothing was done', async () => {
  const { issuer, sound, authorize, logged } = await asking()
  await issuer.close()
  const gateway = await takePort(0)
  gateway.open({
    now: Date.now,
    authorize,
    functionOf: () => {
      throw new Error('no function is reached')
    },
  })
  onTestFinished(gateway.close)
  const answer = await fetch(`${gateway.url}/v1/openapi.json`, {
    headers: { authorization: `Bearer ${sound()}` },
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({ status: 503, code: 'authorizer.unavailable', details: [] })
  expect(logged()).toMatchObject([unreachable])
})

it('a fault of ours is counted, and a bad token is not', async () => {
  const { sound, ask, authorize, logged } = await asking()
  await expect(ask(`${sound()}x`)).rejects.toThrow(unauthorized)
  await expect(ask('x')).rejects.toThrow(unauthorized)
  expect(logged().map((line) => '_aws' in line)).toEqual([false, false])
  await expect(authorize({ headers: 'none' })).rejects.toThrow(unknown)
  expect(logged().at(-1)).toMatchObject({
    code: 'function.failed',
    [metricNames.unforeseen]: 1,
    Stack: 'door',
  })
})
