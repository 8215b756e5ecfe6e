/**
 * What Teams' webhook handed on. A message there proves a team and not a moment, so a wish only becomes a request that
 * somebody approves elsewhere. What is ready in time is returned, since that is the webhook's one answer; what takes
 * longer is posted to the channel's incoming URL.
 */
import type { Asked } from '../../changes/model/change.ts'
import { type ChatWork, sessionOf } from '../chat-work.ts'
import { isFirst } from '../conversation/begin-once.ts'
import { deliver } from '../conversation/deliver.ts'
import { answerLine } from '../conversation/wishing/answer-line.ts'
import type { Part, Reply } from '../conversation/words/reply.ts'
import { refusal } from '../conversation/words/said.ts'
import { parse } from '../grammar/parse.ts'
import { verdictBy } from '../webhook/answer-webhook.ts'
import { type Queued, TEAMS_ANSWERS_WITHIN_MS } from '../webhook/queued.ts'
import { teamsCard, teamsPost } from './card.ts'
import { isAllowed, isFresh, type TeamsDelivery, teamsDelivery } from './delivery.ts'
import { brokenOff } from './replies.ts'
import { verifyTeams } from './signature.ts'
import { spokenText } from './spoken-text.ts'

type QueuedTeams = Extract<Queued, { platform: 'teams' }>

/** Without a reply where there is none, or it was posted. */
export interface Returned {
  readonly reply?: ReturnType<typeof teamsCard>
}

/** @throws Error for what is ours. */
export async function runTeamsCommand(work: ChatWork, queued: QueuedTeams): Promise<Returned> {
  const delivery = await soundDelivery(work, queued)
  if (!delivery) return {}
  const isLate = () => work.desk.clock.nowMs() - queued.receivedAtMs > TEAMS_ANSWERS_WITHIN_MS
  let said: Reply | undefined
  try {
    said = await replyTo(work, delivery, queued.receivedAtMs)
  } catch (error) {
    // Where the webhook still waits, it says so itself.
    if (isLate()) await post(work, delivery, brokenOff(delivery.deliveryId))
    throw error
  }
  if (!said) return {}
  if (!isLate()) return { reply: teamsCard(said) }
  await post(work, delivery, said)
  return {}
}

async function post(
  { desk, postToTeams, log }: ChatWork,
  { deliveryId, channelId }: TeamsDelivery,
  said: Reply,
): Promise<void> {
  const url = desk.policy.chat?.teams?.incoming?.[channelId]
  const ways =
    url === undefined ? [] : [{ by: 'the incoming URL', send: () => postToTeams(url, teamsPost(said)) }]
  await deliver(log, { id: deliveryId, what: 'late answer' }, ways)
}

/** Verified again over the same bytes: whoever can invoke this function is not Teams. */
async function soundDelivery(
  { desk, teamsKeys, log }: ChatWork,
  { deliveryId, platform, ...queued }: QueuedTeams,
): Promise<TeamsDelivery | undefined> {
  const rawBody = Buffer.from(queued.rawBody, 'base64')
  const headers = new Map([['authorization', [queued.authorization]]])
  const verdict = await verdictBy(teamsKeys, (keys) => verifyTeams({ rawBody, headers, keys }))
  const translated = verdict.isSound ? teamsDelivery(rawBody) : undefined
  const allowed = desk.policy.chat?.teams
  const refused = (why: string) => log.refused({ deliveryId, platform }, why)
  if (!verdict.isSound || !translated || 'refusal' in translated || !allowed) {
    refused(verdict.isSound ? 'it is no delivery that is listened to' : verdict.reason)
    return undefined
  }
  if (isAllowed(translated.delivery, { tenants: allowed.tenants, teamId: verdict.teamId }))
    return translated.delivery
  refused('it is from elsewhere')
  return undefined
}

/** @returns undefined for a delivery that came before. */
async function replyTo(
  work: ChatWork,
  delivery: TeamsDelivery,
  receivedAtMs: number,
): Promise<Reply | undefined> {
  const { deliveryId, teamId, channelId, userId, message } = delivery
  if (!(await isFirst(work.desk, `chat#${deliveryId}`))) return undefined
  const { text, unclear, struck } = spokenText(message)
  if (unclear !== undefined) return refusal(unclear)
  const parsed = parse(text)
  const asked: Asked = { platform: 'teams', teamId, channelId, userId }
  const session = sessionOf(work, {
    asked,
    deliveryId,
    mayChange: isFresh(delivery, receivedAtMs),
    ...('command' in parsed ? { wish: parsed.command.verb } : {}),
  })
  const said = 'title' in session ? session : await answerLine(session, parsed)
  return struck === undefined ? said : { ...said, parts: [notRead(struck), ...said.parts] }
}

/** Whoever struck words out may have meant them all the same, or thinks that they count for nothing: either way they hear it. */
function notRead(struck: string): Part {
  return { kind: 'text', text: `Struck out, so not read: “${struck}”.` }
}
