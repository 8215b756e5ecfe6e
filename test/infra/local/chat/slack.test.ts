/** The laptop's Slack: what it sends to a webhook, and what it takes from an app, as Slack's documentation has it. */
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { membersOf } from '../../../../infra/local/chat/members.ts'
import { NotThere, startWorkspace } from '../../../../infra/local/chat/workspace.ts'
import { listen } from '../../../../infra/local/loopback.ts'
import { readBody } from '../../../../infra/local/request.ts'
import type { Policy } from '../../../../lib/changes/model/policy.ts'
import { fakeClock } from '../../../support/fake-clock.ts'

const people: Policy['people'] = {
  olga: { role: 'operator', slack: ['U0OLGA'], teams: ['t-olga'], email: 'olga@example.com' },
  abel: { role: 'approver', slack: ['U0ABEL'] },
}
const secrets = { slackSigningSecret: 'signing', slackBotToken: 'xoxb-test', teamsKey: 'a2V5' }
const token = { authorization: 'Bearer xoxb-test' }

type Answer = { readonly status?: number; readonly body?: unknown }

/** A workspace whose webhook answers what it is told, and keeps what it was sent. */
async function given(answers: readonly Answer[] = []) {
  const clock = fakeClock()
  const received: { readonly headers: NodeJS.Dict<string | string[]>; readonly form: URLSearchParams }[] = []
  const webhook = createServer(async (request, response) => {
    const body = await readBody(request, 1_000_000)
    received.push({ headers: request.headers, form: new URLSearchParams(String(body)) })
    const { status = 200, body: answer = '' } = answers[received.length - 1] ?? {}
    response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  const webhookUrl = await listen(webhook, 0)
  const workspace = await startWorkspace({
    now: clock.nowMs,
    members: membersOf({ people }, 3),
    secrets,
    webhookUrl: () => webhookUrl,
  })
  onTestFinished(async () => {
    await workspace.close()
    webhook.close()
  })
  const post = async (url: string, body: unknown, headers = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text() }
  }
  const callOf =
    (method: string) =>
    async (body: unknown, headers: Record<string, string> = token) =>
      JSON.parse((await post(`${workspace.url}/api/${method}`, body, headers)).text)
  return {
    ...{ clock, received, workspace, post },
    api: callOf('chat.postMessage'),
    update: callOf('chat.update'),
  }
}

const button = (label: string, value: string) => ({
  type: 'actions',
  elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: label }, value }],
})

describe('a line that is typed', () => {
  it('is posted as a form, its members, addresses and markup written as Slack writes them', async () => {
    const { received, workspace } = await given([{ body: { response_type: 'ephemeral', text: 'On it.' } }])
    const id = await workspace.say('slack', 'olga', '/license user @ben, a<b & x@example.com')
    const [sent] = received
    expect(sent?.form.get('text')).toBe('user <@U0BEN>, a&lt;b &amp; <mailto:x@example.com|x@example.com>')
    expect(sent?.form.get('user_id')).toBe('U0OLGA')
    expect(sent?.form.get('response_url')).toContain(`${workspace.url}/commands/`)
    expect(sent?.headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/)
    expect(workspace.seen('slack', 'olga', 0).messages).toMatchObject([
      { id, from: 'olga', isPrivate: true },
      {
        answers: id,
        from: 'license',
        isPrivate: true,
        parts: [{ kind: 'text', spans: [{ text: 'On it.' }] }],
      },
    ])
    expect(workspace.seen('slack', 'abel', 0).messages).toEqual([])
  })

  it('that does not begin with the command reaches no app', async () => {
    const { received, workspace } = await given()
    await workspace.say('slack', 'olga', 'license user ana')
    await workspace.say('slack', 'olga', '/licenses user ana')
    expect(received).toEqual([])
    expect(workspace.seen('slack', 'olga', 0).messages.filter(({ from }) => from === 'Slack')).toHaveLength(2)
  })

  it('that the app does not take is told as Slack tells it', async () => {
    const { workspace } = await given([{ status: 503 }])
    await workspace.say('slack', 'olga', '/license help')
    expect(workspace.seen('slack', 'olga', 0).messages.at(-1)).toMatchObject({
      from: 'Slack',
      parts: [{ text: '/license failed with the error “dispatch_failed”.' }],
    })
  })

  it('is typed by members alone', async () => {
    const { workspace } = await given()
    await expect(workspace.say('slack', 'nobody', '/license help')).rejects.toThrow(NotThere)
    await expect(workspace.say('teams', 'abel', 'help')).rejects.toThrow('olga (U0OLGA, operator)')
  })
})

describe('a response URL', () => {
  async function answerable() {
    const world = await given()
    await world.workspace.say('slack', 'olga', '/license help')
    const url = world.received[0]?.form.get('response_url') ?? ''
    return { ...world, url }
  }

  it('shows a reply to the one person, or to the channel where it says so', async () => {
    const { workspace, post, url } = await answerable()
    await post(url, { text: 'for you' })
    await post(url, { response_type: 'in_channel', text: 'for all' })
    const texts = (as: string) =>
      workspace.seen('slack', as, 0).messages.flatMap(({ from, parts }) => (from === 'license' ? parts : []))
    expect(texts('olga')).toHaveLength(2)
    expect(texts('abel')).toEqual([{ kind: 'text', spans: [{ text: 'for all' }] }])
  })

  it('takes five posts', async () => {
    const { post, url } = await answerable()
    const statuses = []
    for (let n = 1; n <= 6; n++) statuses.push((await post(url, { text: `${n}` })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404])
  })

  it('lives for half an hour', async () => {
    const { clock, post, url } = await answerable()
    clock.advance(30 * 60_000 + 1)
    expect(await post(url, { text: 'late' })).toEqual({ status: 404, text: 'expired_url' })
  })

  it('of a press replaces the message whose button was pressed', async () => {
    const { workspace, received, post, api } = await given()
    await api({ channel: 'C0LICENSES', blocks: [button('Confirm', 'the value')] })
    await workspace.press('abel', 'CONFIRM')
    const payload = JSON.parse(received[0]?.form.get('payload') ?? '')
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ABEL' },
      actions: [{ value: 'the value' }],
    })
    await post(payload.response_url, { replace_original: true, text: 'done' })
    expect(workspace.seen('slack', 'olga', 0).messages).toMatchObject([
      { parts: [{ kind: 'text' }], buttons: [] },
    ])
    await expect(workspace.press('abel', 'Confirm')).rejects.toThrow('abel sees no button Confirm')
  })
})

describe('chat.postMessage', () => {
  it("posts to a channel, and to a member's own conversation with the app", async () => {
    const { workspace, api } = await given()
    expect(await api({ channel: 'C0APPROVALS', text: 'asked' })).toMatchObject({ ok: true })
    expect(await api({ channel: 'U0OLGA', text: 'told' })).toMatchObject({ ok: true })
    const channels = (as: string) => workspace.seen('slack', as, 0).messages.map(({ channel }) => channel)
    expect(channels('abel')).toEqual(['#license-approvals'])
    expect(channels('olga')).toEqual(['license'])
  })

  it('refuses what Slack refuses', async () => {
    const { workspace, api } = await given()
    const fields = Array.from({ length: 11 }, () => ({ type: 'mrkdwn', text: 'x' }))
    expect(await api({ channel: 'C0LICENSES', text: 'x' }, { authorization: 'Bearer other' })).toEqual({
      ok: false,
      error: 'invalid_auth',
    })
    expect(await api({ channel: 'C0OTHER', text: 'x' })).toEqual({ ok: false, error: 'channel_not_found' })
    for (const blocks of [
      [{ type: 'section', fields }],
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      [button('Confirm', 'x'.repeat(2_001))],
      Array.from({ length: 51 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: 'x' } })),
    ]) {
      expect(await api({ channel: 'C0LICENSES', blocks })).toEqual({ ok: false, error: 'invalid_blocks' })
    }
    expect(workspace.seen('slack', 'olga', 0).messages).toEqual([])
  })

  it('fails as it was told to, so many times', async () => {
    const { workspace, api } = await given()
    workspace.refuse('chat.postMessage', 'not_in_channel', 2)
    const tries = [1, 2, 3].map(() => ({ channel: 'C0LICENSES', text: 'x' }))
    const answers = []
    for (const each of tries) answers.push((await api(each)).ok)
    expect(answers).toEqual([false, false, true])
  })
})

describe('chat.update', () => {
  it('shows another message in the place of one that the app posted, its buttons gone', async () => {
    const { workspace, api, update } = await given()
    const { channel, ts } = await api({ channel: 'C0APPROVALS', blocks: [button('Approve', 'v')] })
    expect(await update({ channel, ts, text: 'decided' })).toEqual({ ok: true, channel, ts })
    const { messages } = workspace.seen('slack', 'abel', 0)
    expect(messages).toMatchObject([{ parts: [{ kind: 'text', spans: [{ text: 'decided' }] }], buttons: [] }])
  })

  it('refuses what Slack refuses', async () => {
    const { workspace, api, post, update, received } = await given()
    const { channel, ts } = await api({ channel: 'C0LICENSES', text: 'x' })
    const line = await workspace.say('slack', 'olga', '/license help')
    await post(received[0]?.form.get('response_url') ?? '', { text: 'for olga alone' })
    const ephemeral = workspace.seen('slack', 'olga', 0).messages.at(-1)?.id
    const errorOf = async (body: object, headers?: Record<string, string>) =>
      (await update({ channel, ts, text: 'y', ...body }, headers)).error
    expect(await errorOf({}, { authorization: 'Bearer other' })).toBe('invalid_auth')
    expect(await errorOf({ ts: 'm99' })).toBe('message_not_found')
    expect(await errorOf({ channel: 'C0APPROVALS' })).toBe('message_not_found')
    expect(await errorOf({ channel: 'C0OTHER' })).toBe('channel_not_found')
    expect(await errorOf({ ts: line })).toBe('cant_update_message')
    expect(await errorOf({ ts: ephemeral })).toBe('cant_update_message')
    expect(await errorOf({ blocks: [button('Confirm', 'x'.repeat(2_001))] })).toBe('invalid_blocks')
    workspace.refuse('chat.update', 'ratelimited')
    expect(await errorOf({})).toBe('ratelimited')
    expect(await errorOf({})).toBeUndefined()
  })
})

describe('users.info', () => {
  it('tells the address of a member, and of no other', async () => {
    const { workspace } = await given()
    const ask = async (user: string) => {
      const response = await fetch(`${workspace.url}/api/users.info?user=${user}`, { headers: token })
      return JSON.parse(await response.text())
    }
    expect(await ask('U0BEN')).toMatchObject({ ok: true, user: { profile: { email: 'ben@example.com' } } })
    expect(await ask('U0NOBODY')).toEqual({ ok: false, error: 'user_not_found' })
  })
})
