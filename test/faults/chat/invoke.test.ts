/** How run-command is invoked, and what becomes of it where Lambda, or the way to it, fails. Over real sockets. */
import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type InvokerOptions, invoker } from '../../../lib/aws/invoke-function.ts'
import { invokeRequest } from '../../../lib/aws/sign-invoke.ts'
import type { Queued } from '../../../lib/chat/webhook/read-queued.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import { startServer } from '../../support/servers.ts'

const queued: Queued = {
  platform: 'teams',
  deliveryId: 'teams-0123456789abcdefghjk',
  rawBody: 'e30=',
  authorization: 'HMAC x',
  receivedAtMs: 1_795_510_800_437,
}

beforeAll(() => {})

interface Asked extends Pick<IncomingMessage, 'method' | 'url' | 'headers'> {
  readonly body: string
}

/** A stand-in for Lambda that counts and keeps what it was asked. */
async function lambda(answer: RequestListener, options: Partial<InvokerOptions> = {}) {
  const asked: Asked[] = []
  const endpoint = await startServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url, headers } = request
    asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
    answer(request, response)
  })
  return { asked, endpoint, invoke: invokerAt(endpoint, options) }
}

function invokerAt(endpoint: string, options: Partial<InvokerOptions> = {}) {
  const where = { region: 'eu-west-1', endpoint, functionName: 'run-command' }
  return invoker({ transport: nodeTransport, ...where, ...options })
}

const answering =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }

/** Longer than an answer of this machine to itself takes. */
const PATIENT_MS = 10_000

describe('the invocation of run-command', () => {
  it('hands it the delivery, waits for its end and gives what it returned (M01)', async () => {
    const { asked, invoke } = await lambda(answering(200, '{"reply":{"type":"message","text":"café"}}'))
    const invocation = await invoke(queued, PATIENT_MS)
    expect(invocation).toEqual({ kind: 'ended', returned: { reply: { type: 'message', text: 'café' } } })
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/2015-03-31/functions/run-command/invocations',
        headers: { 'x-amz-invocation-type': 'RequestResponse' },
      },
    ])
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual(queued)
  })

  it('goes on where the wait ends first, and is not begun again (M12)', async () => {
    const { asked, invoke } = await lambda(() => {})
    expect(await invoke(queued, 500)).toEqual({ kind: 'late' })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['throttles', 429, 'TooManyRequestsException'],
    ['refuses', 403, 'AccessDeniedException'],
    ['does not know it', 404, 'ResourceNotFoundException'],
    ['has no room', 500, 'ServiceException'],
  ])('never began where Lambda %s, and is not asked for again', async (_name, status, type) => {
    const { asked, invoke } = await lambda(answering(status, '{}', { 'x-amzn-errortype': type }))
    expect(await invoke(queued, PATIENT_MS)).toMatchObject({ kind: 'never.began', error: { name: type } })
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['AccessDeniedException', '{"Message":"not yours"}', 'Lambda answered 403: not yours'],
    ['AccessDeniedException:http://internal.amazon.com/', '{"message":"no"}', 'Lambda answered 403: no'],
    ['com.amazonaws.lambda#AccessDeniedException', '[]', 'Lambda answered 403: it gave no reason'],
  ])('tells what Lambda refused it with: %s %s', async (type, body, message) => {
    const { invoke } = await lambda(answering(403, body, { 'x-amzn-errortype': type }))
    expect(await invoke(queued, PATIENT_MS)).toMatchObject({
      kind: 'never.began',
      error: { name: 'AccessDeniedException', message },
    })
  })

  it('never began where nobody listens', async () => {
    const invocation = await invokerAt('http://127.0.0.1:1')(queued, PATIENT_MS)
    expect(invocation).toMatchObject({
      kind: 'never.began',
      error: { message: 'invoking run-command failed', cause: { fault: 'unreachable' } },
    })
  })

  it('never began where there are no credentials to sign it with', async () => {
    const { asked, endpoint } = await lambda(answering(200, '{}'))
    const invoke = invokerAt(endpoint, { credentials: () => Promise.reject(new Error('none')) })
    expect(await invoke(queued, PATIENT_MS)).toMatchObject({
      kind: 'never.began',
      error: { cause: { message: 'none' } },
    })
    expect(asked).toEqual([])
  })

  it('broke off where it failed, which says nothing of what it had done', async () => {
    const failed = answering(200, '{"errorMessage":"canary"}', { 'x-amz-function-error': 'Unhandled' })
    const { asked, invoke } = await lambda(failed)
    const invocation = await invoke(queued, PATIENT_MS)
    expect(invocation).toMatchObject({
      kind: 'broken.off',
      error: { message: 'run-command failed: Unhandled' },
    })
    expect(JSON.stringify(invocation)).not.toContain('canary')
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['ends without an answer', (request: Parameters<RequestListener>[0]) => request.socket.destroy()],
    ['answers what is no JSON', answering(200, '<html>')],
    ['answers with nothing', answering(200, '')],
    ['has something before Lambda that answers', answering(502, '<html>')],
  ] as [string, RequestListener][])('broke off where the connection %s', async (_name, listener) => {
    const { asked, invoke } = await lambda(listener)
    expect(await invoke(queued, PATIENT_MS)).toMatchObject({ kind: 'broken.off' })
    expect(asked).toHaveLength(1)
  })
})

/** AWS's documented example key. */
const example = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:run-command'

describe('the request to Lambda', () => {
  // The paths are what @aws-sdk/client-lambda 3.1162.0 sent, the signatures what botocore 1.43.11 made of the same.
  it.each([
    [
      'run-command',
      example,
      '/2015-03-31/functions/run-command/invocations',
      'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-invocation-type',
      '24a00d8dfbc681571cf13af007f8dc6b57ec35a0aea411364eb5bcddfa86d52d',
    ],
    [
      arn,
      { ...example, sessionToken: 'token' },
      '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Arun-command/invocations',
      'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-invocation-type;x-amz-security-token',
      'a7f64cae1d2d57e517077a761579f796edd8df95ca403f53b693eae186648581',
    ],
  ])(
    'is signed for %s as AWS wants it',
    async (functionName, credentials, path, signedHeaders, signature) => {
      const signing = { credentials: async () => credentials, signedAt: new Date('2026-11-24T09:00:00.437Z') }
      const where = { region: 'eu-west-1', endpoint: undefined, functionName }
      const { headers, ...request } = await invokeRequest(where, '{"text":"café"}', signing)
      expect(request).toEqual({
        method: 'POST',
        origin: 'https://lambda.eu-west-1.amazonaws.com',
        path,
        body: '{"text":"café"}',
      })
      const scope = 'AKIDEXAMPLE/20261124/eu-west-1/lambda/aws4_request'
      expect(headers).toEqual({
        host: 'lambda.eu-west-1.amazonaws.com',
        'content-type': 'application/octet-stream',
        'x-amz-invocation-type': 'RequestResponse',
        'x-amz-date': '20261124T090000Z',
        'x-amz-content-sha256': 'fddf2a5f8e88ebba1f1d753f3f1007780a7cf5af7e7ec350f8fb8af70fdc53d6',
        ...('sessionToken' in credentials ? { 'x-amz-security-token': 'token' } : {}),
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
      })
    },
  )

  it.each(['run-command', arn, `${arn}:$LATEST`])('arrives for %s as it was signed', async (functionName) => {
    const { asked, invoke } = await lambda(answering(200, '{}'), { functionName })
    await invoke({ ...queued, rawBody: 'é' }, PATIENT_MS)
    const [request] = asked
    if (!request) throw new Error('Lambda was not asked')
    const { authorization = '', host, 'x-amz-date': date } = request.headers
    expect(authorization.split('Signature=')[1]).toBe(signatureOf(request, 'local'))
    expect(authorization).toContain(
      `Credential=local/${String(date).slice(0, 8)}/eu-west-1/lambda/aws4_request,`,
    )
    expect(host).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('goes where the region has its Lambda', async () => {
    const signing = { credentials: async () => example, signedAt: new Date(0) }
    const originIn = async (region: string) => {
      const where = { region, endpoint: undefined, functionName: 'run-command' }
      return (await invokeRequest(where, '{}', signing)).origin
    }
    expect(await originIn('us-gov-west-1')).toBe('https://lambda.us-gov-west-1.amazonaws.com')
    expect(await originIn('cn-north-1')).toBe('https://lambda.cn-north-1.amazonaws.com.cn')
    expect(await originIn('eusc-de-east-1')).toBe('https://lambda.eusc-de-east-1.amazonaws.eu')
  })

  it('has the trace of the invocation that it is made in, which goes on in run-command', async () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1'
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'teams')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { asked, invoke } = await lambda(answering(200, '{}'))
    await invoke(queued, PATIENT_MS)
    vi.stubEnv('_X_AMZN_TRACE_ID', trace)
    await invoke(queued, PATIENT_MS)
    expect(asked.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([undefined, trace])
  })
})

/** What AWS makes of a request as it arrives ("Create a signed AWS API request", AWS IAM User Guide). */
function signatureOf({ method, url = '', headers, body }: Asked, secretKey: string): string {
  const [, day = '', region = '', names = ''] =
    /\/(\d{8})\/([^/]+)\/lambda\/aws4_request, SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? []
  // Encoded a second time.
  const path = url.split('/').map(encodeURIComponent).join('/')
  const lines = names.split(';').map((name) => `${name}:${headers[name]}`)
  const canonical = [method, path, '', ...lines, '', names, sha256(body)].join('\n')
  const scope = `${day}/${region}/lambda/aws4_request`
  const key = [region, 'lambda', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretKey}`, day))
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  return hmac(key, toSign).toString('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
