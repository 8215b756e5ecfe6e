/** Lambda's side of one function's process: the Runtime API, which hands it events and takes its answers. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { serveLoopback } from '../../../infra/local/loopback.ts'
import { readBody } from '../../../infra/local/request.ts'
import { jsonOf } from '../../../lib/json.ts'

/** Lambda's own limit of an answer, bytes. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024

/** How an invocation ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly value: unknown }
  /** The handler threw, or did not load. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string }
  /** Lambda would have ended the process at its deadline. */
  | { readonly kind: 'timed.out' }
  /** The process ended by itself. */
  | { readonly kind: 'ended'; readonly code: number | null }

export interface Asked {
  readonly event: unknown
  readonly functionArn: string
  /** Of the function's time, from when it gets the event. */
  readonly remainingMs: number
}

export interface RuntimeApi {
  /** As the function's variable has it: host and port. */
  readonly address: string
  /** Hands the process an event. Its answer, or what came in the answer's place. */
  readonly invoke: (asked: Asked) => Promise<Outcome>
  /** Ends an invocation that is under way, and those to come, in another way than by an answer. */
  readonly end: (outcome: Outcome) => void
  readonly mostHeldKb: () => number
  readonly requestIds: ReadonlySet<string>
  readonly close: () => Promise<void>
}

interface Pending {
  readonly id: string
  readonly settle: (outcome: Outcome) => void
}

export interface RuntimeApiEvents {
  /** The process waits for its next event: nothing of it runs until there is one. */
  readonly onWaiting: () => void
  /** There is one, and so much time for it. */
  readonly onEvent: (remainingMs: number) => void
}

/** Invocations come one after the other, as Lambda has them. */
export async function startRuntimeApi({ onWaiting, onEvent }: RuntimeApiEvents): Promise<RuntimeApi> {
  const requestIds = new Set<string>()
  let waiting: ServerResponse | undefined
  let next: { readonly asked: Asked; readonly id: string } | undefined
  let pending: Pending | undefined
  let over: Outcome | undefined
  let mostHeldKb = 0

  function handOut(): void {
    if (waiting === undefined || next === undefined) return
    const { asked, id } = next
    onEvent(asked.remainingMs)
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': Date.now() + asked.remainingMs,
      'lambda-runtime-invoked-function-arn': asked.functionArn,
      'lambda-runtime-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)};Parent=53995c3f42cd8ad8;Sampled=0`,
    })
    waiting.end(JSON.stringify(asked.event))
    waiting = undefined
    next = undefined
  }

  function settle(outcome: Outcome): void {
    pending?.settle(outcome)
    pending = undefined
  }

  async function take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(message, Number.POSITIVE_INFINITY)
    if (!Buffer.isBuffer(body)) return
    const [, id = '', what = ''] = /\/runtime\/(?:invocation\/)?([^/]+)\/(\w+)$/.exec(message.url ?? '') ?? []
    if (message.method === 'GET' && id === 'invocation' && what === 'next') {
      waiting = response
      if (next === undefined) onWaiting()
      return handOut()
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}')
    mostHeldKb = Math.max(mostHeldKb, Number(message.headers['rehearsal-most-held-kb'] ?? 0))
    if (what === 'error' && id === 'init') {
      over = failedBy(body)
      return settle(over)
    }
    if (id !== pending?.id) return
    if (what === 'error') return settle(failedBy(body))
    if (message.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      return settle(streamedIn(message, body))
    }
    settle(
      body.length > MAX_ANSWER_BYTES
        ? { kind: 'failed', errorType: 'Function.ResponseSizeTooLarge', errorMessage: `${body.length} bytes` }
        : { kind: 'answered', value: jsonOf(body) },
    )
  }

  const server = createServer()
  const { url, close } = await serveLoopback((message, response) => void take(message, response), { server })
  return {
    address: url.replace('http://', ''),
    invoke: (asked) =>
      new Promise((resolve) => {
        if (over) return resolve(over)
        const id = randomUUID()
        requestIds.add(id)
        pending = { id, settle: resolve }
        next = { asked, id }
        handOut()
      }),
    end(outcome) {
      over ??= outcome
      settle(over)
    },
    mostHeldKb: () => mostHeldKb,
    requestIds,
    close,
  }
}

/** What was streamed, as API Gateway takes it apart: status and headers, eight zero bytes, the body. */
function streamedIn({ headers, trailers }: IncomingMessage, body: Buffer): Outcome {
  const error = trailers['lambda-runtime-function-error-body']
  if (error !== undefined) return failedBy(Buffer.from(error, 'base64'))
  const delimiter = Buffer.alloc(8)
  const at = body.indexOf(delimiter)
  const head = jsonOf(body.subarray(0, at))
  if (headers['content-type'] !== HTTP_ANSWER || at < 0 || typeof head !== 'object') {
    return { kind: 'failed', errorType: 'MalformedResponse', errorMessage: 'no status and headers' }
  }
  const text = body.subarray(at + delimiter.length).toString('utf8')
  return { kind: 'answered', value: { ...head, body: text, isBase64Encoded: false } }
}

/** The type of a stream that begins with status and headers. */
const HTTP_ANSWER = 'application/vnd.awslambda.http-integration-response'

function failedBy(body: Buffer): Outcome {
  const told = jsonOf(body)
  const field = (name: string) =>
    typeof told === 'object' && told !== null
      ? String(Object.entries(told).find(([key]) => key === name)?.[1])
      : ''
  return { kind: 'failed', errorType: field('errorType'), errorMessage: field('errorMessage') }
}
