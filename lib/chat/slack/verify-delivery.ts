/** Whether Slack sent what the bus brings: verified again over the same bytes, since whoever can put events is not Slack. */
import type * as z from 'zod/mini'
import type { ChatWork } from '../chat-work.ts'
import { verdictBy } from '../webhook/answer-webhook.ts'
import type { Queued } from '../webhook/queued.ts'
import { isAllowed, type SlackDelivery, slackDelivery } from './delivery.ts'
import { verifySlack } from './signature.ts'

/** A delivery that the bus was this late with is still carried out; the webhook saw its signature when it was fresh. Milliseconds. */
const MAX_DELAY_MS = 20 * 60_000
const SLACK_WINDOW_MS = 300_000

type QueuedSlack = Extract<z.output<typeof Queued>, { platform: 'slack' }>

/** @returns undefined where it is not sound, or from elsewhere; the log says why. */
export async function soundSlackDelivery(
  { desk, slackSecrets, loopbackOrigin, log }: ChatWork,
  queued: QueuedSlack,
): Promise<SlackDelivery | undefined> {
  const { deliveryId, platform, timestamp, signature, contentType } = queued
  const refused = (why: string) => log.refused({ deliveryId, platform }, why)
  const rawBody = Buffer.from(queued.rawBody, 'base64')
  const sentMs = Number(timestamp) * 1_000
  const nowMs = desk.clock.nowMs()
  const seenMs = nowMs - sentMs <= MAX_DELAY_MS ? Math.min(nowMs, sentMs + SLACK_WINDOW_MS) : nowMs
  const headers = new Map([
    ['x-slack-request-timestamp', [timestamp]],
    ['x-slack-signature', [signature]],
  ])
  const verdict = await verdictBy(slackSecrets, (secrets) =>
    verifySlack({ rawBody, headers, secrets, nowMs: seenMs }),
  )
  if (!verdict.isSound) {
    refused(verdict.reason)
    return undefined
  }
  const translated = slackDelivery(rawBody, contentType, {
    fingerprint: verdict.fingerprint,
    ...(loopbackOrigin === undefined ? {} : { loopbackOrigin }),
  })
  if ('refusal' in translated) {
    refused(translated.refusal.reason)
    return undefined
  }
  const allowed = desk.policy.chat?.slack
  if (allowed && isAllowed(translated.delivery, withoutAbsent(allowed))) return translated.delivery
  refused('it is from elsewhere')
  return undefined
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
