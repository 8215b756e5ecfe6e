/**
 * Whether Slack sent what came, and from where we listen: asked by the webhook, and again by whoever carries it out.
 * Slack signs with HMAC-SHA-256 over `v0:{timestamp}:{body}` and the app's signing secret. Source: docs.slack.dev,
 * "Verifying requests from Slack".
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { idOf } from '../../changes/model/record-ids.ts'
import {
  type DeliveryRefusal,
  judgeByProofs,
  type Proofs,
  type WebhookRequest,
} from '../webhook/answer-webhook.ts'
import type { QueuedBy } from '../webhook/read-queued.ts'
import {
  isFromAllowedWorkspace,
  readSlackDelivery,
  type SlackAllowed,
  type SlackDelivery,
} from './delivery.ts'

/** How far Slack's clock and ours may be apart, either way, in whole seconds: Slack's own advice. */
const SIGNED_WITHIN_SECONDS = 300

const SIGNATURE = /^v0=[0-9a-f]{64}$/
/** Seconds since 1970: ten digits until the year 2286. */
const TIMESTAMP = /^[0-9]{1,12}$/

export interface SlackRequest {
  /** As it came: decoded from base64 where it was, never made a string and back. */
  readonly rawBody: Uint8Array
  /** Names in lower case, with every value that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** More than one while a secret is rotated. */
  readonly secrets: readonly string[]
  readonly nowMs: number
}

export type SlackVerdict =
  /** The same signed request has the same fingerprint, however often it comes. */
  | { readonly isSound: true; readonly fingerprint: string }
  | { readonly isSound: false; readonly reason: string }

/** Never throws. The reason is for the log: the caller is told nothing but 401. */
export function verifySlack({ rawBody, headers, secrets, nowMs }: SlackRequest): SlackVerdict {
  const timestamp = onlyValue(headers.get('x-slack-request-timestamp'))
  const signature = onlyValue(headers.get('x-slack-signature'))
  if (timestamp === undefined || !TIMESTAMP.test(timestamp)) {
    return unsound('the timestamp header is missing, repeated or malformed')
  }
  if (signature === undefined || !SIGNATURE.test(signature)) {
    return unsound('the signature header is missing, repeated or malformed')
  }
  // Not "not within": a clock that says NaN must refuse too.
  const isFresh = Math.abs(Math.floor(nowMs / 1_000) - Number(timestamp)) <= SIGNED_WITHIN_SECONDS
  if (!isFresh) return unsound(`the timestamp is more than ${SIGNED_WITHIN_SECONDS} s away from our clock`)
  const given = Buffer.from(signature)
  const isSigned = secrets.some((secret) => {
    // Anyone can sign with an empty secret.
    if (secret.trim() === '') return false
    const digest = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')
    const expected = Buffer.from(`v0=${digest}`)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return isSigned
    ? { isSound: true, fingerprint: idOf('slack', timestamp, signature) }
    : unsound('the signature is of no secret that we have')
}

function onlyValue(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined
}

function unsound(reason: string): SlackVerdict {
  return { isSound: false, reason }
}

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
