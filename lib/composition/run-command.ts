import type { ChatWork } from '../chat/run/chat-work.ts'
import { slack } from '../chat/slack/web-api.ts'
import { slackBotToken, slackSigningSecrets, teamsKeys } from '../credentials/chat-secrets.ts'
import { secretsClient } from '../credentials/secrets-client.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { Transport } from '../genesys/transport.ts'
import { ledgerClient } from '../ledger/client.ts'
import { dynamoSnapshots } from '../ledger/snapshots.ts'
import { chatLog } from '../observe/chat-log.ts'
import { ticks } from './events.ts'
import { type Machine, machine } from './machine.ts'

/** One post to Teams, milliseconds. */
const TEAMS_TIMEOUT_MS = 5_000

/** The composition root of run-command: as the tick's, and what proves chats to us and us to them. */
export function commands(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<ChatWork> {
  const { clock, transport } = on
  const { awsRegion } = environment
  const { workFor } = ticks(environment, on)
  const client = secretsClient(transport, awsRegion, environment.endpointOf('SECRETS_MANAGER'))
  const secret = (name: string) => ({ client, secretId: environment.required(name), clock })
  const loopbackOrigin = environment.chatOrigin
  const bot = slackBotToken(secret('SLACK_BOT_SECRET'))
  const standing = {
    snapshots: dynamoSnapshots({
      client: ledgerClient(transport, awsRegion, environment.endpointOf('DYNAMODB')),
      tableName: environment.required('LEDGER_TABLE'),
      clock,
    }),
    slack: slack({
      transport,
      loopbackOrigin,
      botToken: () => bot.read(),
    }),
    postToTeams: (url: string, message: unknown) => posted(transport, url, message, loopbackOrigin),
    slackSecrets: slackSigningSecrets(secret('SLACK_SIGNING_SECRET')),
    teamsKeys: teamsKeys(secret('TEAMS_KEYS_SECRET')),
    loopbackOrigin,
    log: chatLog(clock),
  }
  return {
    clock,
    workFor: async (deadline) => ({ ...standing, bench: await (await workFor(deadline)).openBench() }),
  }
}

async function posted(
  transport: Transport,
  url: string,
  message: unknown,
  loopbackOrigin?: string,
): Promise<boolean> {
  const { origin, pathname, search } = new URL(url)
  const { status } = await transport({
    method: 'POST',
    origin: loopbackOrigin ?? origin,
    path: pathname + search,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    timeoutMs: TEAMS_TIMEOUT_MS,
    freshConnection: true,
  })
  return status >= 200 && status < 300
}
