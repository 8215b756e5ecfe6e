/** What comes of a delivery of Slack, on its way to whoever sent it. */

import type { ChatWork } from '../chat-work.ts'
import { deliver, type Way } from '../conversation/deliver.ts'
import type { DeliveryReplies } from '../conversation/wishing/outcome.ts'
import type { Reply } from '../conversation/words/reply.ts'
import type { SlackDelivery } from './delivery.ts'
import { slackMessage, slackReplaced } from './message.ts'

/** Never throws. Of the two, neither keeps the other back. */
export async function replyInSlack(
  work: Pick<ChatWork, 'slack' | 'log'>,
  delivery: SlackDelivery,
  { said, stands }: DeliveryReplies,
): Promise<void> {
  const { slack, log } = work
  const { deliveryId: id, responseUrl } = delivery
  if (said) {
    const atUrl = { by: 'the response URL', send: () => slack.respond(responseUrl, slackMessage(said)) }
    await deliver(log, { id, what: 'answer' }, [atUrl, ...otherwise(work, delivery, said)])
  }
  if (stands) {
    const atUrl = { by: 'the response URL', send: () => slack.respond(responseUrl, slackReplaced(stands)) }
    // Beside an answer it only takes stale buttons away.
    const what = said ? 'replacement' : 'answer'
    await deliver(log, { id, what, isToldOtherwise: said !== undefined }, [
      atUrl,
      ...(said ? [] : otherwise(work, delivery, stands)),
    ])
  }
}

/** Where the response URL has expired or is used up. What was for one person alone is not told to a channel. */
function otherwise(
  { slack }: Pick<ChatWork, 'slack'>,
  { channelId, userId }: SlackDelivery,
  said: Reply,
): Way[] {
  const send = (to: string) => async () => (await slack.post(to, slackMessage(said))) !== false
  return [
    ...(said.isPrivate ? [] : [{ by: 'the channel', send: send(channelId) }]),
    // With a user's id for a channel, Slack opens the app's conversation with them.
    { by: 'the person', send: send(userId) },
  ]
}
