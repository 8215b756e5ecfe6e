/** The two writes of Genesys's own API where it certainly did not act: what is sent again, what is answered and recorded. */
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { listen } from '../../../infra/local/loopback.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import { changeBehind } from '../../support/changes/license-requests.ts'
import { isWrite, writersOf } from '../../support/changes/writers.ts'
import { gatewayForTests } from '../../support/gateway.ts'
import { expectError } from '../../support/refusals.ts'
import { postsOf } from '../../support/requests.ts'

const stack = await gatewayForTests({ org: { toggles: 'legacy' } })
const { org } = stack
const operations = writersOf(stack)
const [[, , toggle]] = operations

/** A token made now is too young to be rotated again; these containers live eleven minutes later. Milliseconds. */
const LATER_MS = 11 * 60_000

/** What the functions said of their requests. */
const served = () =>
  stack.logged.map((line) => JSON.parse(line)).filter(({ code }) => code === 'request.served')

const body = (status: number, code: string) => ({ status, code, message: 'No.', details: [], errors: [] })

describe.each(operations)('%s, turned down', (_operation, path, send) => {
  it.each([
    [400, 'bad.request'],
    [404, 'not.found'],
    [413, 'request.entity.too.large'],
    [415, 'unsupported.media.type'],
  ])("with %i is answered in upstream's own words, sent once, and recorded", async (status, code) => {
    const before = org.truth()
    const said = {
      ...body(status, code),
      contextId: 'upstream',
      entityId: 'x',
      details: [{ errorCode: 'THEIRS', fieldName: 'x' }],
    }
    org.addFaults([{ match: { method: 'POST', path }, do: { status, body: said } }])
    const { answer } = await send()
    const change = await changeBehind(stack, answer)
    const ours = {
      errorCode: 'CHANGE',
      fieldName: 'changeId',
      message: expect.stringMatching(/\S/),
      entityId: change.id,
    }
    expectError(answer, { status, code })
    expect(answer.json).toEqual({ ...said, details: [...said.details, ours] })
    expect(change).toMatchObject({ state: 'FAILED', failure: { status, code } })
    expect(postsOf(stack)).toHaveLength(1)
    expect(org.truth()).toEqual(before)
  })

  it.each([
    ['is no ErrorBody', 413, '<html>no</html>', 'request.entity.too.large'],
    ['is empty', 404, undefined, 'not.found'],
    ['is a list', 413, [1], 'request.entity.too.large'],
  ])('with a body that %s is answered in ours', async (_name, status, text, code) => {
    org.addFaults([{ match: { method: 'POST', path }, do: { status, body: text } }])
    const { answer } = await send()
    expectError(answer, { status, code, details: [['changeId', 'CHANGE']] })
    expect(answer.text).not.toContain('html')
  })

  it('with 403 is a fault of ours, not of the caller', async () => {
    const said = body(403, 'missing.any.permissions')
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 403, body: said } }])
    const { answer } = await send()
    expectError(answer, { status: 502, code: 'upstream.forbidden' })
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
    expect(postsOf(stack)).toHaveLength(1)
    expect(served()[0]).toMatchObject({ level: 'ERROR', errorCode: 'upstream.forbidden' })
  })

  it('is told the same at each repeat of its key, and not sent again (E22)', async () => {
    const said = body(400, 'bad.request')
    org.addFaults([{ match: { method: 'POST', path }, do: { status: 400, body: said } }])
    const { answer: first } = await send({ key: 'one' })
    const { answer: second } = await send({ key: 'one' })
    expect([second.status, second.json]).toEqual([first.status, first.json])
    expect(postsOf(stack)).toHaveLength(1)
  })
})

describe.each(operations)('%s, held back by the rate limit', (_operation, path, send, isDone) => {
  const heldBack = (seconds: number, times = 1) => ({
    match: { method: 'POST', path },
    times,
    do: { status: 429, headers: { 'retry-after': seconds }, body: body(429, 'x') },
  })

  it('is sent again after as long as upstream asks, under the same change', async () => {
    org.addFaults([heldBack(3)])
    const { answer, clock } = await send()
    expect(answer.status).toBe(200)
    expect(clock.sleeps).toEqual([3_000])
    expect(postsOf(stack).map(({ status }) => status)).toEqual([429, 200])
    expect(isDone()).toBe(true)
    expect((await changeBehind(stack, answer)).state).toBe('APPLIED')
  })

  it('is given up with 429 where the wait is longer than the time there is', async () => {
    org.addFaults([heldBack(60)])
    const { answer, clock } = await send()
    expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
    expect(answer.headers['retry-after']).toBe('60')
    expect(clock.sleeps).toEqual([])
    expect(postsOf(stack)).toHaveLength(1)
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
  })

  it('is given up with 429 after three sendings', async () => {
    org.addFaults([heldBack(1, 9)])
    const { answer } = await send()
    expectError(answer, { status: 429, code: 'too.many.requests.retry.after' })
    expect(postsOf(stack)).toHaveLength(3)
  })

  it('may be tried again under the same key, since nothing was done (E10)', async () => {
    org.addFaults([heldBack(60)])
    const { answer: refused } = await send({ key: 'one' })
    const { answer } = await send({ key: 'one' })
    expect([refused.status, answer.status, answer.headers['idempotent-replayed']]).toEqual([
      429,
      200,
      undefined,
    ])
    expect(isDone()).toBe(true)
  })

  it('is not sent a third time where the second sending breaks off', async () => {
    org.addFaults([heldBack(1), { match: { method: 'POST', path }, do: { applyThenReset: true } }])
    const { answer } = await send()
    expect(answer.status).toBe(200)
    expect(postsOf(stack)).toHaveLength(2)
    expect(isDone()).toBe(true)
  })
})

describe.each(operations)('%s, with a refused token', (_operation, path, send, isDone) => {
  const refused = (times: number) => ({
    match: { method: 'POST', path },
    times,
    do: { status: 401, body: body(401, 'bad.credentials') },
  })

  it('is sent once more with a renewed one', async () => {
    org.addFaults([{ match: { method: 'POST', path }, do: { revokeToken: true } }])
    const { answer } = await send({ aheadMs: LATER_MS })
    expect(answer.status).toBe(200)
    expect(postsOf(stack).map(({ status }) => status)).toEqual([401, 200])
    expect(stack.awsRequests().map(({ action }) => action)).toContain('RotateSecret')
    expect(isDone()).toBe(true)
  })

  it('is not sent a third time where the renewed one is refused too', async () => {
    org.addFaults([refused(5)])
    const { answer } = await send({ aheadMs: LATER_MS })
    expectError(answer, { status: 502, code: 'upstream.unauthorized' })
    expect(postsOf(stack)).toHaveLength(2)
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
  })

  it('is not sent again where the token is so new that another would fare no better', async () => {
    org.addFaults([refused(1)])
    const { answer } = await send()
    expectError(answer, { status: 503, code: 'credentials.unavailable' })
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(postsOf(stack)).toHaveLength(1)
    expect(stack.awsRequests().map(({ action }) => action)).not.toContain('RotateSecret')
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
  })
})

/** A base URL where nobody listens any more. */
async function deserted(): Promise<string> {
  const server = createServer()
  const url = await listen(server, 0)
  await new Promise((resolve) => server.close(resolve))
  return url
}

describe.each(operations)('%s, while upstream cannot be reached', (_operation, _path, send) => {
  it('is tried three times, since nothing was sent, and then said to be unavailable (H21)', async () => {
    const before = org.truth()
    const origin = await deserted()
    const tried: string[] = []
    const { answer, clock } = await send({
      async transport(request) {
        if (!isWrite(request)) return await nodeTransport(request)
        tried.push(request.path)
        return await nodeTransport({ ...request, origin })
      },
    })
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    expect([tried.length, clock.sleeps.length]).toEqual([3, 2])
    expect((await changeBehind(stack, answer)).state).toBe('FAILED')
    expect(org.truth()).toEqual(before)
  })

  it('so that nothing can be read first, leaves no change on record (F12)', async () => {
    const origin = await deserted()
    const { answer } = await send({
      transport: (request) => nodeTransport(request.origin === org.url ? { ...request, origin } : request),
    })
    expectError(answer, { status: 503, code: 'upstream.unavailable' })
    expect(answer.headers['retry-after']).toBe('1')
    expect(org.requests()).toEqual([])
    expect((await stack.stored.all()).filter(({ sk }) => sk === 'header')).toEqual([])
  })
})

it('each write goes out on a connection of its own, which is closed after it; reads share theirs (F21)', async () => {
  const connections: (string | undefined)[] = []
  const reads = new Set<string | undefined>()
  const transport: Transport = (request) => {
    if (isWrite(request)) connections.push(request.headers['connection'])
    else reads.add(request.headers['connection'])
    return nodeTransport(request)
  }
  expect((await toggle({ transport, key: 'off' })).answer.json).toEqual({
    featureName: 'wallboards',
    enabled: false,
  })
  expect((await toggle({ transport, key: 'on' })).answer.json).toEqual({
    featureName: 'wallboards',
    enabled: true,
  })
  expect(connections).toEqual(['close', 'close'])
  expect([...reads]).not.toContain('close')
  expect(org.truth().toggles['wallboards']).toBe(true)
})
