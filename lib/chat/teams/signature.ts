/**
 * Which team's outgoing webhook sent a request, and whether we listen to its tenant: asked by the webhook, and again
 * by whoever carries it out. `Authorization: HMAC {base64}` is HMAC-SHA-256 over the body with the webhook's
 * security token, base64-decoded. It proves the team and not the moment: see isFresh. Source: learn.microsoft.com,
 * "Create Outgoing Webhooks".
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import {
  type DeliveryRefusal,
  judgeByProofs,
  type Proofs,
  type WebhookRequest,
} from '../webhook/answer-webhook.ts'
import { isFromAllowedTenant, readTeamsDelivery, type TeamsDelivery } from './delivery.ts'

/** The scheme as Teams writes it, and the one spelling of 32 bytes. */
const AUTHORIZATION = /^HMAC ([A-Za-z0-9+/]{43}=)$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Shortest key that counts, in bytes: Teams makes 32, and anyone can sign with an empty one. */
const MIN_KEY_BYTES = 16

export interface TeamsKey {
  /** The `channelData.team.id` that this webhook was made in. */
  readonly teamId: string
  /** The security token as Teams showed it once, in base64. */
  readonly key: string
}

export interface TeamsRequest {
  /** As it came: decoded from base64 where it was, never made a string and back. */
  readonly rawBody: Uint8Array
  /** Names in lower case, with every value that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** One for each team; more for a team whose key is rotated. */
  readonly keys: readonly TeamsKey[]
}

export type TeamsVerdict =
  /** Whose key it was: the body may claim no other team. */
  { readonly isSound: true; readonly teamId: string } | { readonly isSound: false; readonly reason: string }

/** Never throws. The reason is for the log: the caller is told nothing but 401. */
export function verifyTeams({ rawBody, headers, keys }: TeamsRequest): TeamsVerdict {
  const [authorization, ...others] = headers.get('authorization') ?? []
  const given = others.length === 0 ? AUTHORIZATION.exec(authorization ?? '')?.[1] : undefined
  if (given === undefined) {
    return { isSound: false, reason: 'the authorization header is missing, repeated or malformed' }
  }
  const signer = keys.find(({ key }) => {
    if (!BASE64.test(key)) return false
    const secret = Buffer.from(key, 'base64')
    if (secret.length < MIN_KEY_BYTES) return false
    const expected = createHmac('sha256', secret).update(rawBody).digest('base64')
    return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  })
  if (!signer) return { isSound: false, reason: 'the signature is of no key that we have' }
  return { isSound: true, teamId: signer.teamId }
}

export interface TeamsChecks {
  readonly keys: Proofs<TeamsKey>
  /** Entra tenants that are listened to. */
  readonly tenants: readonly string[]
}

export type VerifiedTeams = { readonly delivery: TeamsDelivery } | { readonly refusal: DeliveryRefusal }

/** It proves the team and not the moment: see isFresh. */
export async function verifyTeamsDelivery(
  { keys, tenants }: TeamsChecks,
  { rawBody, headers }: Pick<WebhookRequest, 'rawBody' | 'headers'>,
): Promise<VerifiedTeams> {
  const verdict = await judgeByProofs(keys, (known) => verifyTeams({ rawBody, headers, keys: known }))
  if (!verdict.isSound) return { refusal: { status: 401, reason: verdict.reason } }
  const translation = readTeamsDelivery(rawBody)
  if ('refusal' in translation) return translation
  const { delivery } = translation
  if (isFromAllowedTenant(delivery, { tenants, teamId: verdict.teamId })) return { delivery }
  return {
    refusal: {
      status: 403,
      reason: 'its tenant is not on the list, or its team is not the one whose key signed it',
      deliveryId: delivery.deliveryId,
    },
  }
}
