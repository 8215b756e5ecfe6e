/** Slack's and Teams' requests over HTTP to the local stack, signed here by what their documentation says. */
import { createHmac } from 'node:crypto'
import type { SeenMessage } from '../../infra/local/chat/seen.ts'
import type { Platform, Workspace } from '../../infra/local/chat/workspace.ts'
import { type RawAnswer, sendRaw, type TestStack } from './gateway.ts'

/** A stack's chats. @throws Error where it has none. */
export function chatOf({ chat }: TestStack): NonNullable<TestStack['chat']> {
  if (!chat) throw new Error('this stack has no chat')
  return chat
}

/** A command's form, as the laptop's operator types it. Fields that are undefined are left out. */
export function commandForm(
  stack: TestStack,
  text: string,
  changed: Readonly<Record<string, string | undefined>> = {},
): string {
  const { people, slackTeam, slackApp, slackChannel } = chatOf(stack).forScripts
  const fields = {
    team_id: slackTeam,
    api_app_id: slackApp,
    channel_id: slackChannel,
    user_id: people.operator.slack,
    command: '/license',
    text,
    response_url: 'https://hooks.slack.com/commands/T0LAPTOP/1/test',
    trigger_id: `1.2.${Math.random().toString(36).slice(2)}`,
    ...changed,
  }
  const given = Object.entries(fields).filter((each): each is [string, string] => each[1] !== undefined)
  return new URLSearchParams(given).toString()
}

export interface ToSlack {
  readonly body: string | Buffer
  /** Seconds that the timestamp is off the laptop's clock. */
  readonly offSeconds?: number
  readonly secret?: string
  /** Names and values in turn, in place of the two that are signed with. */
  readonly proof?: readonly string[]
  readonly headers?: readonly string[]
}

export function slackProof(
  stack: TestStack,
  { body, offSeconds = 0, secret = chatOf(stack).forScripts.slackSigningSecret }: ToSlack,
) {
  const timestamp = String(Math.floor(stack.aws.now() / 1_000) + offSeconds)
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  return { timestamp, signature: `v0=${hmac}` }
}

export function toSlack(stack: TestStack, request: ToSlack): Promise<RawAnswer> {
  const { timestamp, signature } = slackProof(stack, request)
  const {
    proof = ['X-Slack-Request-Timestamp', timestamp, 'X-Slack-Signature', signature],
    headers = [],
    body,
  } = request
  return sendRaw(stack, {
    method: 'POST',
    path: '/slack',
    authorization: null,
    headers: ['Content-Type', 'application/x-www-form-urlencoded', ...proof, ...headers],
    body,
  })
}

/** An activity of the laptop's channel, by its operator. */
export function activityOf(
  stack: TestStack,
  text: string,
  changed: Readonly<Record<string, unknown>> = {},
): object {
  const { people, teamsTenant, teamsTeam, teamsChannel } = chatOf(stack).forScripts
  return {
    type: 'message',
    id: String(Math.floor(Math.random() * 1e15)),
    timestamp: new Date(stack.aws.now()).toISOString(),
    serviceUrl: 'http://127.0.0.1:1/never-called',
    text: `<at>license</at> ${text}`,
    from: { id: '29:1', name: 'Anybody', aadObjectId: people.operator.teams },
    conversation: { id: `${teamsChannel};messageid=1`, tenantId: teamsTenant },
    channelData: {
      channel: { id: teamsChannel },
      team: { id: teamsTeam },
      tenant: { id: teamsTenant },
    },
    ...changed,
  }
}

export function toTeams(
  stack: TestStack,
  activity: object,
  authorization?: string | null,
): Promise<RawAnswer> {
  const body = JSON.stringify(activity)
  const key = Buffer.from(chatOf(stack).forScripts.teamsKey, 'base64')
  const signed = `HMAC ${createHmac('sha256', key).update(body).digest('base64')}`
  return sendRaw(stack, {
    method: 'POST',
    path: '/teams',
    authorization: authorization === undefined ? signed : authorization,
    headers: ['Content-Type', 'application/json; charset=utf-8'],
    body,
  })
}

/** Resolves to the messages that fit once there are so many. It fails by the test's own timeout. */
export async function untilSeen(
  chat: Workspace,
  platform: Platform,
  as: string,
  fits: (message: SeenMessage) => boolean,
  count = 1,
): Promise<readonly SeenMessage[]> {
  for (;;) {
    const { version, messages } = chat.seen(platform, as, 0)
    const found = messages.filter(fits)
    if (found.length >= count) return found
    await chat.changed(version, 5_000)
  }
}

/** All that a message says, a line each. */
export function textOf({ parts, buttons }: SeenMessage): string {
  const spans = (each: readonly { readonly text: string }[]) => each.map(({ text }) => text).join('')
  return [
    ...parts.flatMap((part) => {
      if (part.kind === 'text') return [spans(part.spans)]
      if (part.kind === 'fields') return part.fields.map(({ name, value }) => `${name}: ${spans(value)}`)
      return [part.text]
    }),
    ...buttons.map(({ label }) => `[${label}]`),
  ].join('\n')
}
