/** How long somebody waits: at most 14 s from when API Gateway took the request, whatever Genesys and the ledger do (H44). */
import { describe, expect, it } from 'vitest'
import { applyChange } from '../../lib/operations/changes/apply-change.ts'
import { cancelChange } from '../../lib/operations/changes/cancel-change.ts'
import { createChange } from '../../lib/operations/changes/create-change.ts'
import { undoChange } from '../../lib/operations/changes/undo-change.ts'
import { getLicenseUser } from '../../lib/operations/license/get-license-user.ts'
import { postLicenseOrganization } from '../../lib/operations/license/post-license-organization.ts'
import { postLicenseToggle } from '../../lib/operations/license/post-license-toggle.ts'
import { putToggle } from '../../lib/operations/toggles/put-toggle.ts'
import { nodeTransport, type Transport, TransportError } from '../../lib/transport/transport.ts'
import { changeIdOf } from '../support/changes/license-requests.ts'
import { type Event, restEvent } from '../support/events.ts'
import type { RawAnswer } from '../support/gateway.ts'
import { expectError } from '../support/refusals.ts'
import { giftIn, postsOf, userIn } from '../support/requests.ts'
import { type Invoke, type World, world } from '../support/world.ts'

/** The official JavaScript SDKs give up after 16 s. */
const LONGEST_MS = 14_000

const FEATURE = 'wallboards'
const refusedToken = { status: 401, body: { code: 'bad.credentials', message: 'Invalid login credentials.' } }
const off = { pathParameters: { featureName: FEATURE }, body: '{"enabled":false}' }

/** Genesys takes so long for each call; what it had no time to answer it has done all the same. */
function slow(each: World, takesMs: () => number): Transport {
  return each.scripted(async (request) => {
    const { timeoutMs } = request
    each.clock.advance(Math.min(takesMs(), timeoutMs))
    if (takesMs() <= timeoutMs) return await nodeTransport(request)
    if (request.method === 'POST' && /license\/(organization|toggles)/.test(request.path))
      await nodeTransport(request)
    throw new TransportError('timeout', 'no whole answer', true)
  })
}

/** A world in which Genesys is as slow as it is told to be. */
async function slowWorld() {
  const each = await world({ org: { toggles: 'legacy' } })
  let takesMs = 0
  const machine = { transport: slow(each, () => takesMs) }
  return {
    each,
    machine,
    slowDown: (ms: number) => {
      takesMs = ms
    },
  }
}

/** The request context of an event that API Gateway took so long ago. */
function takenAgo(each: World, operationId: string, waitedMs: number): Event {
  const { requestContext } = restEvent(operationId)
  return { requestContext: { ...Object(requestContext), requestTimeEpoch: each.clock.nowMs() - waitedMs } }
}

interface Written {
  /** Sends the request; all that it stands on has been done before, fast. */
  readonly ask: (event: Event) => Promise<RawAnswer>
  readonly id: string
}

type Prepare = (slowed: Awaited<ReturnType<typeof slowWorld>>) => Promise<Written>

async function planned({ each, machine }: Awaited<ReturnType<typeof slowWorld>>) {
  const order = { kind: 'toggle', featureName: FEATURE, enabled: false }
  const { json } = await each.planner(createChange, machine)({ body: JSON.stringify(order) })
  return { id: String(Object(json).id), digest: String(Object(json).digest) }
}

const writes: Readonly<Record<string, Prepare>> = {
  'PUT toggle': async ({ each, machine }) => {
    const put = each.writer(putToggle, machine)
    return { id: 'putToggle', ask: (event) => put({ ...off, ...event }) }
  },
  'POST toggle': async ({ each, machine }) => {
    const post = each.writer(postLicenseToggle, machine)
    return {
      id: 'postLicenseToggle',
      ask: (event) => post({ pathParameters: { featureName: FEATURE }, ...event }),
    }
  },
  'POST organization': async ({ each, machine }) => {
    const post = each.writer(postLicenseOrganization, machine)
    return { id: 'postLicenseOrganization', ask: (event) => post({ ...giftIn(each).event, ...event }) }
  },
  apply: async (slowed) => {
    const { id: changeId, digest } = await planned(slowed)
    const apply = slowed.each.writer(applyChange, slowed.machine)
    const event = { pathParameters: { changeId }, body: JSON.stringify({ digest }) }
    return { id: 'applyChange', ask: (more) => apply({ ...event, ...more }) }
  },
  undo: async ({ each, machine }) => {
    const changeId = changeIdOf(await each.writer(putToggle, machine)(off))
    each.clock.advance(10_000)
    const undo = each.writer(undoChange, machine)
    return { id: 'undoChange', ask: (event) => undo({ pathParameters: { changeId }, ...event }) }
  },
  cancel: async (slowed) => {
    const { id: changeId } = await planned(slowed)
    const cancel = slowed.each.recorder(cancelChange, slowed.machine)
    return { id: 'cancelChange', ask: (event) => cancel({ pathParameters: { changeId }, ...event }) }
  },
  plan: async ({ each, machine }) => {
    const plan = each.planner(createChange, machine)
    const body = JSON.stringify({ kind: 'toggle', featureName: FEATURE, enabled: false })
    return { id: 'createChange', ask: (event) => plan({ body, ...event }) }
  },
}

/** Seconds that each call to Genesys takes: at 8 a try is given up. */
const LATENCIES = [2, 3, 3.5, 4.5, 6, 9]

describe.each(Object.entries(writes))('%s', (_name, prepare) => {
  it.each(LATENCIES)('is answered in time where each call of Genesys takes %f s', async (seconds) => {
    for (const waitedMs of [0, 8_000]) {
      const slowed = await slowWorld()
      const { each, slowDown } = slowed
      const { id, ask } = await prepare(slowed)
      const before = postsOf(each).length
      slowDown(seconds * 1_000)
      const startedMs = each.clock.monotonicMs()
      const answer = await ask(takenAgo(each, id, waitedMs))
      expect(waitedMs + each.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(LONGEST_MS)

      const sent = postsOf(each).length - before
      expect(sent).toBeLessThanOrEqual(1)
      if (answer.status >= 400) expectTold(answer, sent)
      const fits = waitedMs === 0 && seconds <= (id === 'undoChange' ? 2 : 3)
      if (fits) expect([200, 201]).toContain(answer.status)
      if (sent === 0) continue
      // What was begun goes on by itself, and ends as it was wished.
      slowDown(0)
      await each.later(66_000)
      await each.later(66_000)
      const states = (await each.changes()).map(({ state }) => state)
      expect(new Set(states)).toEqual(new Set(['APPLIED']))
      expect(postsOf(each).length - before).toBe(1)
    }
  })
})

/** Nothing that was not sent is unclear, and nothing that is unclear is a 5xx. */
function expectTold(answer: RawAnswer, sent: number): void {
  if (sent > 0) {
    expectError(answer, { status: 409, code: 'outcome.unknown', details: [['changeId', 'UNKNOWN']] })
    expect(changeIdOf(answer)).toMatch(/^[a-z0-9]{20}$/)
    return
  }
  expect(answer.status).toBe(503)
  expect(Object(answer.json).code).toMatch(/^(upstream.unavailable|deadline.too.short)$/)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
}

describe('a ledger that hangs', () => {
  /** From the n-th call of DynamoDB on none answers. */
  function hangingFrom(each: World, first: number): Transport {
    let calls = 0
    return async (request) => {
      if (!request.headers['x-amz-target']?.startsWith('DynamoDB') || ++calls < first) {
        return await nodeTransport(request)
      }
      const untilMs = each.clock.monotonicMs() + request.timeoutMs
      // Those that hang beside each other do so at the same time.
      await new Promise((resolve) => setImmediate(resolve))
      each.clock.advance(Math.max(0, untilMs - each.clock.monotonicMs()))
      throw new TransportError('timeout', 'no whole answer', true)
    }
  }

  it.each([1, 4, 8, 10, 12, 13, 14, 15, 16])('from its call %i on keeps nobody waiting', async (first) => {
    const each = await world({ org: { toggles: 'legacy' } })
    const post = each.writer(postLicenseOrganization, { transport: hangingFrom(each, first) })
    const startedMs = each.clock.monotonicMs()
    const answer = await post({
      ...giftIn(each).event,
      ...takenAgo(each, 'postLicenseOrganization', 3_000),
    })
    expect(3_000 + each.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(LONGEST_MS)
    if (postsOf(each).length > 0 && answer.status !== 200) {
      expectError(answer, { status: 409, code: 'outcome.unknown', details: [['changeId', 'SENT']] })
    } else if (answer.status !== 200) {
      const [change] = await each.changes()
      expectError(
        answer,
        change ? { status: 409, code: 'outcome.unknown' } : { status: 503, code: 'ledger.unavailable' },
      )
    }
  })
})

describe('a Secrets Manager that hangs', () => {
  /** From its n-th call on none answers; all others do. */
  function secretsHangingFrom(each: World, first: number): Transport {
    let calls = 0
    return async (request) => {
      if (!request.headers['x-amz-target']?.startsWith('secretsmanager') || ++calls < first) {
        return await nodeTransport(request)
      }
      each.clock.advance(request.timeoutMs)
      throw new TransportError('timeout', 'no whole answer', true)
    }
  }

  it.each([0, 8_000])('keeps nobody waiting who has waited %i ms before', async (waitedMs) => {
    const each = await world()
    const get = each.reader(getLicenseUser, { transport: secretsHangingFrom(each, 1) })
    const startedMs = each.clock.monotonicMs()
    const answer = await get({
      ...userIn(each).event,
      ...takenAgo(each, 'getLicenseUser', waitedMs),
    })
    expectError(answer, { status: 503, code: 'credentials.unavailable' })
    expect(waitedMs + each.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(LONGEST_MS)
  })

  it('keeps nobody waiting whose token is refused as the write is sent, and the write is on record', async () => {
    const each = await world({ org: { toggles: 'legacy' } })
    const put = each.writer(putToggle, { transport: secretsHangingFrom(each, 2) })
    each.org.addFaults([
      { match: { method: 'POST', path: `/api/v2/license/toggles/${FEATURE}` }, do: refusedToken },
    ])
    const startedMs = each.clock.monotonicMs()
    const answer = await put({
      ...off,
      multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] },
      ...takenAgo(each, 'putToggle', 6_000),
    })
    expect(6_000 + each.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(LONGEST_MS)
    expect(answer.status).toBe(503)
    const [change] = await each.changes()
    expect([change?.state, postsOf(each).length]).toEqual(['FAILED', 1])
  })
})

describe('a repeat while the first is at work', () => {
  const post = /license\/(organization|toggles)/
  const key = { multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] } }

  /** The first is stuck at a request to Genesys of that method until it is let go. */
  async function stuckAt(method: 'GET' | 'POST', operation: typeof postLicenseOrganization, event: Event) {
    const each = await world({ org: { toggles: 'legacy' } })
    const stuck = Promise.withResolvers<void>()
    const isThere = Promise.withResolvers<void>()
    const transport = each.scripted(async (request) => {
      if (request.method === method && post.test(request.path)) {
        isThere.resolve()
        await stuck.promise
      }
      return await nodeTransport(request)
    })
    const filled = { ...giftIn(each).event, ...event }
    const first = each.writer(operation, { transport })(filled)
    await isThere.promise
    const startedMs = each.clock.monotonicMs()
    const repeat = await each.writer(operation)(filled)
    const tookMs = each.clock.monotonicMs() - startedMs
    stuck.resolve()
    await first
    return { repeat, tookMs, posts: postsOf(each).length }
  }

  it('waits for it, 11 s at most', async () => {
    const { repeat, tookMs, posts } = await stuckAt('POST', postLicenseOrganization, key)
    expectError(repeat, { status: 409, code: 'outcome.unknown', details: [['changeId', 'SENT']] })
    expect(tookMs).toBeGreaterThan(9_000)
    expect(tookMs).toBeLessThanOrEqual(11_000)
    expect(posts).toBe(1)
  })

  it('and has no key waits until that one is on record, within the same time', async () => {
    const toggle = { pathParameters: { featureName: FEATURE }, body: null }
    const { repeat, tookMs, posts } = await stuckAt('GET', postLicenseToggle, toggle)
    expectError(repeat, { status: 409, code: 'change.conflict' })
    expect(tookMs).toBeLessThanOrEqual(11_000)
    expect(posts).toBe(1)
  })
})

it('a write that could not be put on record in time is refused before it does anything', async () => {
  const each = await world({ org: { toggles: 'legacy' } })
  const event = { ...giftIn(each).event, ...takenAgo(each, 'postLicenseOrganization', 12_000) }
  const answer = await each.writer(postLicenseOrganization)(event)
  expectError(answer, { status: 503, code: 'deadline.too.short' })
  expect([each.org.requests(), await each.changes()]).toEqual([[], []])
})

describe('GET user', () => {
  it.each([1, 5, 7, 9])('is answered in time where each call of Genesys takes %i s', async (seconds) => {
    for (const waitedMs of [0, 3_000, 12_000]) {
      const { each, machine, slowDown } = await slowWorld()
      slowDown(seconds * 1_000)
      const startedMs = each.clock.monotonicMs()
      const event = { ...userIn(each).event, ...takenAgo(each, 'getLicenseUser', waitedMs) }
      const answer = await each.reader(getLicenseUser, machine)(event)
      expect(waitedMs + each.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(LONGEST_MS)
      const isInTime = seconds < 8 && waitedMs + seconds * 1_000 <= LONGEST_MS
      if (isInTime) expect(answer.status).toBe(200)
      else expectError(answer, { status: 504, code: 'request.timeout' })
    }
  })
})

describe('when API Gateway took a request', () => {
  const read = async (each: World, requestTimeEpoch: unknown) => {
    const { requestContext } = restEvent('getLicenseUser')
    const ask: Invoke = each.reader(getLicenseUser)
    const context = { ...Object(requestContext), requestTimeEpoch }
    return await ask({ ...userIn(each).event, requestContext: context })
  }

  it('counts up to where nobody waits any more', async () => {
    const each = await world()
    const answer = await read(each, each.clock.nowMs() - 13_000)
    expectError(answer, { status: 503, code: 'deadline.too.short' })
    expectError(await read(each, each.clock.nowMs() - 28_000), { status: 503, code: 'deadline.too.short' })
    expect(each.org.requests()).toEqual([])
  })

  it.each<[string, (nowMs: number) => unknown]>([
    ['an hour ago, in an event that was kept', (nowMs) => nowMs - 3_600_000],
    ['in the future, by a clock that is ahead', (nowMs) => nowMs + 60_000],
    ['no time', () => undefined],
    ['a text', () => '1'],
    ['no number', () => Number.NaN],
  ])('counts for nothing where it is %s', async (_what, takenAt) => {
    const each = await world()
    expect((await read(each, takenAt(each.clock.nowMs()))).status).toBe(200)
  })
})
