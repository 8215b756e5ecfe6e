/** What becomes of run-command's invocation where Lambda, or the way to it, fails. Over real sockets. */
import type { RequestListener } from 'node:http'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Queued } from '../../lib/chat/queued.ts'
import { invoker } from '../../lib/composition/chat-invoker.ts'
import { nodeTransport } from '../../lib/genesys/transport.ts'
import { startServer } from '../support/servers.ts'

const queued: Queued = {
  platform: 'teams',
  deliveryId: 'teams-0123456789abcdefghjk',
  rawBody: 'e30=',
  authorization: 'HMAC x',
  receivedAtMs: 1_795_510_800_437,
}

beforeAll(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_PROFILE: '' })
})

/** A stand-in for Lambda that counts and keeps what it was asked. */
async function lambda(answer: RequestListener) {
  const asked: { readonly url: string | undefined; readonly type: unknown; readonly body: unknown }[] = []
  const endpoint = await startServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    asked.push({ url: request.url, type: request.headers['x-amz-invocation-type'], body })
    answer(request, response)
  })
  return { asked, invoke: invokerAt(endpoint) }
}

function invokerAt(endpoint: string) {
  return invoker({ transport: nodeTransport, region: 'eu-west-1', endpoint, functionName: 'run-command' })
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
    expect(asked).toEqual([
      { url: '/2015-03-31/functions/run-command/invocations', type: 'RequestResponse', body: queued },
    ])
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

  it('never began where nobody listens', async () => {
    const invocation = await invokerAt('http://127.0.0.1:1')(queued, PATIENT_MS)
    expect(invocation).toMatchObject({ kind: 'never.began', error: expect.any(Error) })
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
  ] as [string, RequestListener][])('broke off where the connection %s', async (_name, listener) => {
    const { asked, invoke } = await lambda(listener)
    expect(await invoke(queued, PATIENT_MS)).toMatchObject({ kind: 'broken.off' })
    expect(asked).toHaveLength(1)
  })
})
