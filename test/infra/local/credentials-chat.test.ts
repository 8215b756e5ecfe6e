/** `npm run credentials -- --org local --slack` and `--teams`, as its own process against a stand-in for AWS. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startAws } from '../../../infra/local/aws/server.ts'
import { writeRunFile } from '../../../infra/local/run-file.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { slackBotToken, slackSigningSecrets, teamsKeys } from '../../../lib/credentials/chat-secrets.ts'
import { chatSecretNames } from '../../../lib/credentials/secret-names.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { command } from '../../support/command.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const aws = await startAws()
const names = chatSecretNames('local')
const directory = mkdtempSync(join(tmpdir(), 'credentials-'))
writeRunFile(directory, {
  gateway: 'http://127.0.0.1:4010',
  org: 'http://127.0.0.1:1',
  aws: aws.url,
  events: aws.url,
  ledger: 'http://127.0.0.1:1',
  key: aws.key,
  tokens: { viewer: 'canary', operator: 'canary', approver: 'canary' },
})
for (const name of Object.values(names)) aws.createSecret({ name })
beforeEach(() => {
  for (const name of Object.values(names)) aws.putSecret(name, '{}')
})
afterAll(async () => {
  await aws.close()
  rmSync(directory, { recursive: true })
})

const client = secretsClient(nodeTransport, 'us-east-1', aws.url)
const inForce = (secretId: string) => ({ client, secretId, clock: fakeClock() })
const signingSecrets = () => slackSigningSecrets(inForce(names.slackSigning)).read()
const botToken = () => slackBotToken(inForce(names.slackBot)).read()
const keys = () => teamsKeys(inForce(names.teamsKeys)).read()

const OLD_SECRET = 'ca4a71e0'.repeat(4)
const NEW_SECRET = 'ca4a71e1'.repeat(4)
const BOT = 'xoxb-0123456789-canary'
const TOKEN = Buffer.alloc(32, 7).toString('base64')
const OTHER_TOKEN = Buffer.alloc(32, 8).toString('base64')
const TEAM = '19:712c61d0ef384e5fa681ba90ca943398@thread.tacv2'
const local = ['--org', 'local', '--data', directory]

interface Ended {
  readonly code: number
  readonly lines: readonly string[]
  readonly stderr: string
}

/** Runs the command without a terminal, and looks for secrets in what it prints. */
async function credentials(
  args: readonly string[],
  variables: Record<string, string> = {},
  where = local,
): Promise<Ended> {
  const { code, stdout, stderr } = await command('infra/credentials/main.ts', [...where, ...args], variables)
  const ended = { code, lines: stdout.split('\n').slice(0, -1), stderr }
  const printed = [...ended.lines, ended.stderr].join('\n')
  const known = [OLD_SECRET, NEW_SECRET, BOT, TOKEN, OTHER_TOKEN, 'canary']
  for (const canary of [...known, ...Object.values(variables)]) expect(printed).not.toContain(canary)
  expect(ended.stderr).not.toMatch(/^ {4}at /m)
  return ended
}

describe('the credentials command with --slack', () => {
  it('puts the signing secret and the bot token where the functions read them', async () => {
    const variables = { SLACK_SIGNING_SECRET_VALUE: NEW_SECRET, SLACK_BOT_TOKEN_VALUE: BOT }
    expect(await credentials(['--slack'], variables)).toEqual({
      code: 0,
      lines: [
        'signing secret: put into genesys-license-gateway/local/slack-signing',
        'bot token: put into genesys-license-gateway/local/slack-bot-token',
        'done',
      ],
      stderr: '',
    })
    expect(await signingSecrets()).toEqual([NEW_SECRET])
    expect(await botToken()).toBe(BOT)
  })

  it('keeps the signing secret before it and says so, and leaves the token that it is not given', async () => {
    aws.putSecret(names.slackSigning, JSON.stringify({ current: OLD_SECRET }))
    aws.putSecret(names.slackBot, JSON.stringify({ token: BOT }))
    const ended = await credentials(['--slack'], { SLACK_SIGNING_SECRET_VALUE: NEW_SECRET })
    expect(ended.lines).toEqual([
      'signing secret: put into genesys-license-gateway/local/slack-signing',
      'signing secret: the one before it is accepted too, until you put this same one again',
      'done',
    ])
    expect(await signingSecrets()).toEqual([NEW_SECRET, OLD_SECRET])
    expect(await botToken()).toBe(BOT)
  })

  it('says in a sentence each what cannot be right, and puts nothing', async () => {
    const variables = {
      SLACK_SIGNING_SECRET_VALUE: `${NEW_SECRET}0`,
      SLACK_BOT_TOKEN_VALUE: 'xoxp-0123456789',
    }
    const { code, lines, stderr } = await credentials(['--slack'], variables)
    expect([code, lines]).toEqual([2, []])
    expect(stderr).toMatch(
      /^SLACK_SIGNING_SECRET_VALUE: A signing secret is 32 .*\nSLACK_BOT_TOKEN_VALUE: A bot token .*\n$/,
    )
    expect(await signingSecrets()).toEqual([])
  })

  it('overwrites nothing that it does not know, and says so without it', async () => {
    aws.putSecret(names.slackSigning, '{"signing_secret":"canary"}')
    const variables = { SLACK_SIGNING_SECRET_VALUE: NEW_SECRET, SLACK_BOT_TOKEN_VALUE: BOT }
    const { code, lines, stderr } = await credentials(['--slack'], variables)
    expect([code, lines]).toEqual([1, []])
    expect(stderr).toContain('holds something else than a JSON object { current, previous }')
    expect(await botToken()).toBeUndefined()
  })
})

describe('the credentials command with --teams', () => {
  it("puts the team's security token beside those of other teams, where the function reads it", async () => {
    aws.putSecret(names.teamsKeys, JSON.stringify({ '19:other@thread.tacv2': OTHER_TOKEN }))
    expect(await credentials(['--teams', TEAM], { TEAMS_SECURITY_TOKEN_VALUE: TOKEN })).toEqual({
      code: 0,
      lines: [`security token: put into genesys-license-gateway/local/teams-keys for ${TEAM}`, 'done'],
      stderr: '',
    })
    expect(await keys()).toEqual([
      { teamId: '19:other@thread.tacv2', key: OTHER_TOKEN },
      { teamId: TEAM, key: TOKEN },
    ])
  })

  it('says in a sentence that a token cannot be right', async () => {
    const ended = await credentials(['--teams', TEAM], { TEAMS_SECURITY_TOKEN_VALUE: 'Y2FuYXJ5' })
    expect([ended.code, ended.lines]).toEqual([2, []])
    expect(ended.stderr).toMatch(/^TEAMS_SECURITY_TOKEN_VALUE: A security token is base64/)
    expect(await keys()).toEqual([])
  })
})

describe('the credentials command for chat', () => {
  it.each([
    [
      'without a variable of Slack',
      ['--slack'],
      local,
      'one of these variables must be set: SLACK_SIGNING_SECRET_VALUE, SLACK_BOT_TOKEN_VALUE',
    ],
    [
      'without the variable of Teams',
      ['--teams', TEAM],
      local,
      'these variables must be set: TEAMS_SECURITY_TOKEN_VALUE',
    ],
    [
      "with a team's groupId",
      ['--teams', 'fd7daf35-be29-49e4-9820-8b105cc55eca'],
      local,
      'the groupId of a link',
    ],
    [
      'for an org without chat',
      ['--slack'],
      ['--org', 'example'],
      "The org file 'example' has no chat.slack",
    ],
    ['for both at once', ['--slack', '--teams', TEAM], local, 'are put one at a time'],
  ])('%s says what is wrong', async (_, args, where, sentence) => {
    const { code, lines, stderr } = await credentials(args, {}, where)
    expect([code, lines]).toEqual([2, []])
    expect(stderr).toContain(sentence)
  })
})
