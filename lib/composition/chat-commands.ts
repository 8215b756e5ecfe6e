import { ledgerClient } from '../aws/dynamo-client.ts'
import { secretsClient } from '../aws/secrets-client.ts'
import type { ChatWork } from '../chat/chat-work.ts'
import { slackApi } from '../chat/slack/api.ts'
import { slackBotToken, slackSigningSecrets, teamsKeys } from '../credentials/chat-secrets.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { eventBridgeClient, eventBus } from '../events/bus.ts'
import { EVENT_SOURCE } from '../events/contract.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import { dynamoSnapshots } from '../ledger/dynamo-snapshots.ts'
import { chatLog } from '../observe/chat-log.ts'
import { writeUnforeseen } from '../observe/unforeseen.ts'
import type { Transport } from '../transport/transport.ts'
import { applying } from './events.ts'
import { type Machine, machine } from './parts/machine.ts'

/** One post to Teams, milliseconds. */
const TEAMS_TIMEOUT_MS = 5_000

/** The composition root of run-command: as the tick's, and what proves chats to us and us to them. */
export function commands(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<ChatWork> {
  const { clock, transport } = on
  const { awsRegion, chatOrigin } = environment
  const { workFor } = applying(environment, on)
  const client = secretsClient(transport, awsRegion, environment.endpointOf('SECRETS_MANAGER'))
  const secret = (name: string) => ({ client, secretId: environment.required(name), clock })
  const bot = slackBotToken(secret('SLACK_BOT_SECRET'))
  const standing = {
    bus: eventBus({
      client: eventBridgeClient(transport, awsRegion, environment.endpointOf('EVENTBRIDGE')),
      busName: environment.required('EVENT_BUS'),
      source: EVENT_SOURCE,
    }),
    snapshots: dynamoSnapshots({
      client: ledgerClient(transport, awsRegion, environment.endpointOf('DYNAMODB')),
      tableName: environment.required('LEDGER_TABLE'),
      clock,
    }),
    slack: slackApi({
      transport,
      loopbackOrigin: chatOrigin,
      botToken: () => bot.read(),
    }),
    postToTeams: (url: string, message: unknown) => posted(transport, url, message, chatOrigin),
    slackSecrets: slackSigningSecrets(secret('SLACK_SIGNING_SECRET')),
    teamsKeys: teamsKeys(secret('TEAMS_KEYS_SECRET')),
    loopbackOrigin: chatOrigin,
    log: chatLog(environment.stack, clock),
  }
  return {
    clock,
    unforeseen: (error) => writeUnforeseen(environment.stack, error, clock),
    workFor: async (deadline) => ({ ...standing, ...(await workFor(deadline)) }),
  }
}

/** @param loopbackOrigin on the laptop no message leaves the machine, whatever host a workflow's URL names. */
async function posted(
  transport: Transport,
  url: string,
  message: unknown,
  loopbackOrigin: string | undefined,
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
