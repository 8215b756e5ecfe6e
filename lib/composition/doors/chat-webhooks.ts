import { invoker } from '../../aws/invoke-function.ts'
import { secretsClient } from '../../aws/secrets-client.ts'
import { slackWebhook } from '../../chat/slack/webhook.ts'
import { teamsWebhook } from '../../chat/teams/webhook.ts'
import type { WebhookHandler } from '../../chat/webhook/answer-webhook.ts'
import { CHAT_SOURCE } from '../../chat/webhook/queued.ts'
import { slackSigningSecrets, teamsKeys } from '../../credentials/chat-secrets.ts'
import { type Environment, readEnvironment } from '../../environment.ts'
import { ConfigurationError } from '../../errors.ts'
import { eventBridgeClient, eventBus } from '../../events/bus.ts'
import { webhookLog } from '../../observe/chat-log.ts'
import type { Transport } from '../../transport/transport.ts'
import { type Machine, machine } from '../bindings/machine.ts'
import { readPolicy } from '../bindings/read-policy.ts'

/** One try of an AWS service, milliseconds: Slack waits 3 s and Teams 5 s in all, and they answer in tens. */
const HASTY_TIMEOUT_MS = 700

/** Of handing on what Slack delivered: nobody else has it, and Slack repeats button presses never. */
const DELIVERY_TRIES = 3

/** The composition root of Slack's webhook: a secret of its own and the bus; no Genesys credential, no table. */
export function slackWebhooks(
  environment: Environment = readEnvironment(),
  { clock, transport }: Pick<Machine, 'clock' | 'transport'> = machine,
): WebhookHandler {
  const { awsRegion, chatOrigin } = environment
  const quick = shortenTries(transport)
  const settings = readPolicy(environment.required('POLICY_FILE')).chat?.slack
  if (!settings)
    throw new ConfigurationError("POLICY_FILE must have chat.slack, which Slack's function serves")
  return slackWebhook({
    clock,
    log: webhookLog(environment.stack, clock),
    secrets: slackSigningSecrets({
      client: secretsClient(quick, awsRegion, environment.endpointOf('SECRETS_MANAGER')),
      secretId: environment.required('SLACK_SIGNING_SECRET'),
      clock,
    }),
    allowed: settings,
    bus: eventBus({
      client: eventBridgeClient(quick, awsRegion, environment.endpointOf('EVENTBRIDGE'), DELIVERY_TRIES),
      busName: environment.required('EVENT_BUS'),
      source: CHAT_SOURCE,
    }),
    loopbackOrigin: chatOrigin,
  })
}

/** The composition root of Teams' webhook: a secret of its own and run-command; no Genesys credential, no table. */
export function teamsWebhooks(
  environment: Environment = readEnvironment(),
  { clock, transport }: Pick<Machine, 'clock' | 'transport'> = machine,
): WebhookHandler {
  const { awsRegion } = environment
  const settings = readPolicy(environment.required('POLICY_FILE')).chat?.teams
  if (!settings)
    throw new ConfigurationError("POLICY_FILE must have chat.teams, which Teams' function serves")
  return teamsWebhook({
    clock,
    log: webhookLog(environment.stack, clock),
    keys: teamsKeys({
      client: secretsClient(shortenTries(transport), awsRegion, environment.endpointOf('SECRETS_MANAGER')),
      secretId: environment.required('TEAMS_KEYS_SECRET'),
      clock,
    }),
    tenants: settings.tenants,
    channels: Object.keys(settings.incoming ?? {}),
    invoke: invoker({
      transport,
      region: awsRegion,
      endpoint: environment.endpointOf('LAMBDA'),
      functionName: environment.required('RUN_COMMAND_FUNCTION'),
    }),
  })
}

function shortenTries(transport: Transport): Transport {
  return (request) => transport({ ...request, timeoutMs: Math.min(request.timeoutMs, HASTY_TIMEOUT_MS) })
}
