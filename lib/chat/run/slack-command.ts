/** What Slack's webhook handed on: verified once more, dropped if it came before, answered at its response URL. */
import * as z from 'zod/mini'
import type { Asked } from '../../changes/change.ts'
import { randomId } from '../../changes/identity.ts'
import { slackText } from '../grammar/slack-text.ts'
import { CHAT_DELIVERED, CHAT_SOURCE, Queued } from '../queued.ts'
import type { Reply } from '../reply.ts'
import { isAllowed, type SlackDelivery, slackDelivery } from '../slack/delivery.ts'
import { slackMessage, slackReplaced } from '../slack/message.ts'
import { verifySlack } from '../slack/signature.ts'
import { verdictBy } from '../webhook/webhook.ts'
import { answerLine, guarded } from './answering.ts'
import { type ChatWork, sessionOf } from './chat-work.ts'
import { press } from './pressing.ts'

/** A delivery that the bus was this late with is still carried out; the webhook saw its signature when it was fresh. Milliseconds. */
const MAX_DELAY_MS = 20 * 60_000
const SLACK_WINDOW_MS = 300_000

const Envelope = z.object({
  'detail-type': z.literal(CHAT_DELIVERED),
  source: z.literal(CHAT_SOURCE),
  detail: Queued,
})

/** @throws Error for what a retry may do better; a delivery that was begun is never begun again. */
export async function runSlackCommand(work: ChatWork, event: unknown): Promise<void> {
  const parsed = Envelope.safeParse(event)
  if (!parsed.success || parsed.data.detail.platform !== 'slack') {
    work.log.refused('none', 'it is no delivery of Slack')
    return
  }
  const delivery = await soundDelivery(work, parsed.data.detail)
  if (!delivery) return
  // Before anything else: the retry of a delivery that was begun must not begin it again.
  const { ledger, clock } = work.bench
  const first = { changeId: randomId(), atMs: clock.nowMs() }
  if (!(await ledger.putPointer(`chat#${delivery.deliveryId}`, first, undefined))) return
  await reply(work, delivery, await replyTo(work, delivery))
}

/** Verified again over the same bytes: whoever can put events on the bus is not Slack. */
async function soundDelivery(
  { bench, slackSecrets, loopbackOrigin, log }: ChatWork,
  queued: Extract<z.output<typeof Queued>, { platform: 'slack' }>,
): Promise<SlackDelivery | undefined> {
  const rawBody = Buffer.from(queued.rawBody, 'base64')
  const sentMs = Number(queued.timestamp) * 1_000
  const nowMs = bench.clock.nowMs()
  const seenMs = nowMs - sentMs <= MAX_DELAY_MS ? Math.min(nowMs, sentMs + SLACK_WINDOW_MS) : nowMs
  const headers = new Map([
    ['x-slack-request-timestamp', [queued.timestamp]],
    ['x-slack-signature', [queued.signature]],
  ])
  const verdict = await verdictBy(slackSecrets, (secrets) =>
    verifySlack({ rawBody, headers, secrets, nowMs: seenMs }),
  )
  if (!verdict.isSound) {
    log.refused(queued.deliveryId, verdict.reason)
    return undefined
  }
  const { fingerprint } = verdict
  const translated = slackDelivery(rawBody, queued.contentType, {
    fingerprint,
    ...(loopbackOrigin === undefined ? {} : { loopbackOrigin }),
  })
  const allowed = bench.policy.chat?.slack
  if ('refusal' in translated || !allowed || !isAllowed(translated.delivery, withoutAbsent(allowed))) {
    log.refused(
      queued.deliveryId,
      'refusal' in translated ? translated.refusal.reason : 'it is from elsewhere',
    )
    return undefined
  }
  return translated.delivery
}

function withoutAbsent({
  teams,
  enterprises,
  apps,
}: {
  teams: string[]
  enterprises?: string[] | undefined
  apps?: string[] | undefined
}) {
  return { teams, ...(enterprises ? { enterprises } : {}), ...(apps ? { apps } : {}) }
}

async function replyTo(work: ChatWork, delivery: SlackDelivery): Promise<Reply> {
  const { deliveryId, teamId, channelId, userId } = delivery
  const asked: Asked = { platform: 'slack', teamId, channelId, userId }
  const session = sessionOf(work, asked, deliveryId, true)
  if ('title' in session) return session
  work.log.answered(
    deliveryId,
    session.who.person,
    delivery.kind === 'press' ? delivery.action.do : 'command',
  )
  return delivery.kind === 'press'
    ? await guarded(() => press(session, delivery.action))
    : await answerLine(session, slackText(delivery.text))
}

/** At the response URL; where that has expired, in the channel. Never the work again. */
async function reply({ slack, log }: ChatWork, delivery: SlackDelivery, said: Reply): Promise<void> {
  const replaces = delivery.kind === 'press' && !said.isPrivate
  const message = replaces ? slackReplaced(said) : slackMessage(said)
  try {
    if (await slack.respond(delivery.responseUrl, message)) return
    // What was for one person alone is not told to a channel.
    if (!said.isPrivate && (await slack.post(delivery.channelId, slackMessage(said)))) return
    log.undelivered(
      delivery.deliveryId,
      'Slack took the reply neither at its response URL nor in the channel',
    )
  } catch (error) {
    log.undelivered(delivery.deliveryId, error instanceof Error ? error.message : 'unknown')
  }
}
