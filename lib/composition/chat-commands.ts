import { secretsClient } from '../aws/secrets-client.ts'
import type { ChatWork } from '../chat/conversation/chat-platform.ts'
import { slackApi } from '../chat/slack/api.ts'
import { slackPlatform } from '../chat/slack/platform.ts'
import { teamsApi } from '../chat/teams/api.ts'
import { teamsPlatform } from '../chat/teams/platform.ts'
import { slackBotToken, slackSigningSecrets, teamsKeys } from '../credentials/chat-secrets.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { eventBridgeClient, eventBus } from '../events/bus.ts'
import { EVENT_SOURCE } from '../events/contract.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import { chatLog } from '../observe/chat-log.ts'
import { failureLog } from '../observe/write-unforeseen.ts'
import { bindAppliers } from './bindings/bind-appliers.ts'
import { bindSeats } from './bindings/bind-seats.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of run-command: as the tick's, and what proves chats to us and us to them. */
export function commands(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<ChatWork> {
  const { clock, transport } = on
  const { awsRegion, chatOrigin } = environment
  const { workFor } = bindAppliers(environment, on)
  const seatsWithin = bindSeats(environment, clock, transport)
  const client = secretsClient(transport, awsRegion, environment.endpointOf('SECRETS_MANAGER'))
  const secret = (name: string) => ({ client, secretId: environment.required(name), clock })
  const pageUrl = environment.optional('PAGE_URL')
  const bot = slackBotToken(secret('SLACK_BOT_SECRET'))
  const slackParts = {
    api: slackApi({ transport, loopbackOrigin: chatOrigin, botToken: () => bot.read(), pageUrl }),
    secrets: slackSigningSecrets(secret('SLACK_SIGNING_SECRET')),
    loopbackOrigin: chatOrigin,
  }
  const teamsParts = {
    api: teamsApi({ transport, loopbackOrigin: chatOrigin }),
    keys: teamsKeys(secret('TEAMS_KEYS_SECRET')),
    pageUrl,
  }
  const standing = {
    bus: eventBus({
      client: eventBridgeClient(transport, awsRegion, environment.endpointOf('EVENTBRIDGE')),
      busName: environment.required('EVENT_BUS'),
      source: EVENT_SOURCE,
    }),
    log: chatLog(environment.stack, clock),
  }
  return {
    clock,
    noteFailure: failureLog(environment.stack, clock),
    async workFor(deadline, functionName) {
      const work = await workFor(deadline, functionName)
      const { slack, teams } = work.desk.policy.chat ?? {}
      const platforms = {
        slack: slackPlatform({ ...slackParts, settings: slack }),
        teams: teamsPlatform({ ...teamsParts, settings: teams }),
      }
      return { ...standing, ...work, ...seatsWithin(deadline, work.desk.policy), platforms }
    },
  }
}
