/**
 * What Slack's webhook handed on: verified once more, dropped if it came before, answered at its response URL or,
 * where that is used up, beside it.
 */
import {
  answerPressed,
  answerTyped,
  type Beginning,
  beginDelivery,
  type DeliverySender,
  noteDeliveryAnswered,
} from '../conversation/answer-delivery.ts'
import type { ChatWork } from '../conversation/chat-platform.ts'
import { deliverReply, type ReplyPlace, type Way, waysTo } from '../conversation/deliver-reply.ts'
import type { ChatLog } from '../conversation/wish-log.ts'
import {
  type DeliveryReplies,
  explainBreak,
  explainNotBegun,
  type Reply,
} from '../conversation/words/reply.ts'
import type { QueuedBy } from '../webhook/read-queued.ts'
import type { SlackApi } from './api.ts'
import type { SlackDelivery } from './delivery.ts'
import { slackMessageOf, slackReplacementOf } from './message.ts'
import { type SlackChecks, verifyQueuedSlack } from './signature.ts'

export interface SlackWork extends Pick<ChatWork, 'log'> {
  readonly work: ChatWork
  readonly api: SlackApi
  readonly checks: SlackChecks
}

/** @throws Error for what a retry may do better, and for what is ours; a delivery that was begun is never begun again. */
export async function runSlackCommand(slack: SlackWork, queued: QueuedBy<'slack'>): Promise<void> {
  const { work, log, checks } = slack
  const verified = await verifyQueuedSlack(checks, queued, work.desk.clock.nowMs())
  if ('refusal' in verified) {
    const { deliveryId, platform } = queued
    log.noteRefusal({ deliveryId, platform }, verified.refusal.reason)
    return
  }
  const { delivery } = verified
  const beginning = await beginOrTell(slack, delivery)
  if (beginning === 'again') return
  try {
    const replies =
      beginning === 'first' ? await repliesTo(slack, delivery) : { said: explainBreakOf(delivery) }
    await replyInSlack(slack, delivery, replies)
  } finally {
    await noteReplied(slack, delivery)
  }
}

/** Before anything else: the retry of a delivery that was begun must not begin it again. */
async function beginOrTell(slack: SlackWork, delivery: SlackDelivery): Promise<Beginning> {
  const { deliveryId } = delivery
  try {
    return await beginDelivery(slack.work.desk, deliveryId)
  } catch (error) {
    await replyInSlack(slack, delivery, { said: explainNotBegun(deliveryId) })
    throw error
  }
}

/** Without the note, a retry would only tell the person once more that they should look. */
async function noteReplied({ work, log }: SlackWork, { deliveryId }: SlackDelivery): Promise<void> {
  try {
    await noteDeliveryAnswered(work.desk, deliveryId)
  } catch (error) {
    log.noteFailure({ deliveryId, platform: 'slack' }, error)
  }
}

/** What is ours is told to the person, who waits, and thrown on to the alarm. */
async function repliesTo(slack: SlackWork, delivery: SlackDelivery): Promise<DeliveryReplies> {
  const { work } = slack
  const sender = senderOf(delivery)
  try {
    return delivery.kind === 'press'
      ? await answerPressed(work, sender, delivery.action)
      : { said: await answerTyped(work, sender, delivery.text) }
  } catch (error) {
    await replyInSlack(slack, delivery, { said: explainBreakOf(delivery) })
    throw error
  }
}

function explainBreakOf(delivery: SlackDelivery): Reply {
  const { deliveryId } = delivery
  return delivery.kind === 'press'
    ? explainBreak(deliveryId, 'Look how the change stands', `change ${delivery.action.changeId}`)
    : explainBreak(deliveryId, 'If you asked for a change, look whether it was recorded', 'changes mine')
}

function senderOf({ deliveryId, teamId, channelId, userId }: SlackDelivery): DeliverySender {
  const asked = { platform: 'slack', teamId, channelId, userId } as const
  return { deliveryId, asked, mayChange: true, mayDecide: true }
}

/** Never throws. Of the two, neither keeps the other back. */
async function replyInSlack(
  { api, log }: { readonly api: SlackApi; readonly log: ChatLog },
  delivery: SlackDelivery,
  { said, stands }: DeliveryReplies,
): Promise<void> {
  const { deliveryId: id, responseUrl } = delivery
  if (said) {
    const atUrl = {
      by: 'the response URL',
      send: () => api.respond(responseUrl, slackMessageOf(said, api.pageUrl)),
    }
    await deliverReply(log, { id, what: 'answer' }, [atUrl, ...waysBeside(api, delivery, said)])
  }
  if (stands) {
    const atUrl = {
      by: 'the response URL',
      send: () => api.respond(responseUrl, slackReplacementOf(stands, api.pageUrl)),
    }
    // Beside an answer it only takes stale buttons away.
    const what = said ? 'replacement' : 'answer'
    await deliverReply(log, { id, what, isToldOtherwise: said !== undefined }, [
      atUrl,
      ...(said ? [] : waysBeside(api, delivery, stands)),
    ])
  }
}

/** Beside a response URL, which expires and is used up. What is for one person alone is not told to a channel. */
function waysBeside(api: SlackApi, delivery: SlackDelivery, said: Reply): Way[] {
  const person = personPlaceOf(api, delivery)
  return waysTo(said.isPrivate ? [person] : [channelPlaceOf(api, delivery), person], said)
}

export function channelPlaceOf(api: SlackApi, { channelId }: Pick<SlackDelivery, 'channelId'>): ReplyPlace {
  return placeAt(api, channelId, 'the channel')
}

/** With a user's id for a channel, Slack opens the app's conversation with them. */
export function personPlaceOf(api: SlackApi, { userId }: Pick<SlackDelivery, 'userId'>): ReplyPlace {
  return placeAt(api, userId, 'the person')
}

export function placeAt(api: SlackApi, to: string, by: string): ReplyPlace {
  return { by, send: (said) => api.post(to, slackMessageOf(said, api.pageUrl)) }
}
