/** What bundles are invoked in: an org, the stand-ins for AWS and a table, and the environment that leads there. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTable, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { startAws } from '../../../infra/local/aws/server.ts'
import type { OAuthClient } from '../../../infra/local/org/access/clients.ts'
import { type Org, startOrg } from '../../../infra/local/org/server.ts'
import { signingSecret, teamsKey, tenantId } from '../../chat/deliveries.ts'

const chat = { slack: { teams: ['T1DC2JH3J'] }, teams: { tenants: [tenantId] } }

export type BundleWorld = Awaited<ReturnType<typeof startBundleWorld>>

/** @param bundles where they are. @param directory where the policy file goes. */
export async function startBundleWorld(bundles: string, directory: string) {
  const org = await startOrg({ users: 3, toggles: 'legacy' })
  const key = { accessKeyId: 'id', secretAccessKey: 'key' }
  const aws = await startAws({ key, busName: 'bundle' })
  const dynamo = await startDynamo({ key })
  await createTable(dynamo.url, 'ledger', key)
  const policyFile = join(directory, 'policy.json')
  await writeFile(policyFile, JSON.stringify({ approvals: [], people: {}, chat }))
  const secret = (name: string, value: unknown) =>
    aws.createSecret({ name, rotation: true, value: JSON.stringify(value) }).arn
  const { reader, writer } = org.clients
  const client = ({ clientId, clientSecret }: OAuthClient) => ({ clientId, clientSecret })
  const arn = (rest: string) => `arn:aws:${rest}`
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    GATEWAY_STACK: 'bundle',
    GATEWAY_AUTH: 'iam',
    GENESYS_REGION: 'us_east_1',
    GENESYS_API_URL: org.url,
    GENESYS_LOGIN_URL: org.url,
    GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
    GENESYS_ORG_NAME: 'Bundle',
    READ_TOKEN_SECRET: secret('read-token', await tokenOf(org, reader)),
    WRITE_TOKEN_SECRET: secret('write-token', await tokenOf(org, writer)),
    READ_CLIENT_SECRET: secret('read-client', client(reader)),
    WRITE_CLIENT_SECRET: secret('write-client', client(writer)),
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    AWS_ENDPOINT_URL_SCHEDULER: aws.url,
    AWS_ENDPOINT_URL_SQS: aws.url,
    LEDGER_TABLE: 'ledger',
    POLICY_FILE: policyFile,
    AUDIT_BUCKET: 'audit',
    EVENT_BUS: 'bundle',
    SLACK_SIGNING_SECRET: secret('slack-signing', { current: signingSecret }),
    SLACK_BOT_SECRET: secret('slack-bot-token', {}),
    TEAMS_KEYS_SECRET: secret('teams-keys', { [teamsKey.teamId]: teamsKey.key }),
    RUN_COMMAND_FUNCTION: 'run-command',
    SCHEDULE_GROUP: 'bundle',
    SCHEDULE_TARGET_ARN: arn('lambda:us-east-1:000000000000:function:fire-schedule'),
    SCHEDULE_ROLE_ARN: arn('iam::000000000000:role/scheduler'),
    SCHEDULE_DEAD_LETTER_ARN: arn('sqs:us-east-1:000000000000:dead-letters'),
    DEAD_LETTER_URL: `${aws.url}/000000000000/dead-letters`,
    LIST_QUEUE_URL: `${aws.url}/000000000000/lists.fifo`,
    JWT_ISSUER: 'https://login.example.com/',
    JWT_AUDIENCES: '["gateway"]',
    JWT_ROLE_CLAIM: '["scope"]',
    JWT_ROLES: '{}',
    PAGE_CLIENT_ID: 'license-page',
    LAMBDA_TASK_ROOT: join(bundles, 'functions/page/get-page'),
    PAGE_SCOPES: '["openid"]',
  }
  return {
    org,
    aws,
    env,
    async close() {
      await Promise.all([org.close(), aws.close(), dynamo.close()])
    },
  }
}

async function tokenOf(org: Org, { clientId, clientSecret }: OAuthClient) {
  const answer = await fetch(`${org.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: accessToken } = (await answer.json()) as { access_token: string }
  return { accessToken, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }
}
