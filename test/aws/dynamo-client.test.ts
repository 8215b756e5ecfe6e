import { createServer } from 'node:http'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { listen } from '../../infra/local/loopback.ts'
import { within } from '../../lib/aws/client-settings.ts'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import { Sha256 } from '../../lib/aws/node-hash.ts'
import { nodeTransport, type TransportRequest } from '../../lib/transport/transport.ts'
import { USER_AGENT } from '../../lib/transport/user-agent.ts'
import { textOf } from '../support/ledger/ledger.ts'

const region = 'eu-west-1'
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' }

/** What the request's own date and headers make of it, signed by nothing that is kept. */
async function signedAnew({ method, origin, path, headers, body }: TransportRequest): Promise<unknown> {
  const signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256 })
  const { protocol, hostname } = new URL(origin)
  const { authorization, ...rest } = headers
  const day =
    /^(....)(..)(..)T(..)(..)(..)Z$/
      .exec(headers['x-amz-date'] ?? '')
      ?.slice(1)
      .map(Number) ?? []
  const [year = 0, month = 0, date, hours, minutes, seconds] = day
  const signingDate = new Date(Date.UTC(year, month - 1, date, hours, minutes, seconds))
  const request = { method, protocol, hostname, path, query: {}, headers: rest, body }
  const signed = await signer.sign(request, { signingDate })
  return signed.headers['authorization']
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

it('each call of the ledger is signed for its own time, on the next day with the key of that day', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  vi.stubEnv('AWS_SESSION_TOKEN', '')
  const sent: TransportRequest[] = []
  const client = ledgerClient(async (request) => {
    sent.push(request)
    return { status: 200, headers: {}, body: Buffer.from('{}') }
  }, region)
  for (const now of ['2026-12-01T23:59:58Z', '2026-12-01T23:59:59Z', '2026-12-02T00:00:00Z']) {
    vi.useFakeTimers({ now: new Date(now), toFake: ['Date'] })
    await client.send(new GetItemCommand({ TableName: 'changes', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }))
  }
  expect(sent.map(({ headers }) => headers['x-amz-date'])).toEqual([
    '20261201T235958Z',
    '20261201T235959Z',
    '20261202T000000Z',
  ])
  const authorizations = sent.map(({ headers }) => headers['authorization'])
  expect(new Set(authorizations).size).toBe(3)
  expect(await Promise.all(sent.map(signedAnew))).toEqual(authorizations)
})

it('calls at once have each the time of their own answer, at every try', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  const given: string[] = []
  const client = ledgerClient(async (request) => {
    const { TableName } = JSON.parse(textOf(request))
    given.push(`${TableName} ${request.timeoutMs}`)
    const isFirst = given.filter((each) => each.startsWith(TableName)).length === 1
    return { status: isFirst ? 500 : 200, headers: {}, body: Buffer.from('{}') }
  }, region)
  const get = (by: typeof client, TableName: string) =>
    by.send(new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } }))
  const of = (remainingMs: number) => within(client, { remainingMs: () => remainingMs })
  await Promise.all([get(of(500), 'short'), get(client, 'free'), get(of(900), 'long'), get(of(-1), 'over')])
  expect(given.sort()).toEqual([
    'free 3000',
    'free 3000',
    'long 900',
    'long 900',
    'over 75',
    'over 75',
    'short 500',
    'short 500',
  ])
})

it('the gateway names itself to AWS, as to everybody else', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey)
  const agents: unknown[] = []
  const server = createServer(({ headers }, response) => {
    agents.push(headers['user-agent'], headers['x-amz-user-agent'])
    response.end('{}')
  })
  const url = await listen(server, 0)
  onTestFinished(() => void server.close())
  await ledgerClient(nodeTransport, region, url).send(
    new GetItemCommand({ TableName: 'changes', Key: { pk: { S: 'a' } } }),
  )
  server.closeAllConnections()
  expect(agents).toEqual([USER_AGENT, undefined])
})
