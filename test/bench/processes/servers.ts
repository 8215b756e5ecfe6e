/**
 * The embedded org, the stand-in for AWS and the ledger in a process of their own, so that what they do is not counted
 * as a function's work. Ends when its parent lets go of it.
 */
import { startAws } from '../../../infra/local/aws/server.ts'
import { type OrgOptions, startOrg } from '../../../infra/local/org/server.ts'
import { signingSecret } from '../../chat/deliveries.ts'
import { startLedger } from './ledger.ts'

export interface ServersOptions extends OrgOptions {
  /** A ledger call takes no less than that, milliseconds; without it, as long as dynalite does. */
  readonly ledgerMs?: number
}

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
  /** The access token that `readToken` holds. */
  readonly token: string
  /** A user of the org. */
  readonly userId: string
}

const DAY_MS = 86_400_000

const options: ServersOptions = JSON.parse(process.argv[2] ?? '{}')
const org = await startOrg(options)
const aws = await startAws({ busName: 'bench' })

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
  ledger: await startLedger(options.ledgerMs ?? 0),
  token,
  readToken: secretWith('bench/read-token', token),
  writeToken: secretWith('bench/write-token', await tokenOf(org.clients.writer)),
  slackSigning: aws.createSecret({
    name: 'bench/slack-signing',
    value: JSON.stringify({ current: signingSecret }),
  }).arn,
  userId: org.people(1)[0]?.id ?? '',
}
process.once('disconnect', () => process.exit())
process.send?.(serving)
