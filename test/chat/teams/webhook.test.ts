import { describe, expect, it } from 'vitest'
import { type Invocation, type TeamsWebhook, teamsWebhook } from '../../../lib/chat/teams/webhook.ts'
import { Queued } from '../../../lib/chat/webhook/read-queued.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import {
  activity,
  type FromTeams,
  fromTeams,
  KeptLog,
  KnownProofs,
  teamsKey,
  tenantId,
} from '../deliveries.ts'

const otherTeam = { teamId: '19:second@thread.tacv2', key: 'AP8Q+n+AAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRo=' }
const reply = { type: 'message', attachments: [] }

function given(
  change: Partial<TeamsWebhook> = {},
  invocation: Invocation = { kind: 'ended', returned: { reply } },
) {
  const clock = fakeClock()
  const log = new KeptLog()
  const invoked: { readonly queued: Queued; readonly waitMs: number }[] = []
  const handle = teamsWebhook({
    clock,
    log,
    keys: new KnownProofs(teamsKey, otherTeam),
    tenants: [tenantId],
    channels: ['19:licenses@thread.tacv2'],
    invoke: async (queued, waitMs) => {
      invoked.push({ queued: Queued.parse(queued), waitMs })
      return invocation
    },
    ...change,
  })
  const post = (value: unknown = activity(clock.nowMs()), what: FromTeams = {}) =>
    handle(fromTeams(value, { requestTimeEpoch: clock.nowMs(), ...what }))
  return { clock, log, invoked, handle, post }
}

/** The texts of a card, in one. */
const said = (body: string) => [...body.matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text).join('\n')

async function expectRefused(
  status: number,
  post: () => Promise<{ statusCode: number; body: string }>,
  { invoked, log }: ReturnType<typeof given>,
) {
  expect(await post()).toMatchObject({ statusCode: status, body: '' })
  expect(invoked).toEqual([])
  expect(log.last).toMatchObject({ status, outcome: 'refused', reason: expect.any(String) })
}

describe("Teams' webhook", () => {
  it('answers with what run-command replies, which it hands the delivery as it came (M01)', async () => {
    const { clock, post, invoked } = given()
    const answer = await post()
    expect(answer.statusCode).toBe(200)
    expect(JSON.parse(answer.body)).toEqual(reply)
    expect(invoked).toHaveLength(1)
    expect(invoked[0]?.queued).toMatchObject({
      platform: 'teams',
      deliveryId: expect.stringMatching(/^teams-[0-9a-z]{20}$/),
      authorization: expect.stringMatching(/^HMAC /),
      receivedAtMs: clock.nowMs(),
    })
    const rawBody = Buffer.from(invoked[0]?.queued.rawBody ?? '', 'base64')
    expect(JSON.parse(rawBody.toString())).toEqual(activity(clock.nowMs()))
  })

  it('waits until 4 s after API Gateway got the request, a cold start included (M01)', async () => {
    const { clock, post, invoked } = given()
    await post(activity(clock.nowMs()), { requestTimeEpoch: clock.nowMs() - 1500 })
    await post(activity(clock.nowMs()), { requestTimeEpoch: clock.nowMs() - 4500 })
    // A time that cannot be is not believed.
    await post(activity(clock.nowMs()), { requestTimeEpoch: clock.nowMs() + 60_000 })
    expect(invoked.map(({ waitMs }) => waitMs)).toEqual([2500, 500, 4000])
  })

  it.each([
    ['made with another key', { key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    [
      'of the scheme hmac in lower case',
      { headers: { Authorization: 'hmac AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' } },
    ],
    [
      'of the scheme Bearer',
      { headers: { Authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' } },
    ],
    ['that is no base64', { headers: { Authorization: 'HMAC !' } }],
    ['that is missing', { headers: { Authorization: undefined } }],
  ])('refuses a signature %s, with 401 and nothing else (M02)', async (_name, what) => {
    const world = given()
    await expectRefused(401, () => world.post(undefined, what), world)
  })

  it('refuses a body that was altered after it was signed (M02)', async () => {
    const world = given()
    const event = fromTeams(activity(world.clock.nowMs()))
    const body = Buffer.from(event.body ?? '', 'base64')
      .toString()
      .replace('ana@', 'bob@')
    const altered = { ...event, body: Buffer.from(body).toString('base64') }
    await expectRefused(401, () => world.handle(altered), world)
  })

  it('refuses a body that was written more than 300 s away from now (M04)', async () => {
    for (const seconds of [-301, 301]) {
      const world = given()
      await expectRefused(401, () => world.post(activity(world.clock.nowMs() + seconds * 1000)), world)
    }
    for (const seconds of [-299, 299]) {
      const { clock, post } = given()
      expect((await post(activity(clock.nowMs() + seconds * 1000))).statusCode).toBe(200)
    }
  })

  it('hands on what comes again under the same id, for whoever carries it out to drop (M04)', async () => {
    const { post, invoked } = given()
    await post()
    await post()
    const [first, second] = invoked.map(({ queued }) => queued.deliveryId)
    expect(first).toBe(second)
  })

  it('hands on a body that names no time, which run-command lets change nothing (M05)', async () => {
    const { post, invoked } = given()
    expect((await post(activity(undefined))).statusCode).toBe(200)
    expect(invoked).toHaveLength(1)
  })

  it('refuses a person without an object id, whatever name is shown (M07)', async () => {
    const world = given()
    const from = { id: '29:1XJ', name: 'The Approver' }
    await expectRefused(403, () => world.post(activity(world.clock.nowMs(), { from })), world)
  })

  it('refuses a tenant that is not on the list (M09)', async () => {
    const world = given({ tenants: ['00000000-0000-4000-8000-000000000000'] })
    await expectRefused(403, () => world.post(), world)
  })

  it('refuses what claims another team than the one whose key signed it (M10)', async () => {
    const world = given()
    await expectRefused(403, () => world.post(undefined, { key: otherTeam.key }), world)
  })

  it.each([
    ['the wait ends first', { kind: 'late' }],
    ['run-command posts the result itself', { kind: 'ended', returned: {} }],
  ] as const)(
    'says accepted and where the result comes, with the id, where %s (M12)',
    async (_name, invocation) => {
      const { post, log, invoked } = given({}, invocation)
      const answer = await post()
      expect(answer.statusCode).toBe(200)
      expect(said(answer.body)).toContain('Accepted')
      expect(said(answer.body)).toContain('The result comes to this channel.')
      expect(said(answer.body)).toContain(invoked[0]?.queued.deliveryId)
      expect(log.last).toMatchObject({ outcome: 'handed.on' })
    },
  )

  it('promises no result in a channel where none can be posted (M12)', async () => {
    const { post } = given({ channels: [] }, { kind: 'late' })
    const { body } = await post()
    expect(said(body)).not.toContain('comes to this channel')
    expect(said(body)).toContain('cannot be posted')
  })

  it('says that nothing was done where run-command could not be invoked', async () => {
    const error = new Error('throttled')
    const { post, log } = given({}, { kind: 'never.began', error })
    const answer = await post()
    expect(answer.statusCode).toBe(200)
    expect(said(answer.body)).toContain('nothing was done')
    expect(log.last).toMatchObject({ outcome: 'lost', error })
  })

  it.each([
    ['broke off', { kind: 'broken.off', error: new Error('reset') }],
    ['returned what is no reply', { kind: 'ended', returned: { reply: 'x' } }],
    ['returned nothing', { kind: 'ended', returned: null }],
  ] as const)('does not say that nothing was done where run-command %s', async (_name, invocation) => {
    const { post, log } = given({}, invocation)
    const { statusCode, body } = await post()
    expect(statusCode).toBe(200)
    expect(said(body)).not.toContain('nothing was done')
    expect(said(body)).toContain('Something went wrong')
    expect(log.last).toMatchObject({ outcome: 'lost' })
  })

  it('logs one line for each request, with nothing that the person wrote', async () => {
    const { post, log } = given()
    await post()
    await post(undefined, { key: otherTeam.key })
    expect(log.lines.map(({ outcome }) => outcome)).toEqual(['answered', 'refused'])
    for (const text of ['ana', 'Ana', tenantId]) expect(JSON.stringify(log.lines)).not.toContain(text)
  })
})
