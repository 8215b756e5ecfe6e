/** Whom the laptop's servers answer: each of them, and the ways that a browser can be led to them. */
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { bearerOf, newAccessKey } from '../../../infra/local/aws/access-key.ts'
import { secretNames } from '../../../lib/credentials/secret-names.ts'
import { gatewayForTests } from '../../support/gateway.ts'

// As npm start makes one.
const stack = await gatewayForTests({ key: newAccessKey() })
const dynamoUrl = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? ''
const chatUrl = process.env['CHAT_LOOPBACK_ORIGIN'] ?? ''

interface Asked {
  readonly method?: string
  /** As it stands in the request line. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The bytes that a browser or a program would send, the Host header included. */
function ask(url: string, { method = 'GET', target, headers = {} }: Asked) {
  const { hostname, port, host } = new URL(url)
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const outgoing = request({ hostname, port, method, path: target, headers: { Host: host, ...headers } })
      outgoing.on('error', reject)
      outgoing.on('response', async (response) => {
        const text = Buffer.concat(await response.toArray()).toString()
        resolve({ status: response.statusCode, headers: response.headers, text })
      })
      outgoing.end()
    },
  )
}

const key = stack.aws.key
const signed = { authorization: bearerOf(key) }

/** A request of each server that it answers, by 200. */
const servers: readonly (readonly [string, string, Asked])[] = [
  ['the gateway', stack.gateway, { target: '/__chat/members' }],
  [
    'the API',
    stack.gateway,
    { target: '/v1/openapi.json', headers: { authorization: `Bearer ${stack.tokens.viewer}` } },
  ],
  ['the org', stack.orgUrl, { target: '/__org/clients' }],
  ['the stand-in for AWS', stack.aws.url, { target: '/__aws/requests', headers: signed }],
  ['DynamoDB', dynamoUrl, { target: '/', headers: signed }],
  [
    'the stand-in for Slack and Teams',
    chatUrl,
    { target: '/api/users.info?user=U', headers: { authorization: 'Bearer xoxb' } },
  ],
]

describe.each(servers)('%s', (_name, url, asked) => {
  const { host, port } = new URL(url)
  const withHeaders = (headers: Readonly<Record<string, string>>) =>
    ask(url, { ...asked, headers: { ...asked.headers, ...headers } })

  it('answers programs and its own pages on this machine, and allows no other origin', async () => {
    for (const headers of [
      {},
      { Host: `localhost:${port}` },
      { Host: `[::1]:${port}` },
      { Origin: `http://${host}` },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'same-origin', Origin: `http://${host}` },
    ]) {
      const answer = await withHeaders(headers)
      expect([headers, answer.status]).toEqual([headers, 200])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it.each([
    ['another name that leads here', { Host: `evil.test:${port}` }],
    ['a name that begins like one', { Host: `127.0.0.1.evil.test:${port}` }],
    ['another port', { Host: '127.0.0.1:1' }],
    ['no port', { Host: '127.0.0.1' }],
    ['a name with a user', { Host: `127.0.0.1:${port}@evil.test` }],
    ['a page of another site', { Origin: 'http://evil.test' }],
    ['a page of another port', { Origin: 'http://127.0.0.1:1' }],
    ['a page of this machine under another name of it', { Origin: `http://localhost:${port}` }],
    ['a page over TLS', { Origin: `https://${host}` }],
    ['a page that has no origin', { Origin: 'null' }],
    ['a page that is of the same site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a page that hides its origin', { 'Sec-Fetch-Site': 'cross-site' }],
  ])('does not answer %s', async (_from, headers) => {
    const answer = await withHeaders(headers)
    expect(answer).toMatchObject({ status: 403, headers: { connection: 'close' } })
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'not.from.here', message: expect.any(String) })
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('does not answer what asks first whether it may (CORS), nor another name in the request line', async () => {
    const preflight = { Origin: 'http://evil.test', 'Access-Control-Request-Method': 'POST' }
    expect(await ask(url, { method: 'OPTIONS', target: '/', headers: preflight })).toMatchObject({
      status: 403,
    })
    const target = `http://evil.test:${port}${asked.target}`
    expect(await ask(url, { ...asked, target })).toMatchObject({ status: 403 })
  })
})

describe('the stand-in for AWS', () => {
  const at = (credentials: typeof key) => {
    const settings = { region: 'us-east-1', credentials, maxAttempts: 1 }
    const secrets = new SecretsManagerClient({ ...settings, endpoint: stack.aws.url })
    const dynamo = new DynamoDBClient({ ...settings, endpoint: dynamoUrl })
    const SecretId = secretNames('local').readClient
    return {
      secret: () => secrets.send(new GetSecretValueCommand({ SecretId })),
      tables: () => dynamo.send(new ListTablesCommand({})),
    }
  }

  it('hands a secret and a table to whoever has the key of this run', async () => {
    expect(await at(key).secret()).toMatchObject({ SecretString: expect.stringContaining('clientSecret') })
    expect(await at(key).tables()).toMatchObject({ TableNames: ['ledger'] })
  })

  it('makes another key for each run than any that is written down', () => {
    expect(key.accessKeyId).toMatch(/^LOCAL[0-9A-F]{32}$/)
    expect(key.secretAccessKey.length).toBeGreaterThan(30)
  })

  it('refuses any other key as AWS does', async () => {
    const other = at({ accessKeyId: 'local', secretAccessKey: 'local' })
    const refusal = {
      name: 'UnrecognizedClientException',
      message: expect.stringMatching(/^The security token included in the request is invalid/),
      $metadata: { httpStatusCode: 400 },
    }
    await expect(other.secret()).rejects.toMatchObject(refusal)
    await expect(other.tables()).rejects.toMatchObject(refusal)
  })

  it.each([
    ['a secret', 'POST', '/', { 'x-amz-target': 'secretsmanager.GetSecretValue' }, 400],
    ['a schedule', 'GET', '/schedules/one?groupName=g', {}, 403],
    ['a function', 'POST', '/2015-03-31/functions/run-command/invocations', {}, 403],
    ['the clock', 'POST', '/__aws/clock', {}, 403],
    ['the list of events', 'GET', '/__aws/events', {}, 403],
  ] as const)(
    'refuses %s to whoever has no key or another',
    async (_what, method, target, headers, status) => {
      for (const authorization of [
        undefined,
        'Bearer x',
        `Bearer ${key.accessKeyId}x`,
        'AWS4-HMAC-SHA256 Credential=',
      ]) {
        const answer = await ask(stack.aws.url, {
          method,
          target,
          headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
        })
        expect([authorization, answer.status]).toEqual([authorization, status])
        expect(answer.headers['x-amzn-errortype']).toBe(
          authorization === undefined ? 'MissingAuthenticationTokenException' : 'UnrecognizedClientException',
        )
      }
    },
  )

  it('refuses the ledger to whoever has no key', async () => {
    const answer = await ask(dynamoUrl, { method: 'POST', target: '/' })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
    })
  })

  it('is asked by the functions with the key alone', () => {
    expect(process.env).toMatchObject({
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
    })
  })
})

describe('the laptop', () => {
  it('has one way to listen', () => {
    const folder = join(import.meta.dirname, '../../../infra/local')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    expect(files.length).toBeGreaterThan(80)
    const listening = files.filter((name) =>
      /\bcreateServer\b|\.listen\(|\blisten\(/.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect(listening).toEqual(['loopback.ts'])
  })
})
