import { once } from 'node:events'
import { createServer, get, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { streamAnswer } from '../../../../infra/local/gateway/stream-answer.ts'
import { lambdaContext } from '../../../../infra/local/lambda-context.ts'
import type { StreamedHandler } from '../../../../lib/http/streamed.ts'

const HEAD = `${JSON.stringify({ statusCode: 200, headers: {} })}${'\0'.repeat(8)}`

/** Asks a server that answers by the function. @returns what came of handing the answer on. */
async function handedOn(handler: StreamedHandler, leavesAtFirstByte: boolean): Promise<unknown> {
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
    answer.once('data', () => leavesAtFirstByte && request.destroy())
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
    expect(await handedOn(failing(true), true)).toBe('nothing to tell')
  })

  it('is told where the function fails and somebody waits', async () => {
    expect(await handedOn(failing(false), false)).toEqual(new Error('no more of it'))
  })
})
