/** Whether Slack sent what came, and from where we listen: asked by the webhook, and again by whoever carries it out. */
import type { DeliveryRefusal, Proofs } from '../webhook/answer-webhook.ts'
import { judgeByProofs } from '../webhook/answer-webhook.ts'
import type { QueuedBy } from '../webhook/read-queued.ts'
import type { WebhookRequest } from '../webhook/webhook-request.ts'
import {
  isFromAllowedWorkspace,
  readSlackDelivery,
  type SlackAllowed,
  type SlackDelivery,
} from './delivery.ts'
import { SIGNED_WITHIN_SECONDS, verifySlack } from './signature.ts'

export interface SlackChecks {
  /** Signing secrets in force. */
  readonly secrets: Proofs<string>
  readonly allowed: SlackAllowed
  /** Set on the laptop alone. */
  readonly loopbackOrigin?: string | undefined
}

export type VerifiedSlack = { readonly delivery: SlackDelivery } | { readonly refusal: DeliveryRefusal }

const ELSEWHERE = "its workspace, enterprise or app is not on the list, or its user is another company's"

/** @param seenMs when it was first seen, epoch milliseconds. */
export async function verifySlackDelivery(
  { secrets, allowed, loopbackOrigin }: SlackChecks,
  { rawBody, headers, contentType }: Pick<WebhookRequest, 'rawBody' | 'headers' | 'contentType'>,
  seenMs: number,
): Promise<VerifiedSlack> {
  const verdict = await judgeByProofs(secrets, (known) =>
    verifySlack({ rawBody, headers, secrets: known, nowMs: seenMs }),
  )
  if (!verdict.isSound) return { refusal: { status: 401, reason: verdict.reason } }
  const { fingerprint } = verdict
  const translation = readSlackDelivery(rawBody, contentType, { fingerprint, loopbackOrigin })
  if ('refusal' in translation || isFromAllowedWorkspace(translation.delivery, allowed)) return translation
  const { deliveryId } = translation.delivery
  return {
    refusal: { status: 403, reason: ELSEWHERE, deliveryId },
  }
}

/** A delivery that the bus was this late with is still carried out; the webhook saw its signature when it was fresh. Milliseconds. */
const MAX_DELAY_MS = 20 * 60_000

/** Over the same bytes, since whoever can put events on the bus is not Slack. */
export async function verifyQueuedSlack(
  checks: SlackChecks,
  { rawBody, timestamp, signature, contentType }: QueuedBy<'slack'>,
  nowMs: number,
): Promise<VerifiedSlack> {
  const sentMs = Number(timestamp) * 1_000
  const seenMs =
    nowMs - sentMs <= MAX_DELAY_MS ? Math.min(nowMs, sentMs + SIGNED_WITHIN_SECONDS * 1_000) : nowMs
  const headers = new Map([
    ['x-slack-request-timestamp', [timestamp]],
    ['x-slack-signature', [signature]],
  ])
  return await verifySlackDelivery(
    checks,
    { rawBody: Buffer.from(rawBody, 'base64'), headers, contentType },
    seenMs,
  )
}
