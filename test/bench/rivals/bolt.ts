/**
 * Slack's own framework with its receiver for Lambda. The signing secret comes from Secrets Manager, once a container,
 * and the command is on the bus before it is acknowledged. The listener calls nothing of Slack's, so the token that
 * Bolt wants for each event is made up here, and is not asked after at Slack either.
 */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { App, AwsLambdaReceiver, type SlashCommand } from '@slack/bolt'
import type { APIGatewayProxyEvent, Context } from 'aws-lambda'

const { EVENT_BUS = '', SLACK_SIGNING_SECRET = '' } = process.env

const secrets = new SecretsManagerClient({})
const eventBridge = new EventBridgeClient({})

let receiver: Promise<AwsLambdaReceiver> | undefined

export async function handler(event: APIGatewayProxyEvent, context: Context) {
  receiver ??= started()
  const receive = (await receiver).toHandler()
  return await receive(event, context)
}

async function started(): Promise<AwsLambdaReceiver> {
  const { SecretString = '{}' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: SLACK_SIGNING_SECRET }),
  )
  const receiver = new AwsLambdaReceiver({ signingSecret: JSON.parse(SecretString).current })
  const app = new App({
    receiver,
    processBeforeResponse: true,
    authorize: async () => ({ botToken: 'xoxb-example' }),
  })
  app.command('/license', async ({ command, ack }) => {
    await handOn(command)
    await ack({ response_type: 'ephemeral', text: 'On it.' })
  })
  return receiver
}

async function handOn(command: SlashCommand): Promise<void> {
  const { FailedEntryCount = 0, Entries } = await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: EVENT_BUS,
          Source: 'license-bot',
          DetailType: 'Slash Command',
          Detail: JSON.stringify(command),
        },
      ],
    }),
  )
  if (FailedEntryCount > 0) throw new Error(`The bus did not take the event: ${Entries?.[0]?.ErrorCode}`)
}
