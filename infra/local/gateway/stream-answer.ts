import type { ServerResponse } from 'node:http'
import type { Context } from 'aws-lambda'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import { invokeStreamed } from '../streaming/invoke-streamed.ts'
import { ResponseStream } from '../streaming/response-stream.ts'

/**
 * Invokes a function that streams, and hands on what it writes as fast as the caller takes it. Where the caller goes away
 * the function's stream is closed; on AWS it may go on for a while, and nobody is told.
 *
 * @throws what the function threw, or that it has no answer; where some of it had gone out, the response has begun. Nothing
 *   where whoever asked went away first, as a closed tab does: the function's own log has its line.
 */
export async function streamAnswer(
  handler: StreamedHandler,
  event: unknown,
  context: Context,
  response: ServerResponse,
): Promise<void> {
  let hasLeft = false
  const stream = new ResponseStream({
    begin: ({ statusCode, headers }) => response.writeHead(statusCode, { ...headers }),
    write: (chunk, taken) => response.write(chunk, () => taken()),
    end: (done) =>
      response.end((unsent?: Error | null) => {
        // Told of a connection that is gone before it is closed: ECONNRESET, EPIPE.
        hasLeft ||= Boolean(unsent)
        done(unsent ?? undefined)
      }),
  })
  response.on('close', () => {
    hasLeft = !response.writableFinished
    stream.destroy()
  })
  try {
    await invokeStreamed(handler, event, context, stream)
  } catch (error) {
    if (!hasLeft) throw error
  }
}
