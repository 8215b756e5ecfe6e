/** One request on its way through the chain: each middleware adds what it found, the next ones build on it. */
import type { Request } from '@middy/core'
import type { APIGatewayProxyResult, Context } from 'aws-lambda'
import type { Caller } from '../changes/model/change.ts'
import type { Deadline } from '../clock.ts'
import type { mediaTypesOf } from '../files.ts'
import type { Observed, TokenAccess } from '../genesys/scope.ts'
import type { OutgoingFile, SentFile } from './files/outgoing-file.ts'
import type { Taking } from './files/write-stream.ts'
import type { RestRequest } from './rest-request.ts'

export interface Call {
  /** What Lambda was invoked with, unchecked. */
  readonly event: unknown
  /** API Gateway's request id where the event carries a sound one, else Lambda's. */
  readonly requestId: string
  readonly startedMs: number
  readonly deadline: Deadline
  /** What the calls to Genesys came to. */
  readonly observed: Observed
  request?: RestRequest
  /** Who calls, as API Gateway vouches for it; absent for a token that names no subject. */
  actor?: Caller['actor']
  input?: Input
  token?: TokenAccess
  /** What Accept asks for, of an operation that answers with files too. */
  media?: ReturnType<typeof mediaTypesOf>[number]
  /** Where the answer is a file, what of it has been sent. */
  file?: OutgoingFile
  /** And what was asked, for the log: by the names of parameters. */
  asked?: Readonly<Record<string, unknown>>
  /** What became of an answer that streams. */
  taking?: Taking
  /** Why the answer is a failure, for the log. */
  error?: unknown
}

export interface Input {
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  /** Where a file came in the body's place. */
  readonly bytes?: Uint8Array | undefined
}

/** What an operation's Lambda answers with. */
export type Answer = APIGatewayProxyResult

type CallRequest = Request<Call, Answer, Error, Context>

/** A middleware of the chain: only the phases it has. Its name shows in traces. */
export interface Middleware {
  before?(request: CallRequest): void | Promise<void>
  after?(request: CallRequest): void | Promise<void>
  onError?(request: CallRequest): void | Promise<void>
}

/** Told of every request served, when its answer is known; bound to the log in a composition root. */
export interface RequestLog {
  noteRequest(
    operation: { readonly id: string },
    call: Pick<Call, 'requestId' | 'startedMs' | 'observed' | 'error' | 'actor' | 'asked' | 'taking'> & {
      readonly file?: SentFile
    },
    answer: Pick<Answer, 'statusCode' | 'headers'>,
  ): void
}

/** What an earlier middleware must have put there. @throws Error if the chain is put together wrongly. */
export function requirePresent<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing: the chain's order is wrong`)
  return value
}
