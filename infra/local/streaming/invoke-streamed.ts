import type { Context } from 'aws-lambda'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import type { ResponseStream } from './response-stream.ts'

/**
 * As Lambda's runtime does: a function whose promise is kept must have ended its stream, and all of it must have been
 * taken; a stream that was destroyed, by whomever, is an error of the function's.
 *
 * @throws what the function threw; also where its answer was not sent to its end.
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
  if (stream.errored) throw stream.errored
  if (!stream.writableFinished) throw new Error("The function's answer was not sent to its end")
}
