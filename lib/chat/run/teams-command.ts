/**
 * What Teams' webhook handed on. A message there proves a team and not a moment, so a wish only becomes a request that
 * somebody approves elsewhere. What is ready in time is returned, since that is the webhook's one answer; what takes
 * longer is posted to the channel's incoming URL.
 */
import type { Asked } from '../../changes/change.ts'
import { randomId } from '../../changes/identity.ts'
import { type Queued, TEAMS_ANSWERS_WITHIN_MS } from '../queued.ts'
import type { Reply } from '../reply.ts'
import { teamsCard, teamsPost } from '../teams/card.ts'
import { isAllowed, isFresh, type TeamsDelivery, teamsDelivery } from '../teams/delivery.ts'
import { verifyTeams } from '../teams/signature.ts'
import { verdictBy } from '../webhook/webhook.ts'
import { answerLine } from './answering.ts'
import { type ChatWork, sessionOf } from './chat-work.ts'
import { refusal } from './said.ts'

type QueuedTeams = Extract<Queued, { platform: 'teams' }>

/** Without a reply where there is none, or it was posted. */
export interface Returned {
  readonly reply?: ReturnType<typeof teamsCard>
}

export async function runTeamsCommand(work: ChatWork, queued: QueuedTeams): Promise<Returned> {
  const { bench, log } = work
  const delivery = await soundDelivery(work, queued)
  if (!delivery) return {}
  const { deliveryId, channelId } = delivery
  const first = { changeId: randomId(), atMs: bench.clock.nowMs() }
  if (!(await bench.ledger.putPointer(`chat#${deliveryId}`, first, undefined))) return {}

  const said = await replyTo(work, delivery, queued.receivedAtMs)
  if (bench.clock.nowMs() - queued.receivedAtMs <= TEAMS_ANSWERS_WITHIN_MS) return { reply: teamsCard(said) }
  const url = bench.policy.chat?.teams?.incoming?.[channelId]
  const isPosted = url !== undefined && (await work.postToTeams(url, teamsPost(said)))
  if (!isPosted)
    log.undelivered(deliveryId, 'the answer came too late, and its channel has no incoming URL that took it')
  return {}
}

/** Verified again over the same bytes: whoever can invoke this function is not Teams. */
async function soundDelivery(
  { bench, teamsKeys, log }: ChatWork,
  queued: QueuedTeams,
): Promise<TeamsDelivery | undefined> {
  const rawBody = Buffer.from(queued.rawBody, 'base64')
  const headers = new Map([['authorization', [queued.authorization]]])
  const verdict = await verdictBy(teamsKeys, (keys) => verifyTeams({ rawBody, headers, keys }))
  const translated = verdict.isSound ? teamsDelivery(rawBody) : undefined
  const allowed = bench.policy.chat?.teams
  if (!verdict.isSound || !translated || 'refusal' in translated || !allowed) {
    log.refused(queued.deliveryId, verdict.isSound ? 'it is no delivery that is listened to' : verdict.reason)
    return undefined
  }
  if (isAllowed(translated.delivery, { tenants: allowed.tenants, teamId: verdict.teamId }))
    return translated.delivery
  log.refused(queued.deliveryId, 'it is from elsewhere')
  return undefined
}

async function replyTo(work: ChatWork, delivery: TeamsDelivery, receivedAtMs: number): Promise<Reply> {
  const { deliveryId, teamId, channelId, userId, unclear, text } = delivery
  if (unclear !== undefined) return refusal(unclear)
  const asked: Asked = { platform: 'teams', teamId, channelId, userId }
  const session = sessionOf(work, asked, deliveryId, isFresh(delivery, receivedAtMs))
  if ('title' in session) return session
  work.log.answered(deliveryId, session.who.person, 'command')
  return await answerLine(session, text)
}
