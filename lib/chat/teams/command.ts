/**
 * What Teams' webhook handed on. A message there proves a team and not a moment, so a wish only becomes a request that
 * somebody approves elsewhere. What is ready in time is returned, since that is the webhook's one answer; what takes
 * longer is posted to the channel's incoming URL.
 */
import { answerTyped, noteOnce } from '../conversation/answer-delivery.ts'
import type { ChatPlatform, ChatWork, WebhookAnswer } from '../conversation/chat-platform.ts'
import { deliverReply, waysTo } from '../conversation/deliver-reply.ts'
import type { Part, Reply } from '../conversation/words/reply.ts'
import { refuse, sayText } from '../conversation/words/reply.ts'
import { TEAMS_ANSWERS_WITHIN_MS } from '../webhook/queued.ts'
import type { QueuedBy } from '../webhook/read-queued.ts'
import { teamsCardOf } from './card.ts'
import { isFresh, type TeamsDelivery } from './delivery.ts'
import { explainLost } from './replies.ts'
import { type TeamsChecks, verifyTeamsDelivery } from './signature.ts'
import { readTeamsText } from './typed-text.ts'

export interface TeamsWork extends Pick<ChatPlatform<'teams'>, 'placesOf'> {
  readonly work: ChatWork
  readonly checks: TeamsChecks
  readonly pageUrl: string | undefined
}

/** @throws Error for what is ours. */
export async function runTeamsCommand(teams: TeamsWork, queued: QueuedBy<'teams'>): Promise<WebhookAnswer> {
  const { desk } = teams.work
  const delivery = await verifyQueued(teams, queued)
  if (!delivery) return {}
  const isLate = () => desk.clock.nowMs() - queued.receivedAtMs > TEAMS_ANSWERS_WITHIN_MS
  let said: Reply | undefined
  try {
    said = await replyTo(teams.work, delivery, queued.receivedAtMs)
  } catch (error) {
    // Where the webhook still waits, it says so itself.
    if (isLate()) await postLate(teams, delivery, explainLost(delivery.deliveryId))
    throw error
  }
  if (!said) return {}
  if (!isLate()) return { reply: teamsCardOf(said, teams.pageUrl) }
  await postLate(teams, delivery, said)
  return {}
}

async function postLate({ work, placesOf }: TeamsWork, delivery: TeamsDelivery, said: Reply): Promise<void> {
  await deliverReply(
    work.log,
    { id: delivery.deliveryId, what: 'late answer' },
    waysTo(placesOf(delivery), said),
  )
}

/** Over the same bytes: whoever can invoke this function is not Teams. */
async function verifyQueued(
  { work, checks }: TeamsWork,
  { deliveryId, platform, rawBody, authorization }: QueuedBy<'teams'>,
): Promise<TeamsDelivery | undefined> {
  const headers = new Map([['authorization', [authorization]]])
  const verified = await verifyTeamsDelivery(checks, { rawBody: Buffer.from(rawBody, 'base64'), headers })
  if ('delivery' in verified) return verified.delivery
  work.log.noteRefusal({ deliveryId, platform }, verified.refusal.reason)
  return undefined
}

/** @returns undefined for a delivery that came before. */
async function replyTo(
  work: ChatWork,
  delivery: TeamsDelivery,
  receivedAtMs: number,
): Promise<Reply | undefined> {
  const { deliveryId, teamId, channelId, userId, message } = delivery
  if (!(await noteOnce(work.desk, `chat#${deliveryId}`))) return undefined
  const { text: line, unclear, struck } = readTeamsText(message)
  if (unclear !== undefined) return refuse(unclear)
  const asked = { platform: 'teams', teamId, channelId, userId } as const
  const sender = { asked, deliveryId, mayChange: isFresh(delivery, receivedAtMs), mayDecide: false }
  const said = await answerTyped(work, sender, line)
  return struck === undefined ? said : { ...said, parts: [explainStruck(struck), ...said.parts] }
}

/** Whoever struck words out may have meant them all the same, or thinks that they count for nothing: either way they hear it. */
function explainStruck(struck: string): Part {
  return sayText(`Struck out, so not read: “${struck}”.`)
}
