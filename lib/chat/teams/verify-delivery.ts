/** Whether Teams sent what came, and from where we listen: asked by the webhook, and again by whoever carries it out. */
import { type DeliveryRefusal, judgeByProofs, type Proofs } from '../webhook/answer-webhook.ts'
import type { WebhookRequest } from '../webhook/webhook-request.ts'
import { isFromAllowedTenant, readTeamsDelivery, type TeamsDelivery } from './delivery.ts'
import { type TeamsKey, verifyTeams } from './signature.ts'

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
