/** The webhooks' functions as they are bound in production, against a stand-in for AWS. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CHAT_DELIVERED, CHAT_SOURCE } from '../../../lib/chat/webhook/queued.ts'
import { slackWebhooks, teamsWebhooks } from '../../../lib/composition/doors/chat-webhooks.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { ConfigurationError } from '../../../lib/errors.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { activity, fromSlack, fromTeams, signingSecret, teamsKey, tenantId } from '../../chat/deliveries.ts'
import { command, formBody } from '../../chat/slack/forms.ts'
import { awsForTest } from '../../events/aws.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { takeLines } from '../../support/lines.ts'
import { startServer } from '../../support/servers.ts'

const slackSettings = { teams: ['T1DC2JH3J'] }
const teamsSettings = { tenants: [tenantId] }

async function given(chat: object = { slack: slackSettings, teams: teamsSettings }) {
  const aws = await awsForTest()
  const clock = fakeClock()
  const scratch = await mkdtemp(join(tmpdir(), 'gateway-chat-'))
  const logged = takeLines()
  onTestFinished(async () => {
    await rm(scratch, { recursive: true })
  })
  const policyFile = join(scratch, 'policy.json')
  await writeFile(policyFile, JSON.stringify({ approvals: [], people: {}, chat }))
  const invoked: string[] = []
  const lambda = await startServer((request, response) => {
    invoked.push(request.url ?? '')
    response.writeHead(200).end('{"reply":{"type":"message","text":"hello"}}')
  })
  const variables = {
    AWS_REGION: 'us-east-1',
    GATEWAY_STACK: 'genesys-license-test',
    GATEWAY_AUTH: 'jwt',
    GENESYS_REGION: 'us_east_1',
    GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
    GENESYS_ORG_NAME: 'Test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    SLACK_SIGNING_SECRET: aws.createSecret({
      name: 'slack',
      value: JSON.stringify({ current: signingSecret }),
    }).arn,
    TEAMS_KEYS_SECRET: aws.createSecret({
      name: 'teams',
      value: JSON.stringify({ [teamsKey.teamId]: teamsKey.key }),
    }).arn,
    EVENT_BUS: 'test',
    RUN_COMMAND_FUNCTION: 'run-command',
    POLICY_FILE: policyFile,
  }
  const on = { clock, transport: nodeTransport }
  return {
    aws,
    clock,
    logged,
    invoked,
    slack: (more: object = {}) => slackWebhooks(readEnvironment({ ...variables, ...more }), on),
    teams: () => teamsWebhooks(readEnvironment(variables), on),
  }
}

describe("Slack's function", () => {
  it('puts the delivery on the bus under its own source, and acknowledges (L01)', async () => {
    const { aws, clock, slack, logged } = await given()
    const { statusCode, body } = await slack()(fromSlack({ sentAtMs: clock.nowMs() }))
    expect(statusCode).toBe(200)
    expect(JSON.parse(body).text).toBe('On it.')
    expect(JSON.stringify(aws.events())).toContain(CHAT_DELIVERED)
    expect(JSON.stringify(aws.events())).toContain(CHAT_SOURCE)
    expect(aws.requests().map(({ action }) => action)).toEqual(['GetSecretValue', 'PutEvents'])
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'INFO',
        code: 'chat.handed.on',
        stack: 'genesys-license-test',
        platform: 'slack',
        status: 200,
      }),
    ])
  })

  it('says so where the bus refuses the entry in an answer of 200 (L26)', async () => {
    const { aws, clock, slack, logged } = await given()
    aws.fail('PutEvents', { type: 'InternalFailure', entry: 0 })
    const { statusCode, body } = await slack()(fromSlack({ sentAtMs: clock.nowMs() }))
    expect(statusCode).toBe(200)
    expect(JSON.parse(body).text).toContain('nothing was done')
    expect(aws.events()).toEqual([])
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 'ERROR', code: 'chat.lost' })
  })

  it('says so where the bus refuses the request (L26)', async () => {
    const { aws, clock, slack } = await given()
    aws.fail('PutEvents', { type: 'AccessDeniedException' })
    const { body } = await slack()(fromSlack({ sentAtMs: clock.nowMs() }))
    expect(JSON.parse(body).text).toContain('nothing was done')
  })

  it("calls no host but Slack's, and on the laptop one of the same machine that it was told of (L24)", async () => {
    const { clock, slack } = await given()
    const origin = 'http://127.0.0.1:4010'
    const body = formBody({ ...command, response_url: `${origin}/reply` })
    const event = () => fromSlack({ sentAtMs: clock.nowMs(), body })
    expect((await slack()(event())).statusCode).toBe(400)
    expect((await slack({ CHAT_LOOPBACK_ORIGIN: origin })(event())).statusCode).toBe(200)
    const elsewhere = { CHAT_LOOPBACK_ORIGIN: 'http://chat.example.com' }
    expect(() => slack(elsewhere)).toThrow(ConfigurationError)
    const noEndpoints = Object.fromEntries(
      ['EVENTBRIDGE', 'LAMBDA', 'SECRETS_MANAGER'].map((each) => [`AWS_ENDPOINT_URL_${each}`, '']),
    )
    const deployed = { ...noEndpoints, AWS_LAMBDA_FUNCTION_NAME: 'slack', CHAT_LOOPBACK_ORIGIN: origin }
    expect(() => slack(deployed)).toThrow(ConfigurationError)
  })

  it('does not start without the workspaces that it listens to', async () => {
    const { slack } = await given({ teams: teamsSettings })
    expect(() => slack()).toThrow(ConfigurationError)
  })
})

describe("Teams' function", () => {
  it('answers with what run-command replies (M01)', async () => {
    const { aws, clock, teams, invoked, logged } = await given()
    const { statusCode, body } = await teams()(fromTeams(activity(clock.nowMs())))
    expect(statusCode).toBe(200)
    expect(JSON.parse(body)).toEqual({ type: 'message', text: 'hello' })
    expect(invoked).toEqual(['/2015-03-31/functions/run-command/invocations'])
    expect(aws.requests().map(({ action }) => action)).toEqual(['GetSecretValue'])
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({
      level: 'INFO',
      code: 'chat.answered',
      platform: 'teams',
    })
  })

  it('lets nobody in while the operator has put no key (M02)', async () => {
    const { aws, clock, teams, invoked, logged } = await given()
    aws.putSecret('teams', '{}')
    expect((await teams()(fromTeams(activity(clock.nowMs())))).statusCode).toBe(401)
    expect(invoked).toEqual([])
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 'WARN', code: 'chat.refused' })
  })

  it('does not start without the tenants that it listens to', async () => {
    const { teams } = await given({ slack: slackSettings })
    expect(() => teams()).toThrow(ConfigurationError)
  })
})
