/** The bundles as a Lambda has them: required by a plain Node, with nothing of the repository around. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { createTable, type LocalDynamo, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { type LocalAws, startAws } from '../../../infra/local/aws/server.ts'
import type { OAuthClient } from '../../../infra/local/org/access/clients.ts'
import { type Org, startOrg } from '../../../infra/local/org/server.ts'
import { CHAT_DELIVERED } from '../../../lib/chat/webhook/queued.ts'
import { operations } from '../../../lib/operations/index.ts'
import { proxyEvent } from '../../bench/proxy-event.ts'
import { activity, fromSlack, fromTeams, signingSecret, teamsKey, tenantId } from '../../chat/deliveries.ts'
import { startServer } from '../../support/servers.ts'
import { built } from './all-bundles.ts'

const run = promisify(execFile)

/** The largest that bundles may be of a read, of a walk and of Teams' webhook, minified, bytes. */
const MAX_READ_BYTES = 220_000
const MAX_WALK_BYTES = 290_000
const MAX_TEAMS_BYTES = 240_000

let scratch: string
let org: Org
let aws: LocalAws
let dynamo: LocalDynamo
let env: Record<string, string>

const chat = { slack: { teams: ['T1DC2JH3J'] }, teams: { tenants: [tenantId] } }

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-bundle-'))
  org = await startOrg({ users: 3, toggles: 'legacy' })
  const key = { accessKeyId: 'id', secretAccessKey: 'key' }
  aws = await startAws({ key, busName: 'bundle' })
  dynamo = await startDynamo({ key })
  await createTable(dynamo.url, 'ledger', key)
  const policyFile = join(scratch, 'policy.json')
  await writeFile(policyFile, JSON.stringify({ approvals: [], people: {}, chat }))
  const secret = (name: string, value: unknown) =>
    aws.createSecret({ name, rotation: true, value: JSON.stringify(value) }).arn
  const { reader, writer } = org.clients
  const client = ({ clientId, clientSecret }: OAuthClient) => ({ clientId, clientSecret })
  const arn = (rest: string) => `arn:aws:${rest}`
  env = {
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
    READ_TOKEN_SECRET: secret('read-token', await tokenOf(reader)),
    WRITE_TOKEN_SECRET: secret('write-token', await tokenOf(writer)),
    READ_CLIENT_SECRET: secret('read-client', client(reader)),
    WRITE_CLIENT_SECRET: secret('write-client', client(writer)),
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    AWS_ENDPOINT_URL_SCHEDULER: aws.url,
    AWS_ENDPOINT_URL_SQS: aws.url,
    LEDGER_TABLE: 'ledger',
    POLICY_FILE: policyFile,
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
    JWT_ISSUER: 'https://login.example.com/',
    JWT_AUDIENCES: '["gateway"]',
    JWT_ROLE_CLAIM: '["scope"]',
    JWT_ROLES: '{}',
  }
}, 60_000)

afterAll(async () => {
  await Promise.all([org.close(), aws.close(), dynamo.close()])
  await rm(scratch, { recursive: true, force: true })
})

async function tokenOf({ clientId, clientSecret }: OAuthClient) {
  const answer = await fetch(`${org.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: accessToken } = (await answer.json()) as { access_token: string }
  return { accessToken, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }
}

/** What a script prints as JSON in a process that has nothing but the bundles and its environment. */
async function printed(script: string, variables = env): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--eval', script], { cwd: scratch, env: variables })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

/** What one function's bundle answers to one event, in a process of its own. @param aheadMs of its clock. */
async function invoked(name: string, event: unknown, { variables = env, aheadMs = 0 } = {}) {
  const directory = built.find((each) => each.name === name)?.directory
  return await printed(
    `const { now } = Date
    Date.now = () => now() + ${aheadMs}
    require(${JSON.stringify(directory)})
      .handler(${JSON.stringify(event)}, { awsRequestId: 'x', getRemainingTimeInMillis: () => 30000 })
      .then((answer) => { console.log(JSON.stringify(answer ?? null)); process.exit() })`,
    variables,
  )
}

async function answerOf(name: string, event: unknown, variables = env) {
  const answer = await invoked(name, event, { variables })
  return answer as { readonly statusCode: number; readonly body: string }
}

const userEvent = () =>
  proxyEvent('GET', '/api/v2/license/users/{userId}', { userId: org.people(1)[0]?.id ?? '' })

/** A request that records something, each time another one. */
function recordingEvent(method: string, resource: string, parameters: Record<string, string>, body: unknown) {
  const event = proxyEvent('POST', resource, parameters)
  const more = { 'Content-Type': ['application/json'], 'Idempotency-Key': [randomUUID()] }
  return {
    ...event,
    httpMethod: method,
    body: JSON.stringify(body),
    multiValueHeaders: { ...event.multiValueHeaders, ...more },
  }
}

const switching = (featureName: string, enabled: boolean) =>
  recordingEvent('PUT', '/v1/toggles/{featureName}', { featureName }, { enabled })

/** A change as the bundle of get-change tells it. */
async function changeOf(changeId: string) {
  const { body } = await answerOf('get-change', proxyEvent('GET', '/v1/changes/{changeId}', { changeId }))
  return JSON.parse(body)
}

/** Bundles that have the ledger: all but those that only read, the authorizer and the rotation. */
const withoutLedger = new Set([
  ...operations.filter(({ effect }) => effect === 'read' || effect === 'local').map(functionNameOf),
  'authorize',
  'rotate-token',
  'slack',
  'teams',
])

describe('a bundle', () => {
  it('of a read is no larger than its cold start allows', () => {
    const reads = new Set(operations.filter(({ effect }) => effect === 'read').map(functionNameOf))
    const sizes = built.filter(({ name }) => reads.has(name))
    expect(sizes).toHaveLength(reads.size)
    for (const { name, bytes } of sizes) expect(bytes, name).toBeLessThanOrEqual(MAX_READ_BYTES)
  })

  it("of a walk has no more besides than DynamoDB's client", () => {
    const walks = operations.filter(({ effect }) => effect === 'walk').map(functionNameOf)
    for (const name of walks) {
      expect(built.find((each) => each.name === name)?.bytes, name).toBeLessThanOrEqual(MAX_WALK_BYTES)
    }
  })

  it("of Slack's webhook is no larger than that, since Slack waits 3 s for it", () => {
    expect(built.find(({ name }) => name === 'slack')?.bytes).toBeLessThanOrEqual(MAX_READ_BYTES)
  })

  it("of Teams' webhook is little larger, since Teams waits 5 s for what run-command has to say", () => {
    expect(built.find(({ name }) => name === 'teams')?.bytes).toBeLessThanOrEqual(MAX_TEAMS_BYTES)
  })

  it("has nothing of the laptop's, no second HTTP stack and no file of settings", async () => {
    const carried = /__org|__aws\/|undici|\.aws\/(config|credentials)|fs\/promises/i
    const fetching = /[^.\w$]fetch\(/
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect(carried.exec(code)?.[0], name).toBeUndefined()
      // The authorizer's library has a method of that name.
      if (name !== 'authorize') expect(fetching.exec(code)?.[0], name).toBeUndefined()
    }
  })

  it('has the ledger only where it records or decides', async () => {
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect([name, code.includes('DynamoDB_2012')]).toEqual([name, !withoutLedger.has(name)])
    }
  })

  it("of Slack's webhook puts what came on the bus and acknowledges (L01)", async () => {
    const { statusCode, body } = await answerOf('slack', fromSlack({ sentAtMs: Date.now() }))
    expect([statusCode, JSON.parse(body).text]).toEqual([200, 'On it.'])
    expect(JSON.stringify(aws.events())).toContain(CHAT_DELIVERED)
  })

  it("of Teams' webhook invokes run-command and answers with its reply (M01)", async () => {
    const reply = { type: 'message', text: 'café' }
    const asked: (string | string[] | undefined)[] = []
    const lambda = await startServer(({ url, headers }, response) => {
      asked.push(url, headers.authorization?.split('/')[0], headers['x-amz-security-token'])
      response.end(JSON.stringify({ reply }))
    })
    const variables = { ...env, AWS_ENDPOINT_URL_LAMBDA: lambda }
    const { statusCode, body } = await answerOf('teams', fromTeams(activity(Date.now())), variables)
    expect([statusCode, JSON.parse(body)]).toEqual([200, reply])
    const path = '/2015-03-31/functions/run-command/invocations'
    expect(asked).toEqual([path, 'AWS4-HMAC-SHA256 Credential=id', 'token'])
  })

  it('is loaded by a plain require', async () => {
    const directories = built.map(({ directory }) => directory)
    const kinds = await printed(
      `console.log(JSON.stringify(${JSON.stringify(directories)}.map((path) => typeof require(path).handler)))`,
    )
    expect(kinds).toEqual(directories.map(() => 'function'))
  })

  it('answers with what the org has, by the token that the pared SDK read', async () => {
    const event = userEvent()
    const { statusCode, body } = await answerOf('get-license-user', event)
    expect(statusCode).toBe(200)
    const { id, licenses }: { id: string; licenses: { id: string }[] } = JSON.parse(body)
    expect(licenses.map((license) => license.id)).toEqual(org.truth().users[id])
  })

  it("knows the pared SDK's errors by their names, and tries again what may pass", async () => {
    const before = aws.requests().length
    aws.fail('GetSecretValue', { type: 'ThrottlingException', status: 400, times: 1 })
    expect((await answerOf('get-license-user', userEvent())).statusCode).toBe(200)
    expect(aws.requests().length - before).toBe(2)

    const missing = { ...env, READ_TOKEN_SECRET: `${env['READ_TOKEN_SECRET']}-none` }
    const { statusCode, body } = await answerOf('get-license-user', userEvent(), missing)
    expect(statusCode).toBe(503)
    expect(body).toContain('credentials.unavailable')
  })
})

describe('the bundles that record, on a real table', () => {
  const off = () => Object.entries(org.truth().toggles).find(([, enabled]) => !enabled)?.[0] ?? ''

  it('switch a toggle, tell of it on the bus, and find it again', async () => {
    const featureName = off()
    const { statusCode, body } = await answerOf('put-toggle', switching(featureName, true))
    expect([statusCode, JSON.parse(body).state]).toEqual([200, 'APPLIED'])
    const { id } = JSON.parse(body)
    expect(org.truth().toggles[featureName]).toBe(true)
    expect(await changeOf(id)).toMatchObject({ id, state: 'APPLIED', actor: { kind: 'iam' } })
    const told = aws.events().filter((each) => each['detail-type'] !== CHAT_DELIVERED)
    expect(told).toMatchObject([{ 'detail-type': 'License Change Applied', detail: { change: { id } } }])
    const query = { multiValueQueryStringParameters: { toggle: [featureName] } }
    const listed = await answerOf('list-changes', { ...proxyEvent('GET', '/v1/changes', {}), ...query })
    expect(JSON.parse(listed.body).entities).toMatchObject([{ id }])
  })

  it('give a license by way of a plan that is looked at first', async () => {
    const userId = org.people(1)[0]?.id ?? ''
    const assignments = [{ licenseId: 'wallboardUser', userIdsAdd: [userId], userIdsRemove: [] }]
    const order = { kind: 'assignments', assignments }
    const planned = await answerOf('create-change', recordingEvent('POST', '/v1/changes', {}, order))
    expect(planned.statusCode).toBe(201)
    const { id, digest } = JSON.parse(planned.body)
    const route = '/v1/changes/{changeId}/apply'
    const applied = await answerOf(
      'apply-change',
      recordingEvent('POST', route, { changeId: id }, { digest }),
    )
    expect(JSON.parse(applied.body)).toMatchObject({ id, state: 'APPLIED' })
    expect(org.truth().users[userId]).toContain('wallboardUser')
  })

  it('carry out an event, and put one that is none with the dead letters', async () => {
    const featureName = off()
    const event = {
      id: randomUUID(),
      source: 'wfm',
      'detail-type': 'License Toggle Requested',
      time: new Date().toISOString(),
      detail: { featureName, enabled: true },
    }
    await invoked('flip-toggle', event)
    expect(org.truth().toggles[featureName]).toBe(true)
    await invoked('flip-toggle', { ...event, id: randomUUID(), detail: { featureName } })
    expect(aws.deadLetters()).toHaveLength(1)
  })

  it('make a schedule, and do what it says when it fires', async () => {
    const featureName = off()
    const order = { at: '2099-01-01T09:00', change: { kind: 'toggle', featureName, enabled: true } }
    const made = await answerOf('create-schedule', recordingEvent('POST', '/v1/schedules', {}, order))
    expect(made.statusCode).toBe(201)
    const { id: scheduleId } = JSON.parse(made.body)
    expect(aws.requests().map(({ action }) => action)).toContain('CreateSchedule')
    await invoked('fire-schedule', { scheduleId, scheduledTime: new Date().toISOString() })
    expect(org.truth().toggles[featureName]).toBe(true)
  })

  it('take up by the tick what a lost answer left open', async () => {
    org.addFaults([{ match: { method: 'POST' }, do: { reset: true } }])
    const { statusCode, body } = await answerOf('put-toggle', switching('wallboards', false))
    expect([statusCode, JSON.parse(body).state]).toEqual([202, 'UNKNOWN'])
    await invoked('advance-due-changes', {}, { aheadMs: 66_000 })
    expect((await changeOf(JSON.parse(body).id)).state).toBe('NEEDS_ATTENTION')
    expect(org.truth().toggles['wallboards']).toBe(true)
  })
})
