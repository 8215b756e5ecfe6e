/** From the body that Slack posted to a delivery that can be queued: a command that was typed or a button pressed. */
import { idOf } from '../../changes/model/record-ids.ts'
import type { ButtonAction } from '../conversation/words/reply.ts'
import { type DeliveryOrigin, formOf, hasTwice, isResponseUrl, pressOf } from './form.ts'
import { readSlackText } from './typed-text.ts'

interface From {
  readonly platform: 'slack'
  /** The same for a delivery that comes again. */
  readonly deliveryId: string
  readonly teamId: string
  readonly enterpriseId?: string | undefined
  readonly appId?: string | undefined
  /** A user of that team; who it is, is for the org file to say. */
  readonly userId: string
  /** The workspace that the user is of, where Slack says so: another than `teamId` in a channel that is shared. */
  readonly userTeamId?: string | undefined
  readonly userEnterpriseId?: string | undefined
  readonly channelId: string
  readonly responseUrl: string
  readonly triggerId?: string | undefined
}

export type SlackDelivery =
  /** `text` is what was typed after the command; people mentioned in it are `@{U123}`. */
  | (From & { readonly kind: 'command'; readonly command: string; readonly text: string })
  | (From & {
      readonly kind: 'press'
      readonly action: ButtonAction
      readonly messageTs?: string | undefined
    })

export type SlackTranslation =
  | { readonly delivery: SlackDelivery }
  /** The reason is for the log, and has nothing of the body in it. */
  | { readonly refusal: { readonly status: 400; readonly reason: string } }

export interface Reception {
  /** Of the verified signature: stands in where Slack sends no trigger id. */
  readonly fingerprint: string
  /** Set on the laptop alone. */
  readonly loopbackOrigin?: string | undefined
}

const SLACK_ID = /^[A-Z][A-Z0-9]{1,31}$/
const TRIGGER_ID = /^[A-Za-z0-9.]{1,255}$/
const COMMAND = /^\/[a-z0-9_-]{1,32}$/

/** Longest text after a command, in characters: what Slack lets a person type. */
const MAX_TEXT_LENGTH = 12_000

const COMMAND_FIELDS = [
  'team_id',
  'enterprise_id',
  'api_app_id',
  'user_id',
  'channel_id',
  'command',
  'text',
  'response_url',
  'trigger_id',
]

/** Never throws. To be called once the signature is found sound. */
export function readSlackDelivery(
  rawBody: Uint8Array,
  contentType: string | undefined,
  reception: Reception,
): SlackTranslation {
  const form = formOf(rawBody, contentType)
  if (!form) return refusalOf('the body is no form in UTF-8, or has more fields than any of theirs')
  if (hasTwice(form, ['payload', ...COMMAND_FIELDS])) return refusalOf('a field comes twice')
  if (!form.has('payload')) return commandOf(form, reception)
  if (form.has('command')) return refusalOf('it is a command and a payload at once')
  const press = pressOf(form.get('payload') ?? '')
  if ('reason' in press) return refusalOf(press.reason)
  const { action, messageTs, origin } = press
  const from = fromOf(origin, reception)
  if (typeof from === 'string') return refusalOf(from)
  return { delivery: { ...from, kind: 'press', action, messageTs } }
}

function commandOf(form: URLSearchParams, reception: Reception): SlackTranslation {
  const field = (name: string) => form.get(name) || undefined
  const command = field('command') ?? ''
  const text = form.get('text') ?? ''
  if (!COMMAND.test(command)) return refusalOf('the command is missing or malformed')
  if (text.length > MAX_TEXT_LENGTH) return refusalOf('the text is longer than Slack lets a person type')
  const from = fromOf(
    {
      teamId: field('team_id'),
      enterpriseId: field('enterprise_id'),
      appId: field('api_app_id'),
      userId: field('user_id'),
      channelId: field('channel_id'),
      responseUrl: field('response_url'),
      triggerId: field('trigger_id'),
    },
    reception,
  )
  if (typeof from === 'string') return refusalOf(from)
  return { delivery: { ...from, kind: 'command', command, text: readSlackText(text) } }
}

/** @returns a reason where something is missing or malformed. */
function fromOf(origin: DeliveryOrigin, { fingerprint, loopbackOrigin }: Reception): From | string {
  const { teamId, enterpriseId, appId, userId, channelId, responseUrl, triggerId } = origin
  const { userTeamId, userEnterpriseId } = origin
  if (teamId === undefined || !SLACK_ID.test(teamId)) return 'the team is missing or malformed'
  if (userId === undefined || !SLACK_ID.test(userId)) return 'the user is missing or malformed'
  if ([userTeamId, userEnterpriseId].some((id) => id !== undefined && !SLACK_ID.test(id))) {
    return "the user's team or enterprise is malformed"
  }
  if (channelId === undefined || !SLACK_ID.test(channelId)) return 'the channel is missing or malformed'
  if (enterpriseId !== undefined && !SLACK_ID.test(enterpriseId)) return 'the enterprise is malformed'
  if (appId !== undefined && !SLACK_ID.test(appId)) return 'the app is malformed'
  if (responseUrl === undefined || !isResponseUrl(responseUrl, loopbackOrigin)) {
    return "the response URL is not at Slack's host"
  }
  const hasTriggerId = triggerId !== undefined && TRIGGER_ID.test(triggerId)
  return {
    platform: 'slack',
    deliveryId: `slack-${hasTriggerId ? idOf('slack', triggerId) : fingerprint}`,
    teamId,
    userId,
    channelId,
    responseUrl,
    userTeamId,
    userEnterpriseId,
    enterpriseId,
    appId,
    triggerId: hasTriggerId ? triggerId : undefined,
  }
}

function refusalOf(reason: string): SlackTranslation {
  return { refusal: { status: 400, reason } }
}

export interface SlackAllowed {
  readonly teams: readonly string[]
  readonly enterprises?: readonly string[] | undefined
  readonly apps?: readonly string[] | undefined
}

/**
 * Whether each list that is given has what the delivery names, and the user is none of another company's; what it does
 * not name is on no list.
 */
export function isFromAllowedWorkspace(
  delivery: SlackDelivery,
  { teams, enterprises, apps }: SlackAllowed,
): boolean {
  return (
    teams.includes(delivery.teamId) &&
    isListed(enterprises, delivery.enterpriseId) &&
    isListed(apps, delivery.appId) &&
    !isForeign(delivery, { teams, enterprises: enterprises ?? [] })
  )
}

/** A user is ours by the workspace or by the enterprise that they are of. */
function isForeign(
  { userTeamId, userEnterpriseId }: SlackDelivery,
  { teams, enterprises }: { readonly teams: readonly string[]; readonly enterprises: readonly string[] },
): boolean {
  if (userTeamId === undefined || teams.includes(userTeamId)) return false
  // Slack names the enterprise in its stead for somebody of no single workspace.
  if (enterprises.includes(userTeamId)) return false
  return userEnterpriseId === undefined || !enterprises.includes(userEnterpriseId)
}

function isListed(list: readonly string[] | undefined, id: string | undefined): boolean {
  return list === undefined || (id !== undefined && list.includes(id))
}
