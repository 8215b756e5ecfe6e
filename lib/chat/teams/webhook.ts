/**
 * Teams' outgoing webhook. What it is answered with is all that the channel sees of it, so run-command is invoked and
 * waited for. Where the wait ends first the invocation goes on to its end by itself: Lambda does not stop one whose
 * caller has gone. run-command then posts the result to the channel's incoming URL (see queued.ts).
 */
import * as z from 'zod/mini'
import type { Clock } from '../../clock.ts'
import {
  answerJson,
  answerWebhook,
  type Ending,
  endingOfRefusal,
  type WebhookHandler,
  type WebhookLog,
  type WebhookRequest,
} from '../webhook/answer-webhook.ts'
import { TEAMS_WAITS_MS } from '../webhook/queued.ts'
import type { Queued } from '../webhook/read-queued.ts'
import { teamsCardOf } from './card.ts'
import { isFresh, type TeamsDelivery, WRITTEN_WITHIN_MS } from './delivery.ts'
import { explainLate, explainLost, explainNotDone } from './replies.ts'
import { type TeamsChecks, verifyTeamsDelivery } from './signature.ts'

/** How it went to invoke run-command. */
export type Invocation =
  /** It ended; this is what it returned. */
  | { readonly kind: 'ended'; readonly returned: unknown }
  /** It goes on. */
  | { readonly kind: 'late' }
  /** It began, or may have begun, and how it ends is not known. */
  | { readonly kind: 'broken.off'; readonly error: unknown }
  | { readonly kind: 'never.began'; readonly error: unknown }

/** Invokes run-command once, and waits for it no longer than that. Never throws. */
export type Invoke = (queued: Queued, waitMs: number) => Promise<Invocation>

export interface TeamsWebhook extends TeamsChecks {
  readonly clock: Clock
  readonly log: WebhookLog
  /** Channels where late results can be posted, by id. */
  readonly channels: readonly string[]
  readonly invoke: Invoke
}

/** What run-command returns; without a reply it has posted, or will post, by itself. */
const Returned = z.object({ reply: z.optional(z.looseObject({ type: z.literal('message') })) })

/** Long enough to hand the delivery over, however late it is, milliseconds: Lambda answers in tens. */
const MIN_WAIT_MS = 500

export function teamsWebhook(parts: TeamsWebhook): WebhookHandler {
  return answerWebhook('teams', parts, (request) => endOf(request, parts))
}

async function endOf(request: WebhookRequest, parts: TeamsWebhook): Promise<Ending> {
  const verified = await verifyTeamsDelivery(parts, request)
  if ('refusal' in verified) return endingOfRefusal(verified.refusal)
  const { delivery } = verified
  const { deliveryId, sentAtMs } = delivery
  // One that names no time may still ask; run-command lets it change nothing.
  if (sentAtMs !== undefined && !isFresh(delivery, parts.clock.nowMs())) {
    const reason = `the body was written more than ${WRITTEN_WITHIN_MS / 1_000} s away from our clock`
    return endingOfRefusal({ status: 401, reason, deliveryId })
  }
  return askRunCommand(request, delivery, parts)
}

async function askRunCommand(
  { rawBody, headers, contentType, receivedAtMs }: WebhookRequest,
  { deliveryId, channelId }: TeamsDelivery,
  { clock, channels, invoke }: TeamsWebhook,
): Promise<Ending> {
  const waitMs = Math.max(MIN_WAIT_MS, receivedAtMs + TEAMS_WAITS_MS - clock.nowMs())
  const invocation = await invoke(
    {
      platform: 'teams',
      deliveryId,
      rawBody: Buffer.from(rawBody).toString('base64'),
      contentType,
      authorization: headers.get('authorization')?.[0] ?? '',
      receivedAtMs,
    },
    waitMs,
  )
  switch (invocation.kind) {
    case 'ended': {
      const { data: returned } = Returned.safeParse(invocation.returned)
      if (!returned) {
        const reason = 'run-command returned what is no reply'
        return {
          answer: answerJson(teamsCardOf(explainLost(deliveryId))),
          outcome: 'lost',
          deliveryId,
          reason,
        }
      }
      if (returned.reply) return { answer: answerJson(returned.reply), outcome: 'answered', deliveryId }
      break
    }
    case 'late':
      break
    case 'broken.off':
      return {
        answer: answerJson(teamsCardOf(explainLost(deliveryId))),
        outcome: 'lost',
        deliveryId,
        error: invocation.error,
      }
    case 'never.began':
      return {
        answer: answerJson(teamsCardOf(explainNotDone())),
        outcome: 'lost',
        deliveryId,
        error: invocation.error,
      }
  }
  const isPosted = channels.includes(channelId)
  return {
    answer: answerJson(teamsCardOf(explainLate(deliveryId, isPosted))),
    outcome: 'handed.on',
    deliveryId,
  }
}
