/**
 * What Slack's servers take from an app: answers at response URLs, chat.postMessage, chat.update and users.info. Sources:
 * docs.slack.dev, "Handling user interaction in your Slack apps", "chat.postMessage", "chat.update", "users.info".
 */
import * as z from 'zod/mini'
import type { Members } from '../members.ts'
import type { Messages } from '../messages.ts'
import { SLACK } from '../places.ts'
import type { Refusals } from '../refusals.ts'
import { APP_NAME } from '../seen.ts'
import { SlackContent, seenOfSlack } from './block-kit.ts'
import type { Answerable, ResponseUrls } from './response-urls.ts'

/** What a response URL takes, and what a command may be answered with at once. */
export const Response = z.extend(SlackContent, {
  response_type: z.optional(z.enum(['ephemeral', 'in_channel'])),
  replace_original: z.optional(z.boolean()),
})
const Post = z.extend(SlackContent, { channel: z.string() })
const Update = z.extend(Post, { ts: z.string() })

export interface SlackServicesOptions {
  readonly messages: Messages
  readonly members: Members
  readonly refusals: Refusals
  readonly urls: ResponseUrls
  readonly botToken: string
}

export function slackServices({ messages, members, refusals, urls, botToken }: SlackServicesOptions) {
  const isApp = (authorization: string | undefined) => authorization === `Bearer ${botToken}`
  const failed = (error: string) => ({ ok: false, error })

  return {
    /** @returns Slack's status and body. */
    respond(path: string, body: unknown) {
      const refusal = refusals.take('response_url')
      const answerable = refusal ?? urls.use(path)
      if (typeof answerable === 'string') return { status: 404, body: answerable }
      const response = Response.safeParse(body)
      if (!response.success) return { status: 400, body: 'invalid_blocks' }
      show(messages, response.data, answerable)
      return { status: 200, body: 'ok' }
    },

    /** A user's id as the channel is the app's conversation with them. */
    post(authorization: string | undefined, body: unknown) {
      const refusal = isApp(authorization) ? refusals.take('chat.postMessage') : 'invalid_auth'
      if (refusal) return failed(refusal)
      const post = Post.safeParse(body)
      if (!post.success) return failed('invalid_blocks')
      const { channel } = post.data
      const member = members.bySlackId(channel)
      if (!member && !Object.values<string>(SLACK.channels).includes(channel))
        return failed('channel_not_found')
      const { id } = messages.add({
        platform: 'slack',
        channelId: channel,
        from: APP_NAME,
        ...(member ? { onlyFor: member.name } : {}),
        ...seenOfSlack(post.data),
      })
      return { ok: true, channel, ts: id }
    },

    /** An app may update what it posted itself, and nothing that only one person sees. */
    update(authorization: string | undefined, body: unknown) {
      const refusal = isApp(authorization) ? refusals.take('chat.update') : 'invalid_auth'
      if (refusal) return failed(refusal)
      const update = Update.safeParse(body)
      if (!update.success) return failed('invalid_blocks')
      const { channel, ts } = update.data
      if (!Object.values<string>(SLACK.channels).includes(channel) && !members.bySlackId(channel))
        return failed('channel_not_found')
      const message = messages.get(ts)
      if (message?.channelId !== channel) return failed('message_not_found')
      const isEphemeral = message.onlyFor !== undefined && !members.bySlackId(channel)
      if (message.from !== APP_NAME || isEphemeral) return failed('cant_update_message')
      messages.replace(ts, seenOfSlack(update.data))
      return { ok: true, channel, ts }
    },

    userInfo(authorization: string | undefined, userId: string) {
      const refusal = isApp(authorization) ? refusals.take('users.info') : 'invalid_auth'
      if (refusal) return failed(refusal)
      const member = members.bySlackId(userId)
      if (!member) return failed('user_not_found')
      const { name, email } = member
      return { ok: true, user: { id: userId, name, profile: email === undefined ? {} : { email } } }
    },
  }
}

/** Shows what an app answered: to the one person, to the channel, or in the place of the message that was pressed. */
export function show(
  messages: Messages,
  content: z.output<typeof Response>,
  { member, channelId, said, messageId }: Answerable,
): void {
  const seen = seenOfSlack(content)
  const isReplaced =
    content.replace_original === true &&
    messageId !== undefined &&
    messages.replace(messageId, { ...seen, answers: said })
  if (isReplaced) return
  messages.add({
    platform: 'slack',
    channelId,
    from: APP_NAME,
    // Where it says nothing, Slack shows an answer to the one person.
    ...(content.response_type === 'in_channel' ? {} : { onlyFor: member.name }),
    answers: said,
    ...seen,
  })
}
