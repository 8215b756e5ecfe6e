/** A slash command as Slack posts it and API Gateway hands it on: the form in base64, signed at this moment. */
import { randomUUID } from 'node:crypto'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../lib/chat/webhook/queued.ts'
import type { Queued } from '../../lib/chat/webhook/read-queued.ts'
import { fromSlack, signingSecret } from '../chat/deliveries.ts'
import { command, formBody, formType } from '../chat/slack/forms.ts'

/** What Slack sends beside its signature, and API Gateway adds. */
const HEADERS = {
  Accept: 'application/json,*/*',
  'Accept-Encoding': 'gzip,deflate',
  Host: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
  'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
  'X-Amzn-Trace-Id': 'Root=1-67748580-0123456789abcdef01234567',
  'X-Forwarded-For': '192.0.2.10',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
}

/** @param secret another than Slack's for a command that is to be refused. */
export function slackCommand(secret = signingSecret) {
  const sentAtMs = Date.now()
  return fromSlack({ sentAtMs, requestTimeEpoch: sentAtMs, secret, headers: HEADERS })
}

/** The same as the bus brings it to run-command: each is another delivery. */
export function commandDelivered(text: string) {
  const deliveryId = `slack-${randomUUID()}`
  const body = formBody({ ...command, text, trigger_id: deliveryId })
  const { headers } = fromSlack({ sentAtMs: Date.now(), body })
  const detail: Queued = {
    platform: 'slack',
    deliveryId,
    rawBody: Buffer.from(body).toString('base64'),
    contentType: formType,
    timestamp: headers['X-Slack-Request-Timestamp'] ?? '',
    signature: headers['X-Slack-Signature'] ?? '',
  }
  return { 'detail-type': CHAT_DELIVERED, source: CHAT_SOURCE, detail }
}
