/** What comes of a delivery of Slack, on its way to whoever sent it. */
import { deliverReply, type ReplyPlace, type Way, waysTo } from '../conversation/deliver-reply.ts'
import type { ChatLog } from '../conversation/wish-log.ts'
import type { DeliveryReplies, Reply } from '../conversation/words/reply.ts'
import type { SlackApi } from './api.ts'
import type { SlackDelivery } from './delivery.ts'
import { slackMessageOf, slackReplacementOf } from './message.ts'

/** Never throws. Of the two, neither keeps the other back. */
export async function replyInSlack(
  { api, log }: { readonly api: SlackApi; readonly log: ChatLog },
  delivery: SlackDelivery,
  { said, stands }: DeliveryReplies,
): Promise<void> {
  const { deliveryId: id, responseUrl } = delivery
  if (said) {
    const atUrl = { by: 'the response URL', send: () => api.respond(responseUrl, slackMessageOf(said)) }
    await deliverReply(log, { id, what: 'answer' }, [atUrl, ...waysBeside(api, delivery, said)])
  }
  if (stands) {
    const atUrl = { by: 'the response URL', send: () => api.respond(responseUrl, slackReplacementOf(stands)) }
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
  return { by: 'the channel', send: (said) => isPosted(api, channelId, said) }
}

/** With a user's id for a channel, Slack opens the app's conversation with them. */
export function personPlaceOf(api: SlackApi, { userId }: Pick<SlackDelivery, 'userId'>): ReplyPlace {
  return { by: 'the person', send: (said) => isPosted(api, userId, said) }
}

async function isPosted(api: SlackApi, to: string, said: Reply): Promise<boolean> {
  return (await api.post(to, slackMessageOf(said))) !== false
}
