/** What is sent to Slack: replies to where a command came from, messages to channels, questions about its users. */

import * as z from 'zod/mini'
import type { AskedMessage } from '../../changes/record/ledger.ts'
import { jsonOf } from '../../json.ts'
import type { Transport, TransportResponse } from '../../transport/transport.ts'
import { ChatBusy } from '../conversation/deliver-reply.ts'
import { isResponseUrl } from './form.ts'
import type { SlackMessage } from './message.ts'

/** One try, milliseconds. */
const TIMEOUT_MS = 5_000

/** Of Slack's Web API. */
export const SLACK_API = 'https://slack.com'

export interface SlackApiOptions {
  readonly transport: Transport
  /** On the laptop, the stand-in's: it takes all that would go to Slack, response URLs of Slack's own host too. */
  readonly loopbackOrigin: string | undefined
  /** The bot's token; undefined until the operator has put it. */
  readonly botToken: () => Promise<string | undefined>
  /** The page's address, with a slash at its end; undefined where the org has none. */
  readonly pageUrl?: string | undefined
}

/** Slack's own word for why it did not take a message, such as `not_in_channel`. */
class NotTaken extends Error {
  override readonly name = 'NotTaken'
}

export interface SlackApi {
  /** What messages lead to: the page's address, with a slash at its end. None where there is no page. */
  readonly pageUrl?: string | undefined
  /**
   * Answers where the delivery came from, for 30 minutes and five times.
   *
   * @returns false where that is not Slack's. @throws NotTaken @throws TransportError
   */
  respond(responseUrl: string, message: SlackMessage): Promise<boolean>
  /**
   * Posts to a channel, or with a user's id to the app's conversation with them.
   *
   * @returns where it stands, `true` where Slack does not say; false where the operator has put no bot token.
   * @throws NotTaken @throws TransportError
   */
  post(channelId: string, message: SlackMessage): Promise<AskedMessage | boolean>
  /**
   * Puts another in the place of a message that was posted.
   *
   * @returns false where the operator has put no bot token. @throws NotTaken @throws TransportError
   */
  update(place: AskedMessage, message: SlackMessage): Promise<boolean>
  /** The address of one of its users. @returns undefined where Slack tells none. */
  emailOf(userId: string): Promise<string | undefined>
}

/** Slack's errors are words; anything else is not told on. */
const WORD = /^[a-z_]{1,64}$/

const Outcome = z.looseObject({
  ok: z.boolean(),
  error: z.optional(z.string()),
  channel: z.optional(z.string()),
  ts: z.optional(z.string()),
})
const UserInfo = z.looseObject({ user: z.looseObject({ profile: z.looseObject({ email: z.string() }) }) })

export function slackApi({ transport, loopbackOrigin, botToken, pageUrl }: SlackApiOptions): SlackApi {
  const origin = loopbackOrigin ?? SLACK_API
  async function send(url: string, body: unknown, token?: string) {
    const { origin: given, pathname, search } = new URL(url)
    return await transport({
      method: 'POST',
      origin: loopbackOrigin ?? given,
      path: pathname + search,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
      freshConnection: true,
    })
  }

  return {
    pageUrl,
    async respond(responseUrl, message) {
      if (!isResponseUrl(responseUrl, loopbackOrigin)) return false
      const { status, body } = await send(responseUrl, message)
      if (status !== 200) throw refusal(status, body.toString('utf8'))
      return true
    },

    async post(channelId, message) {
      const token = await botToken()
      if (token === undefined) return false
      const { response_type: _where, replace_original: _which, ...content } = message
      const url = `${origin}/api/chat.postMessage`
      const { status, body, headers } = await send(url, { channel: channelId, ...content }, token)
      const outcome = Outcome.safeParse(jsonOf(body)).data
      if (outcome?.ok !== true) throw refusal(status, outcome?.error, headers)
      const { channel, ts } = outcome
      return channel === undefined || ts === undefined ? true : { channelId: channel, ts }
    },

    async update({ channelId, ts }, message) {
      const token = await botToken()
      if (token === undefined) return false
      // Of what a new message may say of itself, an update takes less.
      const { response_type: _where, replace_original: _which, mrkdwn: _how, ...content } = message
      const url = `${origin}/api/chat.update`
      const { status, body, headers } = await send(url, { channel: channelId, ts, ...content }, token)
      const outcome = Outcome.safeParse(jsonOf(body)).data
      if (outcome?.ok !== true) throw refusal(status, outcome?.error, headers)
      return true
    },

    async emailOf(userId) {
      const token = await botToken()
      if (token === undefined) return undefined
      const { body } = await transport({
        method: 'GET',
        origin,
        path: `/api/users.info?user=${encodeURIComponent(userId)}`,
        headers: { authorization: `Bearer ${token}` },
        timeoutMs: TIMEOUT_MS,
      })
      return UserInfo.safeParse(jsonOf(body)).data?.user.profile.email
    },
  }
}

function refusal(status: number, word = '', headers: TransportResponse['headers'] = {}): Error {
  // Slack says it in seconds.
  const seconds = Number(headers['retry-after'])
  if (status === 429 && seconds > 0) return new ChatBusy(seconds * 1_000)
  return new NotTaken(WORD.test(word) ? word : `status ${status}`)
}
