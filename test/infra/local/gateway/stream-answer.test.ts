import { once } from 'node:events'
import { type ClientRequest, createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { streamAnswer } from '../../../../infra/local/gateway/stream-answer.ts'
import { lambdaContext } from '../../../../infra/local/lambda-context.ts'
import type { StreamedHandler } from '../../../../lib/http/streamed.ts'

const HEAD = `${JSON.stringify({ statusCode: 200, headers: {} })}${'\0'.repeat(8)}`

/** Asks a server that answers by the function. @returns what came of handing the answer on. */
async function handedOn(
  handler: StreamedHandler,
  atFirstByte?: (request: ClientRequest) => void,
): Promise<unknown> {
  const outcome = Promise.withResolvers<unknown>()
  const server = createServer((_request, response: ServerResponse) => {
    response.on('error', () => response.destroy())
    streamAnswer(handler, {}, lambdaContext('a-function'), response)
      .then(() => outcome.resolve('nothing to tell'))
      .catch((error: unknown) => outcome.resolve(error))
      .finally(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const request = get({ host: '127.0.0.1', port, agent: false }, (answer) => {
    answer.on('error', () => {})
    answer.once('data', () => atFirstByte?.(request))
  })
  request.on('error', () => {})
  const found = await outcome.promise
  server.close()
  return found
}

/** Writes the first byte, and fails once its stream is closed, or at once. */
function failing(isLeftFirst: boolean): StreamedHandler {
  return async (_event, stream) => {
    stream.on('error', () => {})
    stream.setContentType('application/vnd.awslambda.http-integration-response')
    stream.write(`${HEAD}first`)
    if (isLeftFirst) await once(stream, 'close')
    throw new Error('no more of it')
  }
}

describe('an answer that streams', () => {
  it('is nobody’s trouble where whoever asked has gone away', async () => {
    expect(await handedOn(failing(true), (request) => request.destroy())).toBe('nothing to tell')
  })

  it('is nobody’s trouble either where that shows first in that its end cannot be written', async () => {
    const left = Promise.withResolvers<void>()
    const ending: StreamedHandler = async (_event, stream) => {
      stream.on('error', () => {})
      stream.setContentType('application/vnd.awslambda.http-integration-response')
      stream.write(`${HEAD}first`)
      await left.promise
      stream.end()
      await once(stream, 'close')
    }
    // At once, so that nothing has looked at the connection before that.
    const leave = (request: ClientRequest) => {
      request.socket?.resetAndDestroy()
      left.resolve()
    }
    expect(await handedOn(ending, leave)).toBe('nothing to tell')
  })

  it('is told where the function fails and somebody waits', async () => {
    expect(await handedOn(failing(false))).toEqual(new Error('no more of it'))
  })
})
