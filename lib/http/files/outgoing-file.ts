/** A file on its way: opened by its first rows, written as fast as it is taken, and in the end what became of it. */
import { GatewayError } from '../../errors.ts'
import type { FilePage, FileType, Row } from '../../files.ts'
import { csvOf, ndjsonOf, type RowEncoder } from './encode-rows.ts'
import { endStream, type Patience, type StreamOut, type Taking, writeToStream } from './write-stream.ts'

/** Abandoned: whoever asked for it was gone before its end, or took no more of it. */
export type FileEnd = 'whole' | 'broken off' | 'abandoned'

/** A file that was sent, or as much of it as was. */
export interface SentFile {
  readonly type: FileType
  /** Without a CSV file's line of names. Of what was abandoned, rows and bytes that were handed on: never fewer than were taken. */
  readonly rows: number
  readonly bytes: number
  /** Of a page, how many people it names. */
  readonly people?: number
  readonly end: FileEnd
}

interface Rows {
  readonly columns: readonly string[]
  readonly rows: AsyncIterable<readonly Row[]>
  /** Whether a byte order mark stands before a CSV file. */
  readonly hasBom: boolean
}

export class OutgoingFile implements SentFile {
  readonly type: FileType
  rows = 0
  bytes = 0
  readonly people?: number
  /** Until it has ended otherwise. */
  end: FileEnd = 'broken off'
  readonly #parts: AsyncIterator<readonly Row[]>
  readonly #first: IteratorResult<readonly Row[], unknown>
  readonly #encoder: RowEncoder

  private constructor(
    type: FileType,
    parts: AsyncIterator<readonly Row[]>,
    first: IteratorResult<readonly Row[], unknown>,
    encoder: RowEncoder,
    people?: number,
  ) {
    this.type = type
    if (people !== undefined) this.people = people
    this.#parts = parts
    this.#first = first
    this.#encoder = encoder
  }

  /**
   * Waits for the first rows. @throws what stands in their way, while that can still be answered as an error; GatewayError
   *   `request.timeout` where they are not there in time.
   */
  static async ofRows(
    type: Exclude<FileType, 'text/html'>,
    { columns, rows, hasBom }: Rows,
    patience: Patience,
  ): Promise<OutgoingFile> {
    const parts = rows[Symbol.asyncIterator]()
    const encoder = type === 'text/csv' ? csvOf(columns, hasBom) : ndjsonOf(columns)
    try {
      return new OutgoingFile(type, parts, await inTime(parts.next(), patience), encoder)
    } catch (error) {
      // Once it stops waiting for what it asked for, it asks for nothing more; who waits for that waits as long.
      void parts.return?.().then(undefined, () => {})
      throw error
    }
  }

  /** Waits for the page, and throws, in the same way. */
  static async ofPage(page: Promise<FilePage>, patience: Patience): Promise<OutgoingFile> {
    const { html, people } = await inTime(page, patience)
    const done = { done: true, value: undefined } as const
    const none = { next: async () => done }
    return new OutgoingFile('text/html', none, done, { head: html, encode: () => '' }, people)
  }

  /** @throws what stands in the way of the rest; it has not ended the stream then. */
  async sendTo(out: StreamOut, patience: Patience): Promise<Taking> {
    for await (const text of this.#texts()) {
      const taking = await writeToStream(out, Buffer.from(text), patience, (bytes) => {
        this.bytes += bytes
      })
      // Leaving the loop also stops what reads the rows.
      if (taking !== 'taken') return this.#endWith(taking)
    }
    return this.#endWith(await endStream(out, patience))
  }

  #endWith(taking: Taking): Taking {
    this.end = taking === 'taken' ? 'whole' : 'abandoned'
    return taking
  }

  /** Each with some rows, the first with the head too. */
  async *#texts(): AsyncGenerator<string> {
    let ahead = this.#encoder.head
    let part = this.#first
    try {
      while (!part.done) {
        // Before they are written: whoever stops within them may have read each of them.
        this.rows += part.value.length
        yield ahead + this.#encoder.encode(part.value)
        ahead = ''
        part = await this.#parts.next()
      }
      if (ahead !== '') yield ahead
    } finally {
      await this.#parts.return?.()
    }
  }
}

/** For whatever is waited for to say by itself that its time is over, and why: it is the one who knows. Milliseconds. */
const GRACE_MS = 200

/** @throws GatewayError `request.timeout` where it is not there in time, whatever it may come to later. */
function inTime<T>(awaited: Promise<T>, { deadline, clock }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    const waitMs = Math.max(0, deadline.remainingMs()) + GRACE_MS
    const stopTimer = clock.startTimer(waitMs, () => {
      reject(
        new GatewayError('request.timeout', 'Nothing of the file was there in time; try again', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        }),
      )
    })
    awaited.then(resolve, reject).finally(stopTimer)
  })
}

/** What keeps the ledger from answering passes in seconds. */
const RETRY_AFTER_SECONDS = 5
