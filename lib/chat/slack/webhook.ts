/** Slack's webhook: slash commands and button presses. They are put on the bus, and only then acknowledged. */
import type { EventBus } from '../../changes/model/change-events.ts'
import type { Clock } from '../../clock.ts'
import { mayHaveArrived } from '../../transport/transport.ts'
import {
  answerEmpty,
  answerJson,
  answerWebhook,
  type Ending,
  endingOfRefusal,
  type WebhookHandler,
  type WebhookLog,
  type WebhookRequest,
} from '../webhook/answer-webhook.ts'
import { CHAT_DELIVERED } from '../webhook/queued.ts'
import type { Queued } from '../webhook/read-queued.ts'
import type { SlackDelivery } from './delivery.ts'
import { isSslCheck } from './form.ts'
import { type SlackChecks, verifySlackDelivery } from './signature.ts'

/** What a command is answered with when it is on the bus, to the person alone; the reply comes after it. */
export const ACKNOWLEDGEMENT = 'On it.'

export interface SlackWebhook extends SlackChecks {
  readonly clock: Clock
  readonly log: WebhookLog
  /** Its source is CHAT_SOURCE. */
  readonly bus: EventBus
}

export function slackWebhook(parts: SlackWebhook): WebhookHandler {
  return answerWebhook('slack', parts, (request) => endOf(request, parts))
}

async function endOf(request: WebhookRequest, parts: SlackWebhook): Promise<Ending> {
  const { rawBody, contentType } = request
  if (isSslCheck(rawBody, contentType)) return { answer: answerEmpty(200), outcome: 'checked' }
  const verified = await verifySlackDelivery(parts, request, parts.clock.nowMs())
  if ('refusal' in verified) return endingOfRefusal(verified.refusal)
  return handOn(request, verified.delivery, parts)
}

async function handOn(
  { rawBody, headers, contentType, receivedAtMs }: WebhookRequest,
  { deliveryId, kind }: SlackDelivery,
  { bus }: SlackWebhook,
): Promise<Ending> {
  const queued: Queued = {
    platform: 'slack',
    deliveryId,
    rawBody: Buffer.from(rawBody).toString('base64'),
    contentType,
    timestamp: headers.get('x-slack-request-timestamp')?.[0] ?? '',
    signature: headers.get('x-slack-signature')?.[0] ?? '',
  }
  try {
    const [isTaken] = await bus.put([{ detailType: CHAT_DELIVERED, detail: queued, atMs: receivedAtMs }])
    if (isTaken) return { answer: acknowledge(kind), outcome: 'handed.on', deliveryId }
    return {
      answer: answerLost(kind, false),
      outcome: 'lost',
      deliveryId,
      reason: 'the bus did not take the event',
    }
  } catch (error) {
    return { answer: answerLost(kind, mayHaveArrived(error)), outcome: 'lost', deliveryId, error }
  }
}

function acknowledge(kind: SlackDelivery['kind']) {
  return kind === 'command' ? answerEphemeral(ACKNOWLEDGEMENT) : answerEmpty(200)
}

/**
 * Slack shows the person what a command is answered with 200, and of any other status its own code alone. What a
 * button is answered with it never shows: there, only another status makes a sign appear beside the button.
 */
function answerLost(kind: SlackDelivery['kind'], isUncertain: boolean) {
  if (kind === 'press') return answerEmpty(503)
  return answerEphemeral(
    isUncertain
      ? 'Something went wrong on our side, and it is not certain that this has reached us. If nothing comes within a minute, please try again.'
      : 'Something went wrong on our side: nothing was done. Please try again in a minute.',
  )
}

function answerEphemeral(text: string) {
  return answerJson({ response_type: 'ephemeral', text })
}
