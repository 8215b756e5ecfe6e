import { describe, expect, it } from 'vitest'
import type { Announcement, EventBus } from '../../../lib/changes/model/change-events.ts'
import { type SlackWebhook, slackWebhook } from '../../../lib/chat/slack/webhook.ts'
import { CHAT_DELIVERED } from '../../../lib/chat/webhook/queued.ts'
import { Queued } from '../../../lib/chat/webhook/read-queued.ts'
import { TransportError } from '../../../lib/transport/transport.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { type FromSlack, fromSlack, KeptLog, KnownProofs, proxyEvent, signingSecret } from '../deliveries.ts'
import { command, formBody, payloadBody, press } from './forms.ts'

class KeptBus implements EventBus {
  readonly taken: Announcement[] = []
  async put(announcements: readonly Announcement[]): Promise<readonly boolean[]> {
    this.taken.push(...announcements)
    return announcements.map(() => true)
  }
}

function given(change: Partial<SlackWebhook> = {}) {
  const clock = fakeClock()
  const log = new KeptLog()
  const bus = new KeptBus()
  const secrets = new KnownProofs(signingSecret)
  const handle = slackWebhook({
    clock,
    log,
    secrets,
    bus,
    allowed: { teams: ['T1DC2JH3J'], enterprises: ['E0001'], apps: ['A123456'] },
    ...change,
  })
  const post = (what: Partial<FromSlack> = {}) => handle(fromSlack({ sentAtMs: clock.nowMs(), ...what }))
  return { clock, log, bus, secrets, handle, post }
}

async function expectRefused(status: number, what: Partial<FromSlack>, change: Partial<SlackWebhook> = {}) {
  const { post, bus, log } = given(change)
  expect(await post(what)).toMatchObject({ statusCode: status, body: '' })
  expect(bus.taken).toEqual([])
  expect(log.last).toMatchObject({ status, outcome: 'refused', reason: expect.any(String) })
}

const hostile = new Error('no answer')
const failing = (error: Error): EventBus => ({ put: () => Promise.reject(error) })

describe("Slack's webhook", () => {
  it('queues a command as it came, and tells the person that it is being worked on (L01)', async () => {
    const { post, bus, clock } = given()
    const answer = await post({ requestTimeEpoch: clock.nowMs() - 400 })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' })
    expect(JSON.parse(answer.body)).toEqual({ response_type: 'ephemeral', text: 'On it.' })
    expect(bus.taken).toHaveLength(1)
    const [event] = bus.taken
    expect(event).toMatchObject({ detailType: CHAT_DELIVERED, atMs: clock.nowMs() - 400 })
    const queued = Queued.parse(event?.detail)
    expect(queued).toMatchObject({
      platform: 'slack',
      deliveryId: expect.stringMatching(/^slack-[0-9a-z]{20}$/),
      contentType: 'application/x-www-form-urlencoded',
      timestamp: String(clock.nowMs() / 1000),
      signature: expect.stringMatching(/^v0=[0-9a-f]{64}$/),
    })
    expect(Buffer.from(queued.rawBody, 'base64')).toEqual(formBody(command))
  })

  it('acknowledges only once the bus has taken the event (L01, L26)', async () => {
    let release = (): void => undefined
    const answer = new Promise<readonly boolean[]>((resolve) => {
      release = () => resolve([true])
    })
    const { post } = given({ bus: { put: () => answer } })
    const order: string[] = []
    const answered = post().then(() => order.push('answered'))
    await new Promise((resolve) => setImmediate(resolve))
    order.push('taken')
    release()
    await answered
    expect(order).toEqual(['taken', 'answered'])
  })

  it('acknowledges a pressed button with nothing, since Slack would show nothing', async () => {
    const { post, bus } = given()
    expect(await post({ body: payloadBody(press) })).toMatchObject({ statusCode: 200, body: '' })
    expect(bus.taken).toHaveLength(1)
  })

  it('tells the person where the bus did not take the event that nothing was done (L26)', async () => {
    for (const bus of [
      { put: async () => [false] },
      { put: async () => [] },
      failing(hostile),
      failing(new Error('EventBridge', { cause: new TransportError('unreachable', 'refused', false) })),
    ]) {
      const { post, log } = given({ bus })
      const answer = await post()
      expect(answer.statusCode).toBe(200)
      const { response_type, text } = JSON.parse(answer.body)
      expect(response_type).toBe('ephemeral')
      expect(text).toContain('nothing was done')
      expect(log.last).toMatchObject({ outcome: 'lost', status: 200 })
    }
  })

  it('does not say that nothing was done where it cannot know (L26)', async () => {
    const unknown = new Error('EventBridge', { cause: new TransportError('timeout', 'no answer', true) })
    const { post, log } = given({ bus: failing(unknown) })
    const { text } = JSON.parse((await post()).body)
    expect(text).not.toContain('nothing was done')
    expect(text).toContain('not certain')
    expect(log.last?.error).toBe(unknown)
  })

  it("answers a button that could not be handed on so that Slack's own sign appears (L26)", async () => {
    const { post } = given({ bus: failing(hostile) })
    expect(await post({ body: payloadBody(press) })).toMatchObject({ statusCode: 503, body: '' })
  })

  it.each([
    ['in upper case', `v0=${'A'.repeat(64)}`],
    ['of version 1', `v1=${'a'.repeat(64)}`],
    ['without an equals sign', `v0${'a'.repeat(64)}`],
    ['that is empty', ''],
    ['of a megabyte', `v0=${'a'.repeat(1_000_000)}`],
  ])('refuses a signature %s (L03)', async (_name, signature) => {
    await expectRefused(401, { headers: { 'X-Slack-Signature': signature } })
  })

  it.each(['X-Slack-Signature', 'X-Slack-Request-Timestamp'])(
    'refuses a request whose %s is missing, or comes twice (L04)',
    async (name) => {
      await expectRefused(401, { headers: { [name]: undefined } })
      const { clock, handle } = given()
      const event = fromSlack({ sentAtMs: clock.nowMs() })
      const [value = ''] = event.multiValueHeaders[name] ?? []
      const twice = { ...event, multiValueHeaders: { ...event.multiValueHeaders, [name]: [value, value] } }
      expect((await handle(twice)).statusCode).toBe(401)
      const inTwoCases = {
        ...event,
        multiValueHeaders: { ...event.multiValueHeaders, [name.toLowerCase()]: [value] },
      }
      expect((await handle(inTwoCases)).statusCode).toBe(401)
    },
  )

  it('accepts a timestamp of 299 s ago and refuses one of 301 s ago, or ahead (L05, L06)', async () => {
    const { clock, post } = given()
    for (const [seconds, status] of [
      [-299, 200],
      [299, 200],
      [-301, 401],
      [301, 401],
    ] as const) {
      const { statusCode } = await post({ sentAtMs: clock.nowMs() + seconds * 1000 })
      expect(statusCode, String(seconds)).toBe(status)
    }
  })

  it('queues what Slack sends again under the same id, for whoever carries it out to drop (L08, L09)', async () => {
    const { post, bus } = given()
    await post()
    for (const retry of ['1', '2', '3']) {
      const headers = { 'X-Slack-Retry-Num': retry, 'X-Slack-Retry-Reason': 'http_timeout' }
      expect((await post({ headers })).statusCode).toBe(200)
    }
    const ids = bus.taken.map(({ detail }) => detail['deliveryId'])
    expect(ids).toHaveLength(4)
    expect(new Set(ids).size).toBe(1)
  })

  it('refuses what says that it is sent again and is not signed (L10)', async () => {
    await expectRefused(401, { secret: 'another', headers: { 'X-Slack-Retry-Num': '1' } })
  })

  it('checks the bytes that came, whether API Gateway handed them on as they are or as text (L11)', async () => {
    const { post, bus } = given()
    // Not escaped, as no form need be: as text, these are other bytes.
    const body = Buffer.concat([formBody(command), Buffer.from('&user_title=Zoë 日本語')])
    expect((await post({ body })).statusCode).toBe(200)
    expect((await post({ body, isText: true })).statusCode).toBe(200)
    expect(bus.taken.map(({ detail }) => detail['rawBody'])).toEqual([
      Buffer.from(body).toString('base64'),
      Buffer.from(body).toString('base64'),
    ])
  })

  it('has bytes that are no text verified as bytes, and refused for what they are (L11)', async () => {
    const body = Buffer.concat([formBody(command), Buffer.from([0x26, 0xff, 0xfe])])
    await expectRefused(400, { body })
  })

  it('refuses a form of more than a hundred fields, once its signature is sound', async () => {
    const fieldsMore = (count: number) =>
      Buffer.concat([formBody(command), Buffer.from('&x=1'.repeat(count - Object.keys(command).length))])
    const { handle, bus, post } = given()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect(await handle(proxyEvent({ body: fieldsMore(101), headers }))).toMatchObject({ statusCode: 401 })
    expect(bus.taken).toEqual([])
    await expectRefused(400, { body: fieldsMore(101) })
    await expectRefused(400, { body: fieldsMore(30_000) })
    expect(await post({ body: fieldsMore(100) })).toMatchObject({ statusCode: 200 })
  })

  it('answers a check of its certificate without reading anything else (L13)', async () => {
    const { handle, bus, secrets } = given()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const answer = await handle(proxyEvent({ body: Buffer.from('ssl_check=1&token=x'), headers }))
    expect(answer).toMatchObject({ statusCode: 200, body: '' })
    expect(secrets.reads).toBe(0)
    expect(bus.taken).toEqual([])
  })

  it('refuses an unsigned challenge (L14), and a token without a signature (L15)', async () => {
    const { handle, bus } = given()
    const challenge = Buffer.from(JSON.stringify({ type: 'url_verification', challenge: 'x', token: 'y' }))
    for (const event of [
      proxyEvent({ body: challenge, headers: { 'Content-Type': 'application/json' } }),
      proxyEvent({
        body: formBody(command),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
      proxyEvent({}),
    ]) {
      expect(await handle(event)).toMatchObject({ statusCode: 401, body: '' })
    }
    expect(bus.taken).toEqual([])
  })

  it.each([
    ['workspace', { team_id: 'T9999999' }],
    ['enterprise', { enterprise_id: 'E9999' }],
    ['enterprise, naming none', { enterprise_id: undefined }],
    ['app', { api_app_id: 'A999999' }],
  ])('refuses a signed request of another %s (L16)', async (_name, fields) => {
    await expectRefused(403, { body: formBody({ ...command, ...fields }) })
  })

  it.each([
    ['without a payload or a command', formBody({ team_id: command.team_id })],
    ['with two payloads', Buffer.from('payload=%7B%7D&payload=%7B%7D')],
    ['with a payload that is no JSON', formBody({ payload: '{' })],
    [
      'with a payload that sets a prototype',
      Buffer.from(`payload=${encodeURIComponent('{"__proto__":{}}')}`),
    ],
  ])('queues nothing of a body %s (L21)', async (_name, body) => {
    await expectRefused(400, { body })
  })

  it('accepts both secrets while one is made anew, and the old one no longer after that (L28)', async () => {
    const { post, secrets } = given()
    secrets.values = ['new', 'old']
    expect((await post({ secret: 'new' })).statusCode).toBe(200)
    expect((await post({ secret: 'old' })).statusCode).toBe(200)
    secrets.values = ['new']
    expect((await post({ secret: 'old' })).statusCode).toBe(401)
  })

  it('looks for a new secret once where none that it knows fits (L28)', async () => {
    const reads: (number | undefined)[] = []
    const { post } = given({
      secrets: {
        read: async (maxAgeMs) => {
          reads.push(maxAgeMs)
          return maxAgeMs === undefined ? ['old'] : ['new']
        },
      },
    })
    expect((await post({ secret: 'new' })).statusCode).toBe(200)
    expect(reads).toEqual([undefined, 30_000])
  })

  it('does not look at a body that is larger than any of theirs', async () => {
    const { post, secrets } = given()
    const body = formBody({ ...command, text: 'x'.repeat(150_000) })
    expect((await post({ body })).statusCode).toBe(413)
    expect(secrets.reads).toBe(0)
  })

  it('answers 500 and says nothing of why where the secret cannot be read', async () => {
    const { post, log } = given({ secrets: { read: () => Promise.reject(hostile) } })
    expect(await post()).toMatchObject({ statusCode: 500, body: '' })
    expect(log.last).toMatchObject({ outcome: 'failed', error: hostile })
  })

  it('logs one line for each request, with nothing that the person wrote', async () => {
    const { post, log } = given()
    await post()
    await post({ secret: 'another' })
    await post({ body: formBody({ ...command, team_id: 'T9999999' }) })
    expect(log.lines.map(({ outcome }) => outcome)).toEqual(['handed.on', 'refused', 'refused'])
    const text = JSON.stringify(log.lines)
    for (const secret of ['ana', 'hooks.slack.com', command.token]) expect(text).not.toContain(secret)
  })
})
