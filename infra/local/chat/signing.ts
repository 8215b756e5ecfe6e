/** How Slack and Teams sign what they send to a webhook; the checks are in lib/chat, and share nothing with this. */
import { createHmac } from 'node:crypto'

export function slackHeaders(body: string, secret: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  }
}

/** @param key in base64, as Teams shows it. */
export function teamsHeaders(body: string, key: string): Record<string, string> {
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(body).digest('base64')
  return { 'content-type': 'application/json; charset=utf-8', authorization: `HMAC ${signature}` }
}
