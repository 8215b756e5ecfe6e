/** What Slack's webhook handed on: verified once more, dropped if it came before, answered at its response URL. */
import * as z from 'zod/mini'
import { type ChatWork, sessionOf } from '../chat-work.ts'
import { type Beginning, begin, isAnsweredFirst } from '../conversation/begin-once.ts'
import { answerLine } from '../conversation/wishing/answer-line.ts'
import type { DeliveryReplies } from '../conversation/wishing/outcome.ts'
import { press } from '../conversation/wishing/press-button.ts'
import type { Reply } from '../conversation/words/reply.ts'
import { brokenOff, notBegun } from '../conversation/words/said.ts'
import { parse } from '../grammar/parse.ts'
import { CHAT_DELIVERED, CHAT_SOURCE, Queued } from '../webhook/queued.ts'
import type { SlackDelivery } from './delivery.ts'
import { replyInSlack } from './replies.ts'
import { soundSlackDelivery } from './verify-delivery.ts'

const Envelope = z.object({
  'detail-type': z.literal(CHAT_DELIVERED),
  source: z.literal(CHAT_SOURCE),
  detail: Queued,
})

/** @throws Error for what a retry may do better, and for what is ours; a delivery that was begun is never begun again. */
export async function runSlackCommand(work: ChatWork, event: unknown): Promise<void> {
  const parsed = Envelope.safeParse(event)
  if (!parsed.success || parsed.data.detail.platform !== 'slack') {
    work.log.refused({ deliveryId: 'none', platform: 'slack' }, 'it is no delivery of Slack')
    return
  }
  const delivery = await soundSlackDelivery(work, parsed.data.detail)
  if (!delivery) return
  const beginning = await begins(work, delivery)
  if (beginning === 'again') return
  try {
    const outcome = beginning === 'first' ? await outcomeOf(work, delivery) : { said: brokenOffIn(delivery) }
    await replyInSlack(work, delivery, outcome)
  } finally {
    await noteAnswered(work, delivery)
  }
}

/** Before anything else: the retry of a delivery that was begun must not begin it again. */
async function begins(work: ChatWork, delivery: SlackDelivery): Promise<Beginning> {
  const { deliveryId } = delivery
  try {
    return await begin(work.desk, deliveryId)
  } catch (error) {
    await replyInSlack(work, delivery, { said: notBegun(deliveryId) })
    throw error
  }
}

/** Without the note, a retry would only tell the person once more that they should look. */
async function noteAnswered({ desk, log }: ChatWork, { deliveryId }: SlackDelivery): Promise<void> {
  try {
    await isAnsweredFirst(desk, deliveryId)
  } catch (error) {
    log.failed({ deliveryId, platform: 'slack' }, error)
  }
}

/** What is ours is told to the person, who waits, and thrown on to the alarm. */
async function outcomeOf(work: ChatWork, delivery: SlackDelivery): Promise<DeliveryReplies> {
  try {
    return await (delivery.kind === 'press' ? ofPress(work, delivery) : ofLine(work, delivery))
  } catch (error) {
    await replyInSlack(work, delivery, { said: brokenOffIn(delivery) })
    throw error
  }
}

function brokenOffIn(delivery: SlackDelivery): Reply {
  const { deliveryId } = delivery
  return delivery.kind === 'press'
    ? brokenOff(deliveryId, 'Look how the change stands', `change ${delivery.action.changeId}`)
    : brokenOff(deliveryId, 'If you asked for a change, look whether it was recorded', 'changes mine')
}

async function ofLine(
  work: ChatWork,
  delivery: Extract<SlackDelivery, { kind: 'command' }>,
): Promise<DeliveryReplies> {
  const parsed = parse(delivery.text)
  const session = sessionOf(work, {
    ...placeOf(delivery),
    ...('command' in parsed ? { wish: parsed.command.verb } : {}),
  })
  return { said: 'title' in session ? session : await answerLine(session, parsed) }
}

async function ofPress(
  work: ChatWork,
  delivery: Extract<SlackDelivery, { kind: 'press' }>,
): Promise<DeliveryReplies> {
  const { action } = delivery
  const session = sessionOf(work, { ...placeOf(delivery), wish: action.do, changeId: action.changeId })
  return 'title' in session ? { said: session } : await press(session, action)
}

function placeOf({ deliveryId, teamId, channelId, userId }: SlackDelivery) {
  return { deliveryId, mayChange: true, asked: { platform: 'slack', teamId, channelId, userId } } as const
}
