import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Largest request body upstream takes, in bytes; beyond it answers 413. From one public comment ([?]). */
export const MAX_BODY_BYTES = 512_000

/**
 * A request that has arrived whole. `path` and `query` are as received: still encoded, the query without its `?`.
 * `body` is null where it was larger than allowed.
 */
export interface OrgRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer | null
  readonly correlationId: string
}

/** Splits a request target at its first question mark. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?')
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * Reads a body to its end. Answers null where it has more than `maxBytes`, which is read on but not kept, and
 * 'aborted' where the client went away in the middle of it.
 */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer | null | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
    })
    message.on('end', () => resolve(size <= maxBytes ? Buffer.concat(chunks) : null))
    message.on('close', () => resolve('aborted'))
    message.on('error', () => resolve('aborted'))
  })
}
