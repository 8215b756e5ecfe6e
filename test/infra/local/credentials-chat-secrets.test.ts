/** What becomes of chat's secrets as they are put again and again, and what Slack says of a bot token. */
import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it, onTestFinished } from 'vitest'
import { putSlack } from '../../../infra/credentials/slack.ts'
import { putTeamsToken, teamIdOf } from '../../../infra/credentials/teams.ts'
import type { ListenedSlack } from '../../../infra/credentials/try-bot-token.ts'
import { startAws } from '../../../infra/local/aws/server.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { verifyTeams } from '../../../lib/chat/teams/signature.ts'
import { teamsKeys } from '../../../lib/credentials/chat-secrets.ts'
import { chatSecretNames } from '../../../lib/credentials/secret-names.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { expectNowhere } from '../../support/identity/canaries.ts'
import { startServer } from '../../support/servers.ts'

const names = chatSecretNames('example')

/** Secrets without a value, as the laptop's are at first, and the command's two ways to put them. */
async function given(slackApi?: ListenedSlack, made: readonly string[] = Object.values(names)) {
  const aws = await startAws()
  onTestFinished(aws.close)
  for (const name of made) aws.createSecret({ name })
  const client = secretsClient(nodeTransport, 'us-east-1', aws.url)
  const said: string[] = []
  const to = {
    client,
    names,
    transport: nodeTransport,
    slackApi,
    tell: (each: string) => said.push(each) > 0,
  }
  return {
    aws,
    said,
    puts: () => aws.requests().filter(({ action }) => action === 'PutSecretValue').length,
    stored: async (SecretId: string) =>
      JSON.parse((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? ''),
    keys: () => teamsKeys({ client, secretId: names.teamsKeys, clock: fakeClock() }).read(),
    slack: (signingSecret: string, botToken = '') => putSlack([signingSecret, botToken], to),
    teams: (token: string, team = TEAM) => putTeamsToken(team, [token], to),
  }
}

const [S0 = '', S1 = '', S2 = ''] = ['ca4a71e0', 'ca4a71e1', 'ca4a71e2'].map((word) => word.repeat(4))
const BOT = 'xoxb-0123456789-canary'
const [T0 = '', T1 = ''] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64'))
const TEAM = '19:712c61d0ef384e5fa681ba90ca943398@thread.tacv2'
const OTHER = '19:other@thread.tacv2'

describe("Slack's signing secret", () => {
  it('is accepted beside the one before it, until it is put again', async () => {
    const { slack, stored, said, puts } = await given()
    await slack(S0)
    expect(await stored(names.slackSigning)).toEqual({ current: S0 })
    await slack(S1)
    expect(await stored(names.slackSigning)).toEqual({ current: S1, previous: S0 })
    await slack(S1)
    expect(await stored(names.slackSigning)).toEqual({ current: S1 })
    expect(said.at(-1)).toContain('the one before it is dropped')
    expect(puts()).toBe(3)
    await slack(S1)
    expect(said.at(-1)).toContain('holds it already, and no other')
    expect(puts()).toBe(3)
  })

  it('has one before it, not two', async () => {
    const { slack, stored } = await given()
    for (const secret of [S0, S1, S2]) await slack(secret)
    expect(await stored(names.slackSigning)).toEqual({ current: S2, previous: S1 })
  })

  it('stays where only the bot token is answered, and both where nothing is', async () => {
    const { slack, stored, said, puts } = await given()
    await slack(S0)
    await slack('', BOT)
    expect([await stored(names.slackSigning), await stored(names.slackBot)]).toEqual([
      { current: S0 },
      { token: BOT },
    ])
    const before = puts()
    await slack('')
    expect(said.at(-1)).toBe('Nothing was answered, so all is as it was')
    expect(puts()).toBe(before)
  })

  it('that the stack has no secret for is refused with what to do', async () => {
    const { slack } = await given(undefined, [])
    await expect(slack(S0)).rejects.toThrow(
      `There is no secret ${names.slackSigning}: deploy the stack with chat in its org file first`,
    )
  })

  it('is refused without it where Secrets Manager refuses', async () => {
    const { aws, slack } = await given()
    aws.fail('PutSecretValue', { type: 'AccessDeniedException' })
    const refusal = await slack(S0).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      name: 'ProvisioningError',
      message: expect.stringContaining(
        `putting into ${names.slackSigning} failed with AccessDeniedException`,
      ),
    })
    expectNowhere([S0], [refusal])
  })
})

describe("a bot token of Slack's", () => {
  const answering =
    (answer: unknown, status = 200): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    }
  const withSlack = async (listener: RequestListener) =>
    await given({ origin: await startServer(listener), teams: ['T0123456789'] })

  it('is tried with auth.test, then put', async () => {
    const asked: unknown[] = []
    const { slack, said, stored } = await withSlack((request, response) => {
      asked.push([request.method, request.url, request.headers.authorization])
      answering({ ok: true, team: 'Example', team_id: 'T0123456789', user_id: 'U1' })(request, response)
    })
    await slack('', BOT)
    expect(asked).toEqual([['POST', '/api/auth.test', `Bearer ${BOT}`]])
    expect(said).toEqual([
      'bot token: Slack takes it, in T0123456789',
      `bot token: put into ${names.slackBot}`,
    ])
    expect(await stored(names.slackBot)).toEqual({ token: BOT })
  })

  it.each([
    [
      'Slack does not take',
      { ok: false, error: 'invalid_auth' },
      'Slack does not take the bot token (invalid_auth)',
    ],
    ['is of another workspace', { ok: true, team_id: 'T9' }, 'The bot token is of the workspace T9, which'],
  ])('that %s is not put, nor is a signing secret beside it', async (_, answer, sentence) => {
    const { slack, said, puts } = await withSlack(answering(answer))
    const refusal = await slack(S0, BOT).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      name: 'ProvisioningError',
      message: expect.stringMatching(/; nothing was put$/),
    })
    expect(String(refusal)).toContain(sentence)
    expectNowhere([BOT, S0], [refusal])
    expect([said, puts()]).toEqual([[], 0])
  })

  it('of a whole enterprise is put whatever it names for a workspace', async () => {
    const { slack, puts } = await withSlack(
      answering({ ok: true, team_id: 'E9', is_enterprise_install: true }),
    )
    await slack('', BOT)
    expect(puts()).toBe(1)
  })

  it.each<[string, RequestListener, string]>([
    ['too many were asked', answering('', 429), 'status 429'],
    ['a proxy answers', answering('<html>'), 'not in JSON'],
    ['what comes is no answer of Slack', answering({ ok: false, error: `<${BOT}>` }), 'status 200'],
    ['the connection breaks', (request) => request.socket.destroy(), 'reset'],
  ])('is put untried where %s', async (_, listener, why) => {
    const { slack, said, puts } = await withSlack(listener)
    await slack('', BOT)
    expect(said[0]).toBe(`bot token: not tried, as Slack gave no answer (${why})`)
    expect(puts()).toBe(1)
  })
})

describe("a security token of Teams'", () => {
  it('is accepted beside the one before it, newest first, until it is put again', async () => {
    const { teams, stored, said, puts } = await given()
    await teams(T0)
    expect(await stored(names.teamsKeys)).toEqual({ [TEAM]: T0 })
    await teams(T1)
    expect(await stored(names.teamsKeys)).toEqual({ [TEAM]: [T1, T0] })
    expect(said.at(-1)).toContain('the one before it is accepted too')
    await teams(T1)
    expect(await stored(names.teamsKeys)).toEqual({ [TEAM]: T1 })
    expect(said.at(-1)).toContain('the one before it is dropped')
    await teams(T1)
    expect(said.at(-1)).toContain(`holds it already for ${TEAM}, and no other`)
    expect(puts()).toBe(3)
  })

  it("is the function's key for what Teams signs with it", async () => {
    const { teams, keys } = await given()
    await teams(T0)
    const rawBody = Buffer.from('{}')
    const signature = createHmac('sha256', Buffer.from(T0, 'base64')).update(rawBody).digest('base64')
    const headers = new Map([['authorization', [`HMAC ${signature}`]]])
    expect(verifyTeams({ rawBody, headers, keys: await keys() })).toEqual({ isSound: true, teamId: TEAM })
  })

  it('is taken off a team that it was put for by mistake, since the first that has it would count', async () => {
    const { aws, teams, stored, said } = await given()
    aws.putSecret(names.teamsKeys, JSON.stringify({ [OTHER]: [T0, T1], '19:third@thread.tacv2': T0 }))
    await teams(T0)
    expect(await stored(names.teamsKeys)).toEqual({ [OTHER]: T1, [TEAM]: T0 })
    expect(said).toContain(`security token: taken off ${OTHER}, as it is of ${TEAM}`)
    aws.putSecret(names.teamsKeys, JSON.stringify({ [TEAM]: T0, [OTHER]: T0 }))
    said.length = 0
    await teams(T0)
    expect(said).toEqual([`security token: taken off ${OTHER}, as it is of ${TEAM}`])
  })

  it('leaves a table that is none as it is', async () => {
    const { aws, teams, stored } = await given()
    aws.putSecret(names.teamsKeys, '["canary"]')
    await expect(teams(T0)).rejects.toThrow('holds something else than a JSON object of team id')
    expect(await stored(names.teamsKeys)).toEqual(['canary'])
  })
})

describe("a team's id", () => {
  it.each([TEAM, TEAM.replace(':', '%3a').replace('@', '%40'), TEAM.replace(':', '%3A').replace('@', '%40')])(
    'is taken as %s',
    (given) => {
      expect(teamIdOf(given)).toBe(TEAM)
    },
  )

  it.each([
    'fd7daf35-be29-49e4-9820-8b105cc55eca',
    '',
    `https://teams.microsoft.com/l/channel/${TEAM}/General`,
    `${TEAM};messageid=1`,
    '19:__proto__',
  ])('is not %s', (given) => {
    expect(() => teamIdOf(given)).toThrow("--teams must be a team's id such as 19:…@thread.tacv2")
  })
})
