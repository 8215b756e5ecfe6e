/**
 * The embedded org, the stand-in for AWS and the ledger in a process of their own, so that what they do is not counted
 * as a function's work. Ends when its parent lets go of it.
 */
import { createServer } from 'node:http'
import { startAws } from '../../../infra/local/aws/server.ts'
import { listen } from '../../../infra/local/loopback.ts'
import { type OrgOptions, startOrg } from '../../../infra/local/org/server.ts'
import { signingSecret } from '../../chat/deliveries.ts'
import { type LedgerTimes, startLedger } from './ledger.ts'

/** Without its times a ledger call takes as long as dynalite does. */
export interface ServersOptions extends OrgOptions, Partial<LedgerTimes> {}

/** What the parent is told when all serve. */
export interface Serving {
  readonly org: string
  readonly aws: string
  /** DynamoDB's place. */
  readonly ledger: string
  /** ARN of the token secrets; both hold a token that lives for a day. */
  readonly readToken: string
  readonly writeToken: string
  /** ARN of the secret with which Slack signs. */
  readonly slackSigning: string
  /** ARN of the secret with the bot's token, and of the one with Teams' keys. */
  readonly slackBot: string
  readonly teamsKeys: string
  /** In Slack's place: it takes every message. */
  readonly chat: string
  /** The access token that `readToken` holds. */
  readonly token: string
  /** A user of the org. */
  readonly userId: string
}

const DAY_MS = 86_400_000

const options: ServersOptions = JSON.parse(process.argv[2] ?? '{}')
const org = await startOrg(options)
const aws = await startAws({ busName: 'bench' })

const chat = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
})

async function tokenOf({ clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  const response = await fetch(`${org.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: accessToken } = (await response.json()) as { access_token: string }
  return accessToken
}

function secretWith(name: string, accessToken: string): string {
  const value = JSON.stringify({ accessToken, expiresAt: new Date(Date.now() + DAY_MS).toISOString() })
  return aws.createSecret({ name, rotation: true, value }).arn
}

const token = await tokenOf(org.clients.reader)
const serving: Serving = {
  org: org.url,
  aws: aws.url,
  ledger: await startLedger({ ledgerMs: 0, ledgerItemMs: 0, ...options }),
  token,
  readToken: secretWith('bench/read-token', token),
  writeToken: secretWith('bench/write-token', await tokenOf(org.clients.writer)),
  slackSigning: aws.createSecret({
    name: 'bench/slack-signing',
    value: JSON.stringify({ current: signingSecret }),
  }).arn,
  slackBot: aws.createSecret({ name: 'bench/slack-bot', value: '{"token":"xoxb-1"}' }).arn,
  teamsKeys: aws.createSecret({ name: 'bench/teams-keys', value: '{}' }).arn,
  chat: await listen(chat, 0),
  userId: org.people(1)[0]?.id ?? '',
}
process.once('disconnect', () => process.exit())
process.send?.(serving)
