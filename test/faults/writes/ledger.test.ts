/** Writes while the ledger fails: nothing is sent that is not on record, nothing is told that is not (E20, J02 to J04). */
import { describe, expect, it } from 'vitest'
import { postLicenseOrganization } from '../../../lib/operations/license/post-license-organization.ts'
import { postLicenseToggle } from '../../../lib/operations/license/post-license-toggle.ts'
import { putToggle } from '../../../lib/operations/toggles/put-toggle.ts'
import { nodeTransport, type Transport } from '../../../lib/transport/transport.ts'
import type { RawAnswer } from '../../support/gateway.ts'
import {
  type Call,
  type Fault,
  type FaultyTransport,
  faultyTransport,
  isHeaderPut,
  textOf,
} from '../../support/ledger/ledger.ts'
import { expectError } from '../../support/refusals.ts'
import { giftIn, postsOf } from '../../support/requests.ts'
import { type World, world } from '../../support/world.ts'

/** More tries than the client makes for one call. */
const ALWAYS = 1_000

/** As long as whoever waits for an answer may wait. Milliseconds. */
const ANSWER_MS = 14_000

/** Past the lease of a dead owner and the quiet period of what it sent. Milliseconds. */
const QUIET_MS = 66_000

/** The write of a header in that state, and of every later one. */
const enters = (state: string) => (call: Call) =>
  isHeaderPut(call) && JSON.stringify(call.input).includes(`{"S":"${state}"}`)

async function giving(key?: string) {
  const each = await world()
  const faults = faultyTransport()
  const gift = giftIn(each)
  const post = each.writer(postLicenseOrganization, { transport: faults.transport })
  const headers = {
    'Content-Type': ['application/json'],
    ...(key === undefined ? {} : { 'Idempotency-Key': [key] }),
  }
  const event = { ...gift.event, multiValueHeaders: headers }
  return { each, faults, gift, post: () => post(event) }
}

const statesIn = async ({ changes }: World) => (await changes()).map(({ state }) => state)

describe('a ledger that is down before anything is on record', () => {
  it.each<Fault>(['outage', 'drop'])(
    '(%s) is a 503 with Retry-After, and Genesys is not written (E20)',
    async (how) => {
      const { each, faults, gift, post } = await giving()
      faults.failNext(() => true, how, ALWAYS)
      const answer = await post()
      expectError(answer, { status: 503, code: 'ledger.unavailable' })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1)
      expect([postsOf(each), gift.isGiven()]).toEqual([[], false])
      faults.heal()
      expect(await statesIn(each)).toEqual([])
      expect((await post()).status).toBe(200)
      expect(postsOf(each)).toHaveLength(1)
    },
  )

  it.each(['ResourceNotFoundException', 'AccessDeniedException', 'KMSDisabledException'])(
    'also where its table is not there or may not be used: %s, which the log alone tells',
    async (type) => {
      const { each, faults, post } = await giving()
      faults.failNext(() => true, { type }, ALWAYS)
      const answer = await post()
      expectError(answer, { status: 503, code: 'ledger.unavailable' })
      expect(answer.text).not.toContain('Exception')
      expect(each.logged.join('\n')).toContain(type)
      expect(postsOf(each)).toEqual([])
    },
  )

  it('also where others are at its items for longer than the answer may take: no wait outlives that', async () => {
    const each = await world()
    const faults = faultyTransport()
    const gift = giftIn(each)
    let waited: number | undefined
    const transport: Transport = async (request) => {
      const isFirst =
        waited === undefined && (request.headers['x-amz-target'] ?? '').endsWith('TransactWriteItems')
      if (isFirst) {
        // Its answer comes when 13.9 s of the 14 are over.
        each.clock.advance(ANSWER_MS - 100)
        waited = each.clock.sleeps.length
      }
      return await faults.transport(request)
    }
    const conflict = { reasons: ['TransactionConflict'] }
    faults.failNext('TransactWriteItems', conflict, ALWAYS)
    const answer = await each.writer(postLicenseOrganization, { transport })(gift.event)
    expectError(answer, { status: 503, code: 'ledger.unavailable' })
    const waits = each.clock.sleeps.slice(waited)
    expect(waits.length).toBeGreaterThan(1)
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(100)
    expect(postsOf(each)).toEqual([])
  })

  it('also where it throttles for longer than the client tries (J02)', async () => {
    const { each, faults, post } = await giving()
    faults.failNext(isHeaderPut, 'throttle', ALWAYS)
    expectError(await post(), { status: 503, code: 'ledger.unavailable' })
    expect(postsOf(each)).toEqual([])
  })

  it('that throttles once is tried again, and nobody learns of it (J02)', async () => {
    const { each, faults, gift, post } = await giving()
    faults.failNext(isHeaderPut, 'throttle')
    expect((await post()).status).toBe(200)
    expect([postsOf(each).length, gift.isGiven()]).toEqual([1, true])
  })
})

describe('a ledger that goes down', () => {
  it('before the permit is on record keeps the write from being sent, and nothing is on record (J04)', async () => {
    const { each, faults, gift, post } = await giving()
    faults.failNext(enters('SENT'), 'outage', ALWAYS)
    expectError(await post(), { status: 503, code: 'ledger.unavailable' })
    expect([postsOf(each), gift.isGiven()]).toEqual([[], false])
    await each.later(QUIET_MS)
    expect([await statesIn(each), postsOf(each).length, gift.isGiven()]).toEqual([[], 0, false])
  })

  it.each(['CLAIMED', 'SENT'])(
    'before %s of what is planned is on record keeps the write from being sent; the tick carries it out, once (J04)',
    async (state) => {
      const { each, faults, gift, post } = await giving()
      // A change of a moment ago: what is asked for right after it is planned and claimed.
      await each.writer(postLicenseOrganization)({
        multiValueHeaders: { 'Content-Type': ['application/json'] },
        ...gift.takingBack,
      })
      faults.failNext(enters(state), 'outage', ALWAYS)
      expectError(await post(), {
        status: 409,
        code: 'outcome.unknown',
        details: [['changeId', 'PLANNED']],
      })
      expect([postsOf(each), gift.isGiven()]).toEqual([[], false])
      await each.later(QUIET_MS)
      expect((await statesIn(each)).sort()).toEqual(['APPLIED', 'NOOP'])
      expect([postsOf(each).length, gift.isGiven()]).toEqual([1, true])
    },
  )

  it('before the outcome is on record is no success, and the tick settles it without another POST (E09, J03)', async () => {
    const { each, faults, gift, post } = await giving()
    faults.failNext(enters('APPLIED'), 'outage', ALWAYS)
    const answer = await post()
    expectError(answer, { status: 409, code: 'outcome.unknown', details: [['changeId', 'SENT']] })
    expect([await statesIn(each), postsOf(each).length, gift.isGiven()]).toEqual([['SENT'], 1, true])
    await each.later(QUIET_MS)
    expect([await statesIn(each), postsOf(each).length]).toEqual([['APPLIED'], 1])
  })

  it('whose answer to the permit is lost is known as ours, and the write goes out once (E21)', async () => {
    const { each, faults, gift, post } = await giving()
    faults.failNext(enters('SENT'), 'drop.answer')
    expect((await post()).status).toBe(200)
    expect([postsOf(each).length, gift.isGiven()]).toEqual([1, true])
  })
})

describe('wherever a ledger goes down in the middle of a write', () => {
  /** More calls than any of these writes makes. */
  const CALLS = 24

  /** From the n-th call on it may not be used, which nothing tries again, until it is healed. */
  const downFrom = (faults: FaultyTransport, n: number) => {
    const until = faults.calls.length + n
    faults.failNext(() => faults.calls.length >= until, { type: 'AccessDeniedException' }, ALWAYS)
  }
  const aboutOf = ({ json }: RawAnswer) =>
    String((json as { details?: { entityId?: string }[] }).details?.[0]?.entityId)

  it.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
    'a 503 to a keyless toggle POST has done nothing and does nothing, and anything else names its change (from call %i)',
    async (n) => {
      const each = await world({ org: { toggles: 'legacy' } })
      const faults = faultyTransport()
      const post = each.writer(postLicenseToggle, { transport: faults.transport })
      const event = { pathParameters: { featureName: 'wallboards' } }
      downFrom(faults, n)
      const answer = await post(event)
      await faults.heal()
      const [change] = await each.changes()
      if (answer.status === 503) {
        expectError(answer, { status: 503, code: 'ledger.unavailable' })
        expect([change, answer.headers['x-change-id']]).toEqual([undefined, undefined])
      } else if (answer.status !== 200) {
        expectError(answer, { status: 409, code: 'outcome.unknown' })
        const id = aboutOf(answer)
        // Where even that cannot be known, there may be none.
        expect([answer.headers['x-change-id'], change?.id ?? id]).toEqual([id, id])
        expect(answer.text).toContain(`GET /v1/changes/${id} tells`)
      }
      await each.later(QUIET_MS)
      expect(postsOf(each).length).toBeLessThanOrEqual(change ? 1 : 0)
      if (answer.status !== 409) return
      // Nobody has told whoever asked what came of it, so what they send again is the same wish.
      await each.later(160_000)
      await post(event)
      expect(postsOf(each).length).toBeLessThanOrEqual(1)
    },
  )

  it.each(Array.from({ length: CALLS }, (_, index) => index + 1))(
    'the same of a PUT, which shows the change as far as it is known (from call %i)',
    async (n) => {
      const each = await world({ org: { toggles: 'legacy' } })
      const faults = faultyTransport()
      const put = each.writer(putToggle, { transport: faults.transport })
      downFrom(faults, n)
      const answer = await put(switchingOff('one'))
      await faults.heal()
      const [change] = await each.changes()
      if (answer.status === 503) expect(change).toBeUndefined()
      else if (answer.status === 409) expectError(answer, { status: 409, code: 'outcome.unknown' })
      else expect([200, 202]).toContain(answer.status)
      if (change) expect(answer.headers['x-change-id']).toBe(change.id)
      await each.later(QUIET_MS)
      expect(postsOf(each).length).toBeLessThanOrEqual(change ? 1 : 0)
    },
  )
})

const switchingOff = (key: string) => ({
  pathParameters: { featureName: 'wallboards' },
  multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': [key] },
  body: '{"enabled":false}',
})

it('a ledger so slow that no time is left to send is told as that: nothing was sent, and nothing is looked for', async () => {
  const each = await world()
  const gift = giftIn(each)
  const isPermit = enters('SENT')
  const post = each.writer(postLicenseOrganization, {
    async transport(request) {
      const answer = await nodeTransport(request)
      const [, action = ''] = (request.headers['x-amz-target'] ?? '').split('.')
      const isOurs = (request.headers['x-amz-target'] ?? '').startsWith('DynamoDB_')
      if (isOurs && isPermit({ action, input: JSON.parse(textOf(request)) })) each.clock.advance(11_000)
      return answer
    },
  })
  const answer = await post(gift.event)
  expectError(answer, { status: 503, code: 'deadline.too.short' })
  expect(answer.text).toContain('nothing was sent')
  const [change] = await each.changes()
  expect(change?.history.at(-1)).toMatchObject({
    state: 'FAILED',
    note: 'nothing was sent: deadline.too.short',
  })
  await each.later(QUIET_MS)
  expect([postsOf(each), gift.isGiven()]).toEqual([[], false])
})

it('a repeat of a key whose outcome could not be recorded hears what the first did, until when, and then the truth (E09)', async () => {
  const { each, faults, post } = await giving('one')
  faults.failNext(enters('APPLIED'), 'outage', ALWAYS)
  const first = { status: 409, code: 'outcome.unknown', details: [['changeId', 'SENT']] } as const
  expectError(await post(), first)
  faults.heal()
  const [sent] = await each.changes()
  const repeat = await post()
  expectError(repeat, first)
  expect(repeat.text).toContain(`looks again after ${new Date(sent?.quietUntilMs ?? 0).toISOString()}`)
  expect(repeat.headers['idempotent-replayed']).toBe('true')
  await each.later(QUIET_MS)
  expect((await post()).status).toBe(200)
  expect(postsOf(each)).toHaveLength(1)
})

it('a repeat of the key after the outcome could not be recorded waits for the truth, and sends nothing (E09, E11)', async () => {
  const each = await world({ org: { toggles: 'legacy' } })
  const faults = faultyTransport()
  const put = each.writer(putToggle, { transport: faults.transport })
  const event = {
    pathParameters: { featureName: 'wallboards' },
    multiValueHeaders: { 'Content-Type': ['application/json'], 'Idempotency-Key': ['one'] },
    body: '{"enabled":false}',
  }
  faults.failNext(enters('APPLIED'), 'outage', ALWAYS)
  expect(await put(event)).toMatchObject({ status: 202, json: { state: 'SENT' } })
  faults.heal()
  expect(await put(event)).toMatchObject({ status: 202, json: { state: 'SENT' } })
  await each.later(QUIET_MS)
  expect(await put(event)).toMatchObject({
    status: 200,
    json: { state: 'APPLIED' },
    headers: { 'idempotent-replayed': 'true' },
  })
  expect(postsOf(each)).toHaveLength(1)
})
