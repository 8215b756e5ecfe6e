/**
 * How Lambda's runtime streams an answer (Lambda Developer Guide, "Building a custom runtime", response streaming): one
 * request to the Runtime API whose body goes out as the function writes it, and trailers where it fails after that. As
 * AWS's own for Node.js has it (aws-lambda-nodejs-runtime-interface-client 3.1.0), a handler that streams is known by a
 * symbol, and takes three parameters where others may not.
 */
import http from 'node:http'

/** What AWS's own marks a handler with. */
const STREAMS = Symbol.for('aws.lambda.runtime.handler.streaming')
const ERROR_TYPE = 'Lambda-Runtime-Function-Error-Type'
const ERROR_BODY = 'Lambda-Runtime-Function-Error-Body'

/** Of the delimiter between status with headers and the body. */
const DELIMITER_BYTES = 8

interface Streaming extends http.ClientRequest {
  setContentType(type: string): void
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void
}

/** Puts `awslambda` into the process, before the function is loaded. */
export function provideStreaming(): void {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMS]: 'response' }),
      HttpResponseStream: {
        from(stream: Streaming, prelude: unknown): Streaming {
          stream.setContentType('application/vnd.awslambda.http-integration-response')
          stream._onBeforeFirstWrite = (write) => {
            write(JSON.stringify(prelude))
            write(new Uint8Array(DELIMITER_BYTES))
          }
          return stream
        },
      },
    },
  })
}

export function isStreamed(handler: object): boolean {
  return STREAMS in handler
}

/**
 * @param run invokes the handler with the stream.
 * @returns when the Runtime API has all of it. @throws what the handler threw before it wrote anything.
 */
export async function streamAnswer(
  target: http.RequestOptions,
  run: (stream: http.ClientRequest) => Promise<unknown>,
): Promise<void> {
  let hasWritten = false
  const taken = Promise.withResolvers<void>()
  const request = http.request({
    ...target,
    method: 'POST',
    headers: {
      ...target.headers,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: [ERROR_TYPE, ERROR_BODY],
      'Content-Type': 'application/octet-stream',
    },
  })
  request.on('error', taken.reject)
  request.on('response', (response) => response.resume().on('end', taken.resolve))
  const write = request.write.bind(request)
  const stream: Streaming = Object.assign(request, {
    setContentType: (type: string) => void request.setHeader('Content-Type', type),
    write(chunk: string | Uint8Array): boolean {
      const { _onBeforeFirstWrite: before } = stream
      if (!hasWritten) before?.((ahead) => write(ahead))
      hasWritten = true
      return write(chunk)
    },
  })
  try {
    await run(stream)
    if (!stream.writableEnded) throw new Error('The handler has not ended its stream')
  } catch (thrown) {
    if (!hasWritten) {
      taken.promise.catch(() => {})
      request.destroy()
      throw thrown
    }
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown))
    const body = JSON.stringify({ errorType: name, errorMessage: message })
    request.addTrailers({ [ERROR_TYPE]: name, [ERROR_BODY]: Buffer.from(body).toString('base64') })
    request.end()
  }
  await taken.promise
}
