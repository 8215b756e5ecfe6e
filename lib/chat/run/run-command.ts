/**
 * What a webhook function handed on: verified once more, dropped if it came before, answered. Slack is answered at its
 * response URL; Teams by what is returned, since its webhook can be answered in no other way.
 */
import * as z from 'zod/mini'
import { randomId } from '../../changes/identity.ts'
import { known } from '../../changes/policy.ts'
import type { Workbench } from '../../changes/work.ts'
import { type Holders, holdersOf } from '../../people/holders.ts'
import type { Snapshots } from '../../people/snapshots.ts'
import { slackText } from '../grammar/slack-text.ts'
import { CHAT_DELIVERED, CHAT_SOURCE, Queued } from '../queued.ts'
import type { Reply } from '../reply.ts'
import { isAllowed, type SlackDelivery, slackDelivery } from '../slack/delivery.ts'
import { slackMessage, slackReplaced } from '../slack/message.ts'
import { verifySlack } from '../slack/signature.ts'
import type { Slack } from '../slack/web-api.ts'
import { answerLine, guarded } from './answering.ts'
import { press } from './pressing.ts'
import { refusal, text } from './said.ts'
import type { Session, Who } from './session.ts'

/** Told of what people ask and what they are refused; bound to the log. Never what they typed. */
export interface ChatLog {
  refused(deliveryId: string, why: string): void
  answered(deliveryId: string, person: string, what: string): void
  undelivered(deliveryId: string, why: string): void
}

export interface ChatWork {
  readonly bench: Workbench
  readonly snapshots: Snapshots
  readonly slack: Slack
  /** Signing secrets in force. */
  readonly slackSecrets: () => Promise<readonly string[]>
  readonly loopbackOrigin: string | undefined
  readonly log: ChatLog
}

/** How long what was gathered of all users is shared, milliseconds. */
const HOLDERS_AGE_MS = 5 * 60_000

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
  const verdict = verifySlack({
    rawBody,
    headers: new Map([
      ['x-slack-request-timestamp', [queued.timestamp]],
      ['x-slack-signature', [queued.signature]],
    ]),
    secrets: await slackSecrets(),
    nowMs: seenMs,
  })
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
  const { bench, log } = work
  const { deliveryId, teamId, channelId, userId } = delivery
  const who = whoIs(bench, userId)
  if (!who) {
    log.refused(deliveryId, 'nobody of the org file')
    return refusal(
      'This gateway does not know you yet',
      text(`Ask whoever looks after it to add your Slack id, ${userId}, to the people of the org file.`),
    )
  }
  const session: Session = {
    bench,
    who,
    asked: { platform: 'slack', teamId, channelId, userId },
    deliveryId,
    holders: () => holders(work),
    emailOf: work.slack.emailOf,
  }
  log.answered(deliveryId, who.person, delivery.kind === 'press' ? delivery.action.do : 'command')
  return delivery.kind === 'press'
    ? await guarded(() => press(session, delivery.action))
    : await answerLine(session, slackText(delivery.text))
}

function holders({ bench, snapshots }: ChatWork): Promise<Holders> {
  return holdersOf(bench.genesys, snapshots, bench.clock, { maxAgeMs: HOLDERS_AGE_MS })
}

/** @returns undefined for whoever the org file gives no part in it. */
function whoIs({ policy }: Workbench, userId: string): Who | undefined {
  const actor = { kind: 'slack', id: userId } as const
  const { person } = known(policy, actor)
  const entry = person === undefined ? undefined : policy.people[person]
  if (person === undefined || !entry) return undefined
  return { actor, person, role: entry.role, timeZone: entry.timeZone ?? 'UTC' }
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
