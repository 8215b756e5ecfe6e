/**
 * What Slack posts: the form of slash commands and button presses, in it a button's `block_actions` payload as far
 * as it is read, and the URL where Slack wants a reply: its own host and no other, since we call it from inside.
 */
import * as z from 'zod/mini'
import { parseStrictJson } from '../../json.ts'
import type { ButtonAction } from '../conversation/words/reply.ts'
import { MAX_VALUE_LENGTH } from './limits.ts'

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;\s*charset\s*=\s*("utf-?8"|utf-?8)\s*)?$/i

/** Fields of one form: Slack's own have twenty at most. */
const MAX_FIELDS = 100
const AMPERSAND = 0x26

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @returns undefined for bytes or a media type that are no form, and for one of more fields than any of Slack's. */
export function formOf(rawBody: Uint8Array, contentType: string | undefined): URLSearchParams | undefined {
  if (!FORM_TYPE.test(contentType ?? '')) return undefined
  let fields = 1
  for (const byte of rawBody) if (byte === AMPERSAND) fields += 1
  if (fields > MAX_FIELDS) return undefined
  try {
    return new URLSearchParams(utf8.decode(rawBody))
  } catch {
    return undefined
  }
}

/** Of fields of these names that come twice; which of the two counts is nothing to guess. */
export function hasTwice(form: URLSearchParams, names: readonly string[]): boolean {
  return names.some((name) => form.getAll(name).length > 1)
}

/** The longest of Slack's looks at our certificate, in bytes: two fields. */
const MAX_SSL_CHECK_BYTES = 500

/**
 * Slack's look at whether our certificate is sound. It is answered 200 and empty, unsigned as it may be: so it is not
 * read as a form, which waits for the signature.
 */
export function isSslCheck(rawBody: Uint8Array, contentType: string | undefined): boolean {
  if (rawBody.length > MAX_SSL_CHECK_BYTES || !FORM_TYPE.test(contentType ?? '')) return false
  const checks = Buffer.from(rawBody)
    .toString('latin1')
    .split('&')
    .filter((field) => field.startsWith('ssl_check='))
  return checks.length === 1 && checks[0] === 'ssl_check=1'
}

/** What a form of Slack says of where it comes from, unchecked. */
export interface DeliveryOrigin {
  readonly teamId: string | undefined
  readonly enterpriseId: string | undefined
  readonly appId: string | undefined
  readonly userId: string | undefined
  readonly userTeamId?: string | undefined
  readonly userEnterpriseId?: string | undefined
  readonly channelId: string | undefined
  readonly responseUrl: string | undefined
  readonly triggerId: string | undefined
}

interface Press {
  readonly origin: DeliveryOrigin
  readonly action: ButtonAction
  /** Absent where Slack does not say which message the button is in. */
  readonly messageTs?: string | undefined
}

const Ts = z.string().check(z.regex(/^[0-9]{1,12}\.[0-9]{1,9}$/))
const Named = z.nullish(z.object({ id: z.string() }))

const Payload = z.object({
  type: z.literal('block_actions'),
  /** Of a channel that workspaces share, the user may be of another one than `team`. */
  user: z.object({ id: z.string(), team_id: z.nullish(z.string()), enterprise_id: z.nullish(z.string()) }),
  /** Null where the app is installed for a whole enterprise. */
  team: Named,
  enterprise: Named,
  api_app_id: z.nullish(z.string()),
  /** A message that only one person sees may come with its container alone. */
  channel: Named,
  message: z.nullish(z.object({ ts: Ts })),
  container: z.nullish(z.object({ message_ts: z.nullish(Ts), channel_id: z.nullish(z.string()) })),
  response_url: z.string(),
  trigger_id: z.nullish(z.string()),
  actions: z.array(z.object({ value: z.string().check(z.maxLength(MAX_VALUE_LENGTH)) })).check(z.length(1)),
})

const ActionValue = z.strictObject({
  do: z.enum([
    'apply',
    'cancel',
    'approve',
    'reject',
    'undo',
    'retry',
    'extend',
    'end',
    'pause',
    'resume',
    'stop',
  ]),
  changeId: z.string().check(z.regex(/^[0-9a-hjkmnp-tv-z]{20}$/)),
  digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})

/** Never throws. The reason says what is wrong and has nothing of the payload in it. */
export function pressOf(text: string): Press | { readonly reason: string } {
  const json = jsonOf(text)
  if (!json) return { reason: 'the payload is no sound JSON' }
  const payload = Payload.safeParse(json.value)
  if (!payload.success) return { reason: 'the payload is not of a button of ours' }
  const { user, team, enterprise, api_app_id, channel, message, container, ...rest } = payload.data
  const [pressed] = rest.actions
  const action = ActionValue.safeParse(jsonOf(pressed?.value ?? '')?.value)
  if (!action.success) return { reason: 'the button carries no action of ours' }
  const messageTs = message?.ts ?? container?.message_ts ?? undefined
  return {
    action: action.data,
    messageTs,
    origin: {
      teamId: team?.id ?? user.team_id ?? undefined,
      enterpriseId: enterprise?.id,
      appId: api_app_id ?? undefined,
      userId: user.id,
      userTeamId: user.team_id ?? undefined,
      userEnterpriseId: user.enterprise_id ?? enterprise?.id,
      channelId: channel?.id ?? container?.channel_id ?? undefined,
      responseUrl: rest.response_url,
      triggerId: rest.trigger_id ?? undefined,
    },
  }
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseStrictJson(text) }
  } catch {
    return undefined
  }
}

const SLACK = 'https://hooks.slack.com/'
/** What a URL is written with; no blank, control character or backslash, which parsers read differently. */
const URL_TEXT = /^[!-[\]-~]{1,2000}$/
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}$/

/**
 * @param loopbackOrigin the laptop's stand-in for Slack, such as `http://127.0.0.1:4010`; any other origin counts for
 *   nothing.
 */
export function isResponseUrl(text: string, loopbackOrigin?: string): boolean {
  // The prefix ends the authority: no credentials, no port, no other spelling of the host.
  if (!URL_TEXT.test(text) || !URL.canParse(text)) return false
  if (text.startsWith(SLACK)) return true
  return (
    loopbackOrigin !== undefined && LOOPBACK.test(loopbackOrigin) && text.startsWith(`${loopbackOrigin}/`)
  )
}
