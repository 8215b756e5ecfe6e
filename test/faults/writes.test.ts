/** The two writes when upstream fails: sent once where the outcome is unknown, resent only where nothing was done. */
import { createServer } from 'node:http'
import { beforeEach, describe, expect, it } from 'vitest'
import type { FaultAction } from '../../infra/local/org/faults.ts'
import { listen } from '../../infra/local/org/listen.ts'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { writes } from '../../lib/composition/writes.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { nodeTransport } from '../../lib/genesys/transport.ts'
import { lambda } from '../../lib/http/lambda.ts'
import { postLicenseOrganization } from '../../lib/operations/post-license-organization.ts'
import { postLicenseToggle } from '../../lib/operations/post-license-toggle.ts'
import { invokeHandler, restEvent } from '../support/events.ts'
import { gatewayForTests } from '../support/gateway.ts'
import { giving, ORGANIZATION, userAt } from '../support/license-requests.ts'
import { expectError } from '../support/refusals.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack

const user = userAt(stack, 0)
const TOGGLE = '/api/v2/license/toggles/wallboards'

/** How long this file waits for an answer that never comes. Milliseconds. */
const SHORT_MS = 150

/** A token made now is too young to be rotated again; these containers live eleven minutes later. Milliseconds. */
const LATER_MS = 11 * 60_000

const slept: number[] = []
beforeEach(() => {
  slept.length = 0
})

/** Sleeps at once and remembers for how long; `aheadMs` moves its wall clock. */
function wakeful(aheadMs = 0): Clock {
  return {
    ...systemClock,
    nowMs: () => Date.now() + aheadMs,
    sleep: async (ms) => {
      slept.push(ms)
    },
  }
}

interface Container {
  readonly perTryTimeoutMs?: number
  readonly clock?: Clock
  readonly variables?: Readonly<Record<string, string>>
}

/** A fresh container of each write's function, invoked once. */
const toggle = ({ perTryTimeoutMs = 8_000, clock = wakeful(), variables = {} }: Container = {}) =>
  invokeHandler(
    lambda(
      postLicenseToggle,
      writes(readEnvironment({ ...process.env, ...variables }), {
        clock,
        transport: nodeTransport,
        perTryTimeoutMs,
      }),
    ),
    restEvent('postLicenseToggle', { pathParameters: { featureName: 'wallboards' } }, 'operator'),
  )

const assign = ({ perTryTimeoutMs = 8_000, clock = wakeful(), variables = {} }: Container = {}) =>
  invokeHandler(
    lambda(
      postLicenseOrganization,
      writes(readEnvironment({ ...process.env, ...variables }), {
        clock,
        transport: nodeTransport,
        perTryTimeoutMs,
      }),
    ),
    restEvent('postLicenseOrganization', { body: JSON.stringify(giving(user)) }, 'operator'),
  )

const operations = [
  ['postLicenseToggle', TOGGLE, toggle, `GET ${TOGGLE}`],
  ['postLicenseOrganization', ORGANIZATION, assign, 'GET /api/v2/license/users/{userId}'],
] as const

/** Answers that leave open whether upstream acted: what happens, the status answered, whether it did act. */
const ambiguous: readonly (readonly [string, FaultAction, number, boolean])[] = [
  ['upstream acts and the connection breaks', { applyThenReset: true }, 502, true],
  ['the connection breaks', { reset: true }, 502, false],
  ['the answer is cut off', { truncateAtByte: 5 }, 502, true],
  ['the answer has no first byte', { truncateAtByte: 0 }, 502, true],
  ['the answer stops half-way', { stallAfterBytes: 5 }, 504, true],
  ['the answer stops after its headers', { stallAfterBytes: 0 }, 504, true],
  ['upstream takes too long', { delayMs: 60_000 }, 504, false],
  ['upstream drops the connection to act later', { dropThenApplyAfterMs: 60_000 }, 502, false],
  ['upstream answers 408', { status: 408 }, 504, false],
  [
    'upstream answers 409',
    { status: 409, body: { code: 'general.conflict', message: 'conflict' } },
    409,
    false,
  ],
  ['upstream answers 500', { status: 500 }, 502, false],
  ['upstream answers 502', { status: 502, body: '<html>' }, 502, false],
  ['upstream answers 503 with Retry-After', { status: 503, headers: { 'retry-after': 1 } }, 502, false],
  ['upstream answers 504', { status: 504 }, 504, false],
  ['upstream redirects', { status: 307, headers: { location: 'https://evil.example.net/' } }, 502, false],
  ['upstream answers a status of its own', { status: 418 }, 502, false],
  ['upstream answers nothing', { status: 204 }, 502, false],
  ['upstream answers an empty body', { status: 200 }, 502, false],
  [
    'upstream answers a page',
    { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
    502,
    false,
  ],
  ['upstream answers something else', { status: 200, body: { ok: true } }, 502, false],
  [
    'upstream answers a broken encoding',
    { status: 200, body: 'none', headers: { 'content-encoding': 'gzip' } },
    502,
    false,
  ],
]

describe.each(operations)('%s, of unknown outcome', (operation, path, send, whereToLook) => {
  it.each(ambiguous)(
    'because %s, is sent once and says where to look',
    async (_name, action, status, isApplied) => {
      const before = org.truth()
      org.addFaults([{ match: { method: 'POST', path }, do: action }])
      const isSilent = 'delayMs' in action || 'stallAfterBytes' in action
      const answer = await send(isSilent ? { perTryTimeoutMs: SHORT_MS } : {})
      expectError(answer, { status, code: 'outcome.unknown' })
      const { message } = Object(answer.json)
      expect(message).toContain('outcome is unknown')
      expect(message).toContain(whereToLook)
      expect(answer.text).not.toContain('html')
      expect(org.requests().map(({ method }) => method)).toEqual(['POST'])
      expect(slept).toEqual([])
      if (isApplied) expect(org.truth()).not.toEqual(before)
      else expect(org.truth()).toEqual(before)
      expect(stack.logged.map((line) => JSON.parse(line))).toMatchObject([
        { code: 'request.served', operation, status, errorCode: 'outcome.unknown', upstreamRequests: 1 },
      ])
    },
  )
})

it('an answer for another toggle than the one switched is no answer', async () => {
  org.addFaults([
    { match: { path: TOGGLE }, do: { status: 200, body: { featureName: 'other', enabled: true } } },
  ])
  expectError(await toggle(), { status: 502, code: 'outcome.unknown' })
  expect(org.requests()).toHaveLength(1)
})

const body = (status: number, code: string) => ({ status, code, message: 'No.', details: [], errors: [] })

describe.each(operations)('%s, turned down', (_operation, path, send) => {
  it.each([
    [400, 'bad.request'],
    [404, 'not.found'],
    [413, 'request.entity.too.large'],
    [415, 'unsupported.media.type'],
  ])("with %i is answered in upstream's own words, sent once", async (status, code) => {
    const before = org.truth()
    const said = { ...body(status, code), contextId: 'upstream', entityId: 'x' }
    org.addFaults([{ match: { path }, do: { status, body: said } }])
    const answer = await send()
    expectError(answer, { status, code })
    expect(answer.json).toEqual(said)
    expect(org.requests()).toHaveLength(1)
    expect(org.truth()).toEqual(before)
  })

  it.each([
    ['is no ErrorBody', 400, '<html>no</html>', 'bad.request'],
    ['is empty', 404, undefined, 'not.found'],
    ['is a list', 413, [1], 'request.entity.too.large'],
  ])('with a body that %s is answered in ours', async (_name, status, text, code) => {
    org.addFaults([{ match: { path }, do: { status, body: text } }])
    const answer = await send()
    expectError(answer, { status, code })
    expect(answer.text).not.toContain('html')
  })

  it('with 403 is a fault of ours, not of the caller', async () => {
    org.addFaults([{ match: { path }, do: { status: 403, body: body(403, 'missing.any.permissions') } }])
    expectError(await send(), { status: 502, code: 'upstream.forbidden' })
    expect(org.requests()).toHaveLength(1)
    expect(JSON.parse(stack.logged[0] ?? '')).toMatchObject({ level: 'ERROR', upstreamStatus: 403 })
  })
})

describe.each(operations)('%s, held back by the rate limit', (_operation, path, send) => {
  it('is sent again after as long as upstream asks', async () => {
    org.addFaults([
      { match: { path }, do: { status: 429, headers: { 'retry-after': 3 }, body: body(429, 'x') } },
    ])
    const answer = await send()
    expect(answer.status).toBe(200)
    expect(slept).toHaveLength(1)
    expect(slept[0]).toBeGreaterThanOrEqual(3_000)
    expect(org.requests().map(({ status }) => status)).toEqual([429, 200])
    expect(org.truth().toggles['wallboards']).toBe(path !== TOGGLE)
  })

  it('is given up with 429 where the wait is longer than the time there is', async () => {
    org.addFaults([{ match: { path }, do: { status: 429, headers: { 'retry-after': 60 } } }])
    const answer = await send()
    expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
    expect(answer.headers['retry-after']).toBe('60')
    expect(slept).toEqual([])
    expect(org.requests()).toHaveLength(1)
  })

  it('is given up with 429 after three sendings', async () => {
    org.addFaults([{ match: { path }, times: 9, do: { status: 429, headers: { 'retry-after': 1 } } }])
    expectError(await send(), { status: 429, code: 'too.many.requests.retry.after' })
    expect(org.requests()).toHaveLength(3)
  })

  it('is not sent again where the second sending breaks off', async () => {
    org.addFaults([
      { match: { path }, do: { status: 429, headers: { 'retry-after': 1 } } },
      { match: { path }, do: { applyThenReset: true } },
    ])
    expectError(await send(), { status: 502, code: 'outcome.unknown' })
    expect(org.requests()).toHaveLength(2)
  })
})

describe.each(operations)('%s, with a refused token', (_operation, path, send) => {
  it('is sent once more with a renewed one', async () => {
    org.addFaults([{ match: { path }, do: { revokeToken: true } }])
    const answer = await send({ clock: wakeful(LATER_MS) })
    expect(answer.status).toBe(200)
    const sent = org.requests().filter((each) => each.path === path)
    expect(sent.map(({ status }) => status)).toEqual([401, 200])
    expect(stack.awsRequests().map(({ action }) => action)).toContain('RotateSecret')
  })

  it('is not sent a third time where the renewed one is refused too', async () => {
    org.addFaults([{ match: { path }, times: 5, do: { status: 401, body: body(401, 'bad.credentials') } }])
    expectError(await send({ clock: wakeful(LATER_MS) }), { status: 502, code: 'upstream.unauthorized' })
    expect(org.requests().filter((each) => each.path === path)).toHaveLength(2)
  })

  it('is not sent again where the token is so new that another would fare no better', async () => {
    org.addFaults([{ match: { path }, do: { status: 401, body: body(401, 'bad.credentials') } }])
    const answer = await send()
    expectError(answer, { status: 503, code: 'credentials.unavailable' })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(org.requests()).toHaveLength(1)
    expect(stack.awsRequests().map(({ action }) => action)).not.toContain('RotateSecret')
  })
})

/** A base URL where nobody listens any more. */
async function deserted(): Promise<string> {
  const server = createServer()
  const url = await listen(server, 0)
  await new Promise((resolve) => server.close(resolve))
  return url
}

describe.each(operations)('%s, while upstream cannot be reached', (_operation, path, send) => {
  it('is tried three times, since nothing was sent, and then said to be unavailable', async () => {
    const before = org.truth()
    const answer = await send({ variables: { GENESYS_API_URL: await deserted() } })
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    expect(slept).toHaveLength(2)
    expect(org.requests().filter((each) => each.path === path)).toEqual([])
    expect(org.truth()).toEqual(before)
  })
})

it('each write goes out on a connection of its own, which is closed after it', async () => {
  const connections: (string | undefined)[] = []
  const transport: typeof nodeTransport = (request) => {
    if (request.path === TOGGLE) connections.push(request.headers['connection'])
    return nodeTransport(request)
  }
  const handler = lambda(
    postLicenseToggle,
    writes(readEnvironment(), { clock: systemClock, transport, perTryTimeoutMs: 8_000 }),
  )
  const event = restEvent('postLicenseToggle', { pathParameters: { featureName: 'wallboards' } })
  expect((await invokeHandler(handler, event)).json).toEqual({ featureName: 'wallboards', enabled: false })
  expect((await invokeHandler(handler, event)).json).toEqual({ featureName: 'wallboards', enabled: true })
  expect(connections).toEqual(['close', 'close'])
  expect(org.truth().toggles['wallboards']).toBe(true)
})
