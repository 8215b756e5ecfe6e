/** The secrets of chat when they are missing, broken, made anew, or out of reach. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { LocalAws } from '../../../infra/local/aws/server.ts'
import { secretsClient } from '../../../lib/aws/secrets-client.ts'
import { slackBotToken, slackSigningSecrets, teamsKeys } from '../../../lib/credentials/chat-secrets.ts'
import { CredentialsError } from '../../../lib/credentials/credentials-error.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { awsForTest, REGION } from '../../events/aws.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const MINUTE_MS = 60_000

let aws: LocalAws
let secretId: string
const clock = fakeClock()

beforeEach(async () => {
  aws = await awsForTest()
  secretId = aws.createSecret({ name: 'chat', value: '{}' }).arn
})

const options = () => ({ client: secretsClient(nodeTransport, REGION, aws.url), secretId, clock })
const put = (value: unknown) => aws.putSecret('chat', JSON.stringify(value))
const reads = () => aws.requests().filter(({ action }) => action === 'GetSecretValue').length

describe('the secrets of chat', () => {
  it('hold nothing before the operator puts something, with which nobody is let in', async () => {
    expect(await slackSigningSecrets(options()).read()).toEqual([])
    expect(await slackBotToken(options()).read()).toBeUndefined()
    expect(await teamsKeys(options()).read()).toEqual([])
  })

  it('hold one or two signing secrets, a bot token, and keys by team', async () => {
    put({ current: 'new' })
    expect(await slackSigningSecrets(options()).read()).toEqual(['new'])
    put({ current: 'new', previous: 'old' })
    expect(await slackSigningSecrets(options()).read()).toEqual(['new', 'old'])
    put({ token: 'xoxb-1' })
    expect(await slackBotToken(options()).read()).toBe('xoxb-1')
    put({ a: 'key of a', b: ['new key of b', 'old key of b'] })
    expect(await teamsKeys(options()).read()).toEqual([
      { teamId: 'a', key: 'key of a' },
      { teamId: 'b', key: 'new key of b' },
      { teamId: 'b', key: 'old key of b' },
    ])
  })

  it.each([
    '',
    'canary',
    '"canary"',
    '["canary"]',
    'null',
    '{"current":""}',
    '{"current":7}',
    '{"secret":"canary"}',
  ])('that hold %j are of no use, and the error does not quote them', async (value) => {
    aws.putSecret('chat', value)
    const failure = await slackSigningSecrets(options())
      .read()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CredentialsError)
    const { message, cause } = failure as CredentialsError
    expect(message).toContain(`${secretId} must hold a JSON object: { current, previous }`)
    expect(`${message} ${cause}`).not.toContain('canary')
  })

  it('serve five minutes, and what the operator took away not a minute longer (L28)', async () => {
    put({ current: 'old' })
    const secret = slackSigningSecrets(options())
    await secret.read()
    put({ current: 'new' })
    clock.advance(5 * MINUTE_MS)
    expect(await secret.read()).toEqual(['old'])
    expect(reads()).toBe(1)
    clock.advance(1)
    expect(await secret.read()).toEqual(['new'])
    expect(reads()).toBe(2)
  })

  it('are read anew where a proof fits none of them, but no more often than is asked (L28)', async () => {
    put({ current: 'old' })
    const secret = slackSigningSecrets(options())
    const known = await secret.read()
    put({ current: 'new' })
    expect(await secret.read(30_000)).toBe(known)
    clock.advance(30_001)
    expect(await secret.read(30_000)).toEqual(['new'])
  })

  it('serve an hour where Secrets Manager does not answer, and then no more', async () => {
    put({ current: 'known' })
    const secret = slackSigningSecrets(options())
    await secret.read()
    aws.fail('GetSecretValue', { type: 'AccessDeniedException', times: 2 })
    clock.advance(60 * MINUTE_MS)
    expect(await secret.read()).toEqual(['known'])
    clock.advance(1)
    await expect(secret.read()).rejects.toThrow(CredentialsError)
  })

  it('that were broken meanwhile do not serve on', async () => {
    put({ current: 'known' })
    const secret = slackSigningSecrets(options())
    await secret.read()
    put({ current: [] })
    clock.advance(6 * MINUTE_MS)
    await expect(secret.read()).rejects.toThrow(CredentialsError)
  })
})
