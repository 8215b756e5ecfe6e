/** The page as it goes out: by the very function, through the gateway, over sockets. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { takePort } from '../../infra/local/gateway/server.ts'
import { provideStreaming } from '../../infra/local/streaming/response-stream.ts'
import { pageSite } from '../../lib/composition/doors/page-site.ts'
import { readEnvironment } from '../../lib/environment.ts'
import { lambdaContext } from '../support/events.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { takeLines } from '../support/lines.ts'
import { untilWaiting } from './files/asking.ts'

const HTML = `<!doctype html><title>Page</title><script type="module">run()</script>${'x'.repeat(200_000)}`
const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

interface Made {
  readonly html?: string
  readonly made?: object
}

/** A directory as the build leaves it, until the test ends. */
async function directoryOf({ html = HTML, made = {} }: Made = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'page-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const page = { etag: '"abc"', scriptHash: hashOf('run()'), styleHash: hashOf(''), ...made }
  await Promise.all([
    writeFile(join(directory, 'page.html'), html),
    writeFile(join(directory, 'page.html.br'), brotliCompressSync(html)),
    writeFile(join(directory, 'page.html.gz'), gzipSync(html)),
    writeFile(join(directory, 'page.json'), JSON.stringify(page)),
  ])
  return directory
}

type Variables = Readonly<Record<string, string>>

/** What its function is told, as the stack tells it. */
const told: Variables = {
  AWS_REGION: 'eu-west-1',
  GATEWAY_STACK: 'paged',
  GATEWAY_AUTH: 'jwt',
  GENESYS_REGION: 'eu_west_1',
  GENESYS_ORG_ID: '00000000-0000-4000-8000-000000000000',
  GENESYS_ORG_NAME: 'Dvořák & "Söhne"',
  JWT_ISSUER: 'https://login.example.com/tenant/v2.0',
  PAGE_CLIENT_ID: 'license-page',
  PAGE_SCOPES: '["openid","license:view"]',
}

function functionWith(variables: Variables, clock: FakeClock = fakeClock()) {
  provideStreaming()
  return pageSite(readEnvironment({ ...told, ...variables }), clock)
}

/** Starts a gateway with the page, until the test ends. @returns what asks it. */
async function asking(variables: Variables = {}, made: Made = {}) {
  const directory = await directoryOf(made)
  const handler = functionWith({ PAGE_DIRECTORY: directory, ...variables })
  const { url, close, open } = await takePort(0)
  onTestFinished(close)
  const unused = () => {
    throw new Error('no operation is asked here')
  }
  open({ now: Date.now, authorize: unused, functionOf: unused, page: async () => handler })
  return (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    answerOf(url, { path, headers, method })
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** As they came, unlike what fetch makes of them. */
async function answerOf(
  url: string,
  sent: {
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly method: string
  },
): Promise<Answer> {
  const asked = request(url, { ...sent, headers: { ...sent.headers } }).end()
  const [response] = await once(asked, 'response')
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) }
}

const textOf = ({ body }: Answer) => body.toString('utf8')

describe('GET /', () => {
  it('answers whoever asks with the page, whole, in the smallest form that they take', async () => {
    const ask = await asking()
    for (const [accepted, coding, decode] of [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip, deflate', 'gzip', gunzipSync],
      ['br;q=0.1, gzip;q=0.2', 'gzip', gunzipSync],
      ['br;q=0, *', 'gzip', gunzipSync],
      ['*', 'br', brotliDecompressSync],
      ['BR', 'br', brotliDecompressSync],
      ['identity', undefined, undefined],
      ['identity, gzip;q=0.5', undefined, undefined],
      ['deflate', undefined, undefined],
      ['', undefined, undefined],
      ['br;q=2, gzip;q=x', undefined, undefined],
      ['identity;q=0', undefined, undefined],
    ] as const) {
      const answer = await ask('/', { 'accept-encoding': accepted })
      expect([accepted, answer.status, answer.headers['content-encoding']]).toEqual([accepted, 200, coding])
      expect((decode ? decode(answer.body) : answer.body).toString('utf8') === HTML, accepted).toBe(true)
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        vary: 'accept-encoding',
      })
    }
    expect((await ask('/')).headers['content-encoding']).toBeUndefined()
  })

  it('lets the page run its one script and style and ask itself and the issuer, and nothing else', async () => {
    const ask = await asking({ PAGE_CONNECT: '["https://auth.example.com","https://login.example.com"]' })
    const { headers } = await ask('/')
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      `script-src '${hashOf('run()')}'`,
      `style-src '${hashOf('')}'`,
      'img-src data:',
      "connect-src 'self' https://login.example.com https://auth.example.com",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['permissions-policy']).toContain('camera=()')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('is kept and looked at anew each time: whoever has it is sent no byte of it again', async () => {
    const ask = await asking()
    const { headers } = await ask('/', { 'accept-encoding': 'br' })
    const etag = String(headers['etag'])
    expect([headers['cache-control'], etag]).toEqual(['no-cache', expect.stringMatching(/^W\/"[\w-]+"$/)])
    for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await ask('/', { 'if-none-match': known })
      expect([known, again.status, again.body.length]).toEqual([known, 304, 0])
      expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' })
    }
    for (const other of ['"other"', 'W/"abc"', etag.slice(0, -2)]) {
      expect((await ask('/', { 'if-none-match': other })).status).toBe(200)
    }
  })

  it('is another page where it may ask another host, since a browser would keep the policy of before', async () => {
    const [before, after] = await Promise.all([
      asking(),
      asking({ PAGE_CONNECT: '["https://b.example.com"]' }),
    ])
    expect((await before('/')).headers['etag']).not.toBe((await after('/')).headers['etag'])
  })

  it('comes with any query, which is how an issuer sends people back, and with the stage in front', async () => {
    const ask = await asking()
    const query = `?code=${'c'.repeat(2_000)}&state=s&iss=https%3A%2F%2Flogin.example.com`
    for (const path of ['/', `/${query}`, '/live/', '/live', `/live${query}`]) {
      expect([path, (await ask(path)).status]).toEqual([path, 200])
    }
    for (const [path, method] of [
      ['/', 'POST'],
      ['/', 'HEAD'],
      ['/page.html', 'GET'],
      ['/page.json', 'GET'],
      ['//', 'GET'],
      ['/livelier', 'GET'],
    ] as const) {
      expect([path, (await ask(path, {}, method)).status]).toEqual([path, 404])
    }
  })
})

describe('GET /config.json', () => {
  it('says where to sign in, and nothing more', async () => {
    const ask = await asking({ PAGE_AUDIENCE: 'gateway' })
    const answer = await ask('/config.json', { 'accept-encoding': 'br' })
    expect([answer.status, answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([
      200,
      'application/json; charset=utf-8',
      undefined,
    ])
    expect(JSON.parse(textOf(answer))).toEqual({
      org: 'Dvořák & "Söhne"',
      issuer: 'https://login.example.com/tenant/v2.0',
      clientId: 'license-page',
      scopes: ['openid', 'license:view'],
      audience: 'gateway',
    })
    const etag = String(answer.headers['etag'])
    expect((await ask('/config.json', { 'if-none-match': etag })).status).toBe(304)
    expect(Object.keys(JSON.parse(textOf(await (await asking())('/config.json'))))).not.toContain('audience')
  })
})

describe('a page that is not there', () => {
  it.each([
    ['with a hash that would end the policy', { made: { scriptHash: "sha256-x'; script-src *" } }],
    ['without a tag', { made: { etag: undefined } }],
  ])('%s is not served', async (_what, made) => {
    const ask = await asking({}, made)
    expect((await ask('/')).status).toBe(502)
    expect((await ask('/config.json')).status).toBe(200)
  })

  it('or was built later is there from then on', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'page-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const ask = await asking({ PAGE_DIRECTORY: join(directory, 'none') })
    expect((await ask('/')).status).toBe(502)
    await rm(directory, { recursive: true })
    await cp(await directoryOf(), join(directory, 'none'), { recursive: true })
    expect((await ask('/')).status).toBe(200)
  })
})

it.each([
  [{ JWT_ISSUER: '' }, 'JWT_ISSUER must be set'],
  [{ JWT_ISSUER: 'login' }, "JWT_ISSUER must have URLs of hosts, not 'login'"],
  [{ JWT_ISSUER: 'data:,x' }, "JWT_ISSUER must have URLs of hosts, not 'data:,x'"],
  [{ JWT_ISSUER: 'https://a.example.com;x/' }, 'JWT_ISSUER must have URLs of hosts'],
  [{ PAGE_CONNECT: '["*"]' }, "PAGE_CONNECT must have URLs of hosts, not '*'"],
  [{ PAGE_CONNECT: 'https://a.example.com' }, 'PAGE_CONNECT must be a JSON list of texts'],
  [{ PAGE_SCOPES: '[1]' }, 'PAGE_SCOPES must be a JSON list of texts'],
  [{ PAGE_CLIENT_ID: '' }, 'PAGE_CLIENT_ID must be set'],
  [{ PAGE_DIRECTORY: '' }, 'LAMBDA_TASK_ROOT must be set'],
])('a setting that cannot be right stops the function with its name: %j', (variables, fault) => {
  expect(() => functionWith({ PAGE_DIRECTORY: '/none', ...variables })).toThrow(fault)
})

describe('whoever takes no more of it', () => {
  /** What nobody reads. */
  class Silent extends Writable {
    override _write(): void {}
  }

  it('is waited for half a minute, and is no fault of the function: it is counted, so that no alarm rings', async () => {
    const lines = takeLines()
    const clock = fakeClock()
    const handler = functionWith({ PAGE_DIRECTORY: await directoryOf() }, clock)
    const stream = Object.assign(new Silent({ highWaterMark: 1 }), { setContentType: () => {} })
    const event = {
      httpMethod: 'GET',
      resource: '/',
      requestContext: { requestId: 'request-1' },
      queryStringParameters: { code: 'authorization-code' },
    }
    const ended = handler(event, stream, lambdaContext(120_000))
    const rejection = expect(ended).rejects.toThrow('takes no more of its answer')
    clock.advance(await untilWaiting(clock))
    await rejection
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'WARN',
        code: 'page.abandoned',
        requestId: 'request-1',
        path: '/',
        taking: 'stalled',
        AnswersAbandoned: 1,
      }),
    ])
    expect(lines.join()).not.toContain('authorization-code')
  })
})
