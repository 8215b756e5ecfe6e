/** The bundles as a Lambda has them: required by a plain Node, with nothing of the repository around. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BuiltFunction, build } from '../../infra/build.ts'
import { functionNameOf } from '../../infra/constructs/names.ts'
import { type LocalAws, startAws } from '../../infra/local/aws/server.ts'
import { type Org, startOrg } from '../../infra/local/org/server.ts'
import { operations } from '../../lib/operations/index.ts'
import { proxyEvent } from '../bench/proxy-event.ts'

const run = promisify(execFile)

/** The largest a read's bundle may be, minified, bytes. */
const MAX_READ_BYTES = 220_000

let scratch: string
let built: readonly BuiltFunction[]
let org: Org
let aws: LocalAws
let env: Record<string, string>

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-bundle-'))
  built = await build({ outDir: scratch, print: () => {} })
  org = await startOrg({ users: 3 })
  aws = await startAws()
  const secret = (name: string, value: unknown) =>
    aws.createSecret({ name, rotation: true, value: JSON.stringify(value) }).arn
  const { clientId, clientSecret } = org.clients.reader
  env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    GATEWAY_STACK: 'bundle',
    GATEWAY_AUTH: 'iam',
    GENESYS_REGION: 'us_east_1',
    GENESYS_API_URL: org.url,
    GENESYS_LOGIN_URL: org.url,
    GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
    GENESYS_ORG_NAME: 'Bundle',
    READ_TOKEN_SECRET: secret('read-token', await tokenOf(clientId, clientSecret)),
    WRITE_TOKEN_SECRET: secret('write-token', {}),
    READ_CLIENT_SECRET: secret('read-client', { clientId, clientSecret }),
    WRITE_CLIENT_SECRET: secret('write-client', {}),
    JWT_ISSUER: 'https://login.example.com/',
    JWT_AUDIENCE: 'gateway',
    JWT_ROLE_CLAIM: 'scope',
    JWT_ROLES: '{}',
  }
}, 60_000)

afterAll(async () => {
  await Promise.all([org.close(), aws.close()])
  await rm(scratch, { recursive: true, force: true })
})

async function tokenOf(clientId: string, clientSecret: string) {
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

/** The answer of one function's bundle to one event, in a process of its own. */
async function answerOf(name: string, event: unknown, variables = env) {
  const directory = built.find((each) => each.name === name)?.directory
  const answer = await printed(
    `require(${JSON.stringify(directory)})
      .handler(${JSON.stringify(event)}, { awsRequestId: 'x', getRemainingTimeInMillis: () => 30000 })
      .then((answer) => { console.log(JSON.stringify(answer)); process.exit() })`,
    variables,
  )
  return answer as { readonly statusCode: number; readonly body: string }
}

const userEvent = () =>
  proxyEvent('GET', '/api/v2/license/users/{userId}', { userId: org.people(1)[0]?.id ?? '' })

describe('a bundle', () => {
  it('of a read is no larger than its cold start allows', () => {
    const reads = new Set(operations.filter(({ effect }) => effect === 'read').map(functionNameOf))
    const sizes = built.filter(({ name }) => reads.has(name))
    expect(sizes).toHaveLength(reads.size)
    for (const { name, bytes } of sizes) expect(bytes, name).toBeLessThanOrEqual(MAX_READ_BYTES)
  })

  it("has nothing of the laptop's, no second HTTP stack, no file of settings, and no ledger", async () => {
    const carried = /__org|__aws\/|undici|DynamoDB_2012|\.aws\/(config|credentials)|fs\/promises/i
    const fetching = /[^.\w$]fetch\(/
    for (const { name, directory } of built) {
      const code = await readFile(join(directory, 'index.js'), 'utf8')
      expect(carried.exec(code)?.[0], name).toBeUndefined()
      // The authorizer's library has a method of that name.
      if (name !== 'authorize') expect(fetching.exec(code)?.[0], name).toBeUndefined()
    }
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
