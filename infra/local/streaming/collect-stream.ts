import type { Context } from 'aws-lambda'
import type { StreamedHandler } from '../../../lib/http/streamed.ts'
import type { ProxyResult } from '../gateway/event.ts'
import { invokeStreamed } from './invoke-streamed.ts'
import { ResponseStream } from './response-stream.ts'

/** Invokes a function that streams for somebody who waits for the whole. @throws what the function threw. */
export async function collectStream(
  handler: StreamedHandler,
  event: unknown,
  context: Context,
): Promise<ProxyResult & { readonly body: string }> {
  const chunks: Buffer[] = []
  let head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> } | undefined
  const stream = new ResponseStream({
    begin(given) {
      head = given
    },
    write(chunk, taken) {
      chunks.push(chunk)
      taken()
    },
    end: (done) => done(),
  })
  await invokeStreamed(handler, event, context, stream)
  if (!head) throw new Error('The function has not begun its answer')
  return { ...head, body: Buffer.concat(chunks).toString('utf8'), isBase64Encoded: false }
}
