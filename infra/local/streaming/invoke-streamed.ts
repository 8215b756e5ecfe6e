import type { Context } from 'aws-lambda'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import type { ResponseStream } from './response-stream.ts'

/**
 * As Lambda's runtime does: a function whose promise is kept must have ended its stream.
 *
 * @throws what the function threw; also where it ended without an answer.
 */
export async function invokeStreamed(
  handler: StreamedHandler,
  event: unknown,
  context: Context,
  stream: ResponseStream,
): Promise<void> {
  try {
    await handler(event, stream, context)
  } catch (error) {
    // What it had written goes out all the same.
    if (stream.hasBegun) await stream.untilTaken()
    stream.destroy()
    throw error
  }
  if (!stream.writableEnded && !stream.destroyed) throw new Error('The function has not ended its answer')
  if (stream.errored) throw stream.errored
}
