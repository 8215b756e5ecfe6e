/** A slash command as Slack posts it and API Gateway hands it on: the form in base64, signed at this moment. */
import { fromSlack, signingSecret } from '../chat/deliveries.ts'

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
