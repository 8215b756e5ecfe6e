/**
 * What Lambda's runtime for Node.js gives a function that streams its answer, and what API Gateway reads off it: a prelude
 * of JSON with status and headers, eight zero bytes, and then the body (API Gateway Developer Guide, "Set up a Lambda proxy
 * integration with payload response streaming"; AWS's own aws-lambda-nodejs-runtime-interface-client has the other side).
 */
import { Writable } from 'node:stream'

const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response'
const DELIMITER = Buffer.alloc(8)
/** API Gateway wants to have met the delimiter by then. Bytes. */
const MAX_PRELUDE_BYTES = 16 * 1024

/** Where a streamed answer goes to, as it comes. */
export interface Destination {
  /** Status and headers; they come first, and once. */
  begin(head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> }): void
  /** @param taken called when more may come. */
  write(chunk: Buffer, taken: () => void): void
  /** @param done called with why where not all has gone out. */
  end(done: (unsent?: Error) => void): void
}

/** The stream that a function is handed. Whatever comes before the delimiter it keeps to itself. */
export class ResponseStream extends Writable {
  contentType = 'application/octet-stream'
  /** Called with what puts bytes before the first ones, as AWS's own is. */
  beforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined
  readonly #to: Destination
  #prelude: Buffer | undefined = Buffer.alloc(0)

  constructor(to: Destination) {
    super({ decodeStrings: true })
    this.#to = to
  }

  setContentType(contentType: string): void {
    this.contentType = contentType
  }

  /** Whether status and headers have gone out. */
  get hasBegun(): boolean {
    return this.#prelude === undefined
  }

  /** Resolves when all that was written has been handed on, or nobody takes it any more. */
  async untilTaken(): Promise<void> {
    if (this.writableLength === 0 || this.destroyed) return
    await new Promise<void>((resolve) => {
      this.once('close', resolve)
      this.write('', () => resolve())
    })
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    const chunks: Buffer[] = []
    const { beforeFirstWrite } = this
    this.beforeFirstWrite = undefined
    beforeFirstWrite?.((ahead) => chunks.push(Buffer.from(ahead)))
    try {
      this.#handOn(Buffer.concat([...chunks, chunk]), done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }

  override _final(done: (error?: Error) => void): void {
    if (this.hasBegun) this.#to.end(done)
    else done(new Error('The function ended its answer without status and headers'))
  }

  #handOn(chunk: Buffer, done: () => void): void {
    const bytes = this.#prelude === undefined ? chunk : this.#bodyOf(Buffer.concat([this.#prelude, chunk]))
    if (bytes.length === 0) done()
    else this.#to.write(bytes, done)
  }

  /** @returns what stands behind status and headers; nothing while they are not whole. */
  #bodyOf(bytes: Buffer): Buffer {
    const at = bytes.indexOf(DELIMITER)
    if (at > MAX_PRELUDE_BYTES || (at < 0 && bytes.length > MAX_PRELUDE_BYTES)) {
      throw new Error('The function sent no status and headers')
    }
    this.#prelude = at < 0 ? bytes : undefined
    if (at < 0) return Buffer.alloc(0)
    this.#to.begin(JSON.parse(bytes.subarray(0, at).toString('utf8')))
    return bytes.subarray(at + DELIMITER.length)
  }
}

/** By this AWS's own runtime knows a handler that streams; a function of another kind has no stream to write to. */
const STREAMS = Symbol.for('aws.lambda.runtime.handler.streaming')

/** Puts into `awslambda` of this process what Lambda's runtime has there before it loads a function; the SDK keeps things there too. */
export function provideStreaming(): void {
  Reflect.set(globalThis, 'awslambda', Object.assign(Reflect.get(globalThis, 'awslambda') ?? {}, streaming))
}

const streaming = {
  streamifyResponse: (handler: object) => Object.assign(handler, { [STREAMS]: 'response' }),
  HttpResponseStream: {
    from(stream: ResponseStream, head: unknown): ResponseStream {
      stream.setContentType(PRELUDE_TYPE)
      stream.beforeFirstWrite = (write) => {
        write(JSON.stringify(head))
        write(DELIMITER)
      }
      return stream
    },
  },
}

export function isStreamed(handler: object): boolean {
  return STREAMS in handler
}
