/**
 * Slack, as far as the gateway meets it: a workspace whose members type `/license` and press buttons, its Web API, and
 * response URLs that live as long as Slack's. Sources: docs.slack.dev, "Slash commands", "Handling user interaction",
 * "chat.postMessage", "users.info".
 */
import { randomBytes } from 'node:crypto'
import * as z from 'zod/mini'
import { SlackContent, seenOfSlack } from './block-kit.ts'
import { deliver, jsonOf } from './delivering.ts'
import type { Member, Members } from './members.ts'
import type { Message, Messages, Pressable } from './messages.ts'
import { SLACK } from './places.ts'
import type { Refusals } from './refusals.ts'
import { APP_NAME } from './seen.ts'
import { slackHeaders } from './signing.ts'
import { markedUp } from './typed.ts'

/** Slack's own limits, milliseconds and posts. */
const WAITS_MS = 3_000
const RESPONSE_URL_LIVES_MS = 30 * 60_000
const RESPONSE_URL_POSTS = 5

export interface SlackOptions {
  /** Epoch milliseconds, by the laptop's clock. */
  readonly now: () => number
  readonly messages: Messages
  readonly members: Members
  readonly refusals: Refusals
  readonly signingSecret: string
  readonly botToken: string
  /** The gateway's webhook, and where this stand-in is itself; known once both listen. */
  readonly webhookUrl: () => string
  readonly origin: () => string
}

/** Where a response URL leads. */
interface Answerable {
  readonly member: Member
  readonly channelId: string
  /** What was typed or pressed. */
  readonly said: string
  /** The message whose button was pressed. */
  readonly messageId?: string
  readonly expiresAtMs: number
  postsLeft: number
}

const Response = z.extend(SlackContent, {
  response_type: z.optional(z.enum(['ephemeral', 'in_channel'])),
  replace_original: z.optional(z.boolean()),
})
const Post = z.extend(SlackContent, { channel: z.string() })

export function localSlack(options: SlackOptions) {
  const { now, messages, members, refusals, signingSecret, botToken } = options
  const answerables = new Map<string, Answerable>()

  function responseUrlFor(answerable: Omit<Answerable, 'expiresAtMs' | 'postsLeft'>): string {
    const path = `/commands/${SLACK.team}/${answerables.size + 1}/${randomBytes(12).toString('hex')}`
    const expiresAtMs = now() + RESPONSE_URL_LIVES_MS
    answerables.set(path, { ...answerable, expiresAtMs, postsLeft: RESPONSE_URL_POSTS })
    return `${options.origin()}${path}`
  }

  async function send(form: Readonly<Record<string, string>>) {
    const body = new URLSearchParams(form).toString()
    return await deliver(
      options.webhookUrl(),
      { body, headers: slackHeaders(body, signingSecret, now()) },
      WAITS_MS,
    )
  }

  /** What Slack itself says, to one member. */
  function tell(member: Member, channelId: string, answers: string, text: string): void {
    messages.add({
      platform: 'slack',
      channelId,
      from: 'Slack',
      onlyFor: member.name,
      answers,
      parts: [{ kind: 'note', text }],
      buttons: [],
    })
  }

  return {
    /** Types a line. Resolves to its id when the webhook has answered; what the app replies comes later. */
    async say(member: Member, line: string): Promise<string> {
      const channelId = SLACK.channels.licenses
      const typed = messages.add({
        platform: 'slack',
        channelId,
        from: member.name,
        onlyFor: member.name,
        parts: [{ kind: 'text', spans: [{ text: line }] }],
        buttons: [],
      })
      const said = typed.id
      const text = /^\/license(?:\s+(.*))?$/s.exec(line.trim())
      if (!text) {
        tell(member, channelId, said, `Only lines that begin with ${SLACK.command} reach the app.`)
        return said
      }
      const answered = await send({
        team_id: SLACK.team,
        team_domain: 'laptop',
        channel_id: channelId,
        channel_name: 'licenses',
        user_id: member.slack ?? '',
        user_name: member.name,
        command: SLACK.command,
        text: escaped(text[1] ?? '', members),
        api_app_id: SLACK.app,
        is_enterprise_install: 'false',
        response_url: responseUrlFor({ member, channelId, said }),
        trigger_id: triggerId(now()),
      })
      if (answered?.status !== 200) {
        const error = answered === undefined ? 'operation_timeout' : 'dispatch_failed'
        tell(member, channelId, said, `${SLACK.command} failed with the error “${error}”.`)
        return said
      }
      const ack = Response.safeParse(jsonOf(answered.body))
      if (ack.success) show(ack.data, { member, channelId, said })
      return said
    },

    /** Presses a button. Resolves to the press's id when the webhook has answered. */
    async press(member: Member, message: Message, { value, label }: Pressable): Promise<string> {
      const { id: messageId, channelId } = message
      const said = `press-${randomBytes(6).toString('hex')}`
      const payload = {
        type: 'block_actions',
        user: { id: member.slack, username: member.name, team_id: SLACK.team },
        api_app_id: SLACK.app,
        team: { id: SLACK.team, domain: 'laptop' },
        enterprise: null,
        channel: { id: channelId },
        container: { type: 'message', message_ts: timestampOf(message), channel_id: channelId },
        message: { ts: timestampOf(message) },
        response_url: responseUrlFor({ member, channelId, said, messageId }),
        trigger_id: triggerId(now()),
        actions: [{ type: 'button', action_id: label, value, text: { type: 'plain_text', text: label } }],
      }
      const answered = await send({ payload: JSON.stringify(payload) })
      if (answered?.status !== 200) {
        tell(
          member,
          channelId,
          said,
          `⚠ The app did not take this press (${answered?.status ?? 'no answer in time'}).`,
        )
      }
      return said
    },

    /** A response URL is posted to. @returns Slack's status and body. */
    respond(path: string, body: unknown) {
      const refusal = refusals.take('response_url')
      if (refusal) return { status: 404, body: refusal }
      const answerable = answerables.get(path)
      if (!answerable) return { status: 404, body: 'expired_url' }
      if (now() > answerable.expiresAtMs) return { status: 404, body: 'expired_url' }
      if (answerable.postsLeft === 0) return { status: 404, body: 'used_url' }
      const parsed = Response.safeParse(body)
      if (!parsed.success) return { status: 400, body: 'invalid_blocks' }
      answerable.postsLeft -= 1
      show(parsed.data, answerable)
      return { status: 200, body: 'ok' }
    },

    /** chat.postMessage; a user's id as the channel is the app's conversation with them. */
    post(authorization: string | undefined, body: unknown) {
      if (authorization !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' }
      const refusal = refusals.take('chat.postMessage')
      if (refusal) return { ok: false, error: refusal }
      const parsed = Post.safeParse(body)
      if (!parsed.success) return { ok: false, error: 'invalid_blocks' }
      const { channel } = parsed.data
      const member = members.bySlackId(channel)
      const isChannel = Object.values<string>(SLACK.channels).includes(channel)
      if (!member && !isChannel) return { ok: false, error: 'channel_not_found' }
      const added = messages.add({
        platform: 'slack',
        channelId: channel,
        from: APP_NAME,
        ...(member ? { onlyFor: member.name } : {}),
        ...seenOfSlack(parsed.data),
      })
      return { ok: true, channel, ts: timestampOf(added) }
    },

    userInfo(authorization: string | undefined, userId: string) {
      if (authorization !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' }
      const refusal = refusals.take('users.info')
      if (refusal) return { ok: false, error: refusal }
      const member = members.bySlackId(userId)
      if (!member) return { ok: false, error: 'user_not_found' }
      const { name, email } = member
      return { ok: true, user: { id: userId, name, profile: email === undefined ? {} : { email } } }
    },
  }

  function show(
    content: z.output<typeof Response>,
    { member, channelId, said, messageId }: Pick<Answerable, 'member' | 'channelId' | 'said' | 'messageId'>,
  ): void {
    const seen = seenOfSlack(content)
    if (content.replace_original === true && messageId !== undefined) {
      if (messages.replace(messageId, { ...seen, answers: said })) return
    }
    messages.add({
      platform: 'slack',
      channelId,
      from: APP_NAME,
      // Where it says nothing, Slack shows a reply to the one person.
      ...(content.response_type === 'in_channel' ? {} : { onlyFor: member.name }),
      answers: said,
      ...seen,
    })
  }
}

/** A message's id in Slack is its time, to the microsecond. */
function timestampOf({ at, version }: Message): string {
  return `${Math.floor(Date.parse(at) / 1_000)}.${String(version).padStart(6, '0')}`
}

function triggerId(nowMs: number): string {
  return `${nowMs}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`
}

/** As a command with `should_escape` sends it: members and addresses are links too. */
function escaped(text: string, members: Members): string {
  const mention = (name: string) => {
    const id = members.find(name)?.slack
    return id === undefined ? undefined : `<@${id}>`
  }
  return markedUp(text, mention).replace(/(^|[\s,;])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g, '$1<mailto:$2|$2>')
}
