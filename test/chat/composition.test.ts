/** run-command as it is bound in production, in a stack whose operator has put no client credentials yet. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCommand } from '../../lib/chat/run-command.ts'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../lib/chat/webhook/queued.ts'
import { commands } from '../../lib/composition/chat-commands.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import { awsForTest } from '../events/aws.ts'
import { lambdaContext } from '../support/events.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { openLedger } from '../support/ledger/ledger.ts'
import { takeLines } from '../support/lines.ts'
import { startServer } from '../support/servers.ts'
import { signingSecret } from './deliveries.ts'

interface Posted {
  readonly path: string | undefined
  readonly text: string
}

/** A container, and a Slack at a response URL that answers as it is told. */
async function given(status = 200) {
  const aws = await awsForTest()
  const { url, tableName, close } = await openLedger()
  const directory = mkdtempSync(join(tmpdir(), 'run-command-'))
  const logged = takeLines()
  onTestFinished(async () => {
    rmSync(directory, { recursive: true })
    await close()
  })
  const policyFile = join(directory, 'policy.json')
  const people = { olga: { role: 'operator', slack: ['UOLGA'] } }
  writeFileSync(policyFile, JSON.stringify({ approvals: [], people, chat: { slack: { teams: ['T1'] } } }))
  const posted: Posted[] = []
  const slack = await startServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    posted.push({ path: request.url, text: JSON.parse(body).text })
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"ok":false}')
  })
  const secret = (name: string, value: object) => aws.createSecret({ name, value: JSON.stringify(value) }).arn
  const environment = readEnvironment({
    AWS_REGION: 'us-east-1',
    GATEWAY_STACK: 'genesys-license-test',
    GATEWAY_AUTH: 'jwt',
    GENESYS_REGION: 'us_east_1',
    GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
    GENESYS_ORG_NAME: 'Test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    CHAT_LOOPBACK_ORIGIN: slack,
    LEDGER_TABLE: tableName,
    EVENT_BUS: 'test',
    AWS_ENDPOINT_URL_SQS: aws.url,
    LIST_QUEUE_URL: `${aws.url}/000000000000/lists.fifo`,
    POLICY_FILE: policyFile,
    WRITE_TOKEN_SECRET: aws.createSecret({ name: 'write-token', rotation: true }).arn,
    SLACK_SIGNING_SECRET: secret('slack', { current: signingSecret }),
    SLACK_BOT_SECRET: secret('bot', { token: 'xoxb-1' }),
    TEAMS_KEYS_SECRET: secret('teams', {}),
  })
  const clock = fakeClock()
  const machine = { clock, transport: nodeTransport, perTryTimeoutMs: 8_000 }
  const handler = eventLambda(runCommand, commands(environment, machine))
  return {
    posted,
    logged: () => logged.map((line) => JSON.parse(line)),
    type: (text: string) => handler(typed(text, clock.nowMs()), lambdaContext()),
  }
}

function typed(text: string, nowMs: number) {
  const body = new URLSearchParams({
    team_id: 'T1',
    user_id: 'UOLGA',
    channel_id: 'C1',
    command: '/license',
    text,
    response_url: 'https://hooks.slack.com/commands/T1/1/a',
    trigger_id: `1.1.${text.length}`,
  }).toString()
  const timestamp = String(Math.floor(nowMs / 1000))
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
  const detail = {
    platform: 'slack',
    deliveryId: 'slack-1',
    rawBody: Buffer.from(body).toString('base64'),
    contentType: 'application/x-www-form-urlencoded',
    timestamp,
    signature: `v0=${hmac}`,
  }
  return { 'detail-type': CHAT_DELIVERED, source: CHAT_SOURCE, detail }
}

it('a person is told that there is no token yet, and what needs none is answered', async () => {
  const { posted, logged, type } = await given()
  await type('definitions')
  await type('changes')
  expect(posted).toEqual([
    { path: '/commands/T1/1/a', text: expect.stringMatching(/token/) },
    { path: '/commands/T1/1/a', text: 'Changes: none' },
  ])
  expect(logged()).toMatchObject([
    { code: 'chat.asked', platform: 'slack', userId: 'UOLGA', person: 'olga', wish: 'definitions' },
    {
      level: 'ERROR',
      code: 'chat.not.done',
      wish: 'definitions',
      error: { code: 'credentials.unavailable' },
    },
    { code: 'chat.asked', wish: 'changes' },
  ])
})

it('what Slack takes nowhere is one line that the alarm counts', async () => {
  const { posted, logged, type } = await given(404)
  await type('changes')
  expect(posted.map(({ path }) => path)).toEqual([
    '/commands/T1/1/a',
    '/api/chat.postMessage',
    '/api/chat.postMessage',
  ])
  expect(logged().at(-1)).toMatchObject({
    level: 'ERROR',
    code: 'chat.undelivered',
    stack: 'genesys-license-test',
    what: 'answer',
    isLost: true,
  })
})
