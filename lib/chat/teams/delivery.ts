/** From the activity that a Teams outgoing webhook posts to a delivery: who said what, where and when. */
import * as z from 'zod/mini'
import { idOf } from '../../changes/model/record-ids.ts'
import { parseStrictJson } from '../../json.ts'
import type { TeamsMessage } from './typed-text.ts'

export interface TeamsDelivery {
  readonly platform: 'teams'
  /** The same for a delivery that comes again. */
  readonly deliveryId: string
  readonly activityId: string
  readonly tenantId: string
  readonly teamId: string
  readonly channelId: string
  /** The person's object id in Entra ID; Teams' display name is anybody's to choose and is not kept. */
  readonly userId: string
  /** What was said, as Teams writes it: whoever hands the delivery on need not read it. */
  readonly message: TeamsMessage
  /** When the body says that it was written; absent where it says nothing that is a time. */
  readonly sentAtMs?: number | undefined
}

export type TeamsTranslation =
  | { readonly delivery: TeamsDelivery }
  /** The reason is for the log, and has nothing of the body in it. */
  | { readonly refusal: { readonly status: 400 | 403; readonly reason: string } }

/** How far the time in the body and our clock may be apart, either way, milliseconds. */
export const WRITTEN_WITHIN_MS = 300_000

/** Longest text, in characters: Teams' own limit for a message is 28 kB. */
const MAX_TEXT_LENGTH = 28_000

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

const Id = z.string().check(z.regex(/^[!-~]{1,300}$/))
const Uuid = z.string().check(z.regex(UUID), z.toLowerCase())
const MaybeText = z.optional(z.catch(z.nullish(z.string()), null))

/** As far as it is read. `serviceUrl` is not: nobody's body says where we call. */
const Activity = z.object({
  type: z.literal('message'),
  id: Id,
  timestamp: MaybeText,
  text: z.string().check(z.maxLength(MAX_TEXT_LENGTH)),
  from: z.object({ aadObjectId: z.nullish(z.string()) }),
  recipient: z.nullish(z.object({ id: MaybeText })),
  conversation: z.nullish(z.object({ id: z.optional(Id), tenantId: z.nullish(Uuid) })),
  channelData: z.object({
    tenant: z.nullish(z.object({ id: Uuid })),
    team: z.object({ id: Id }),
    channel: z.nullish(z.object({ id: Id })),
  }),
  /** Mentions among others; what is no mention says nothing to us. */
  entities: z.nullish(z.array(z.unknown())),
})

const MentionEntity = z.object({
  type: z.literal('mention'),
  text: z.string(),
  mentioned: z.object({ id: z.string(), aadObjectId: z.optional(z.catch(z.optional(Uuid), undefined)) }),
})

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Never throws. To be called once the signature is found sound. */
export function readTeamsDelivery(rawBody: Uint8Array): TeamsTranslation {
  const parsed = Activity.safeParse(jsonOf(rawBody))
  if (!parsed.success) return refusalOf(400, 'the body is no message of a channel')
  const { id, timestamp, text, from, recipient, conversation, channelData, entities } = parsed.data
  if (from.aadObjectId == null || !UUID.test(from.aadObjectId)) {
    return refusalOf(403, 'the person has no object id in Entra ID')
  }
  const tenantId = channelData.tenant?.id ?? conversation?.tenantId
  if (tenantId == null) return refusalOf(400, 'the tenant is missing')
  if (conversation?.tenantId != null && conversation.tenantId !== tenantId) {
    return refusalOf(400, 'the body names two tenants')
  }
  // A conversation's id is its channel's, with the thread after a semicolon.
  const channelId = channelData.channel?.id ?? conversation?.id?.split(';')[0]
  if (channelId === undefined || channelId === '') return refusalOf(400, 'the channel is missing')
  const mentions = (entities ?? []).flatMap((entity) => {
    const { data: mention } = MentionEntity.safeParse(entity)
    return mention ? [{ text: mention.text, ...mention.mentioned }] : []
  })
  const sentAtMs = TIMESTAMP.test(timestamp ?? '') ? Date.parse(timestamp ?? '') : Number.NaN
  return {
    delivery: {
      platform: 'teams',
      // An activity's id is a time in milliseconds, which two channels can share.
      deliveryId: `teams-${idOf('teams', tenantId, channelId, id)}`,
      activityId: id,
      tenantId,
      teamId: channelData.team.id,
      channelId,
      userId: from.aadObjectId.toLowerCase(),
      message: { html: text, mentions, ownId: recipient?.id ?? undefined },
      sentAtMs: Number.isNaN(sentAtMs) ? undefined : sentAtMs,
    },
  }
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return parseStrictJson(utf8.decode(rawBody))
  } catch {
    return undefined
  }
}

function refusalOf(status: 400 | 403, reason: string): TeamsTranslation {
  return { refusal: { status, reason } }
}

/** Whether the body says that it was written now; an old one, signed as it may be, changes nothing. */
export function isFresh({ sentAtMs }: TeamsDelivery, nowMs: number): boolean {
  return sentAtMs !== undefined && Math.abs(nowMs - sentAtMs) <= WRITTEN_WITHIN_MS
}

export interface TeamsAllowed {
  readonly tenants: readonly string[]
  /** Of the key that the request was signed with. */
  readonly teamId: string
}

/** Whether the tenant is on the list, and the team that the body claims is the one whose key signed it. */
export function isFromAllowedTenant(delivery: TeamsDelivery, { tenants, teamId }: TeamsAllowed): boolean {
  return delivery.teamId === teamId && tenants.some((tenant) => tenant.toLowerCase() === delivery.tenantId)
}
