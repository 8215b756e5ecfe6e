/** Asks the gateway, as whoever is signed in. */
import { readRetryAfter } from '../../../transport/retry-after.ts'
import { type Cell, createCell } from '../shell/cell.ts'
import { answerIn, NoAnswer, RefusedCall } from './problems.ts'
import { heedServerDate, serverNowMs } from './server-clock.ts'

export interface PageCall {
  /** Relative to the page: `v1/changes?limit=20`. */
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  /** A file of rows, in place of a body. */
  readonly csv?: string | undefined
  readonly idempotencyKey?: string
  readonly accept?: string
  /** Ends it: it throws what `fetch` does, and says nothing of whether the gateway is reached. */
  readonly signal?: AbortSignal
}

/** Of a sign-in, what a call takes. */
interface TokenSource {
  token(): Promise<string>
  /** The gateway refused this one. @returns another. */
  renew(refused: string): Promise<string>
}

export interface Api {
  /** Whether the gateway was reached when it was last asked. */
  readonly isReached: Cell<boolean>
  /** How long the gateway has asked to wait, whole seconds; undefined where nothing waits. */
  readonly waitSeconds: Cell<number | undefined>
  /** How often it has said that this is not theirs to do: their role may be another than it was. */
  readonly denials: Cell<number>
  /** @returns what it answered, as text where text is asked for; its shape is taken on trust: page and gateway are of one build. @throws NoAnswer @throws RefusedCall */
  call<T>(call: PageCall): Promise<T>
  /** The same with what it says of a file, for whoever downloads one. */
  download(call: PageCall): Promise<{ readonly bytes: Blob; readonly name: string }>
}

/** How often the gateway is asked again that says when to come again, and longest that this is waited for. */
const MAX_WAITS = 3
const MAX_WAIT_S = 20

/** Without an answer by then there will be none: API Gateway gives up after 29 s, and a file of 4 MB is long on its way. Milliseconds. */
const ANSWERED_WITHIN_MS = { body: 60_000, csv: 300_000 }

/** @param answeredWithinMs longest that an answer is waited for. */
export function apiAt(
  base: string,
  signIn: TokenSource,
  answeredWithinMs: Readonly<Record<'body' | 'csv', number>> = ANSWERED_WITHIN_MS,
): Api {
  const isReached = createCell(true)
  const denials = createCell(0)
  const waitSeconds = createCell<number | undefined>(undefined)
  let waiting = 0

  async function waitFor(seconds: number): Promise<void> {
    waiting += 1
    waitSeconds.set(Math.max(seconds, waitSeconds.get() ?? 0))
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    waiting -= 1
    if (waiting === 0) waitSeconds.set(undefined)
  }

  /** @param limit ends it where no answer comes. */
  async function ask(call: PageCall, limit: () => AbortSignal): Promise<Response> {
    // A browser makes another address of them: of a change without an id the list of all.
    if (hasDotSegment(call.path)) throw new RefusedCall(404, { message: 'There is nothing of that name.' })
    let token = await signIn.token()
    let isRenewed = false
    for (let waits = 0; ; ) {
      const response = await send(call, token, limit())
      if (response.ok) return response
      if (response.status === 401 && !isRenewed) {
        isRenewed = true
        token = await signIn.renew(token)
        continue
      }
      const seconds = readRetryAfter(response.headers.get('retry-after') ?? undefined, serverNowMs())
      const isTooLong = seconds === undefined || seconds > MAX_WAIT_S || waits >= MAX_WAITS
      if (response.status !== 429 || isTooLong) {
        // Whether it still is theirs is asked of who they are, which is itself no such question.
        if (response.status === 403 && call.path !== 'v1/me') denials.set(denials.get() + 1)
        throw new RefusedCall(
          response.status,
          answerIn(await response.json().catch(() => undefined)),
          seconds,
        )
      }
      waits += 1
      await waitFor(seconds)
    }
  }

  async function send(call: PageCall, token: string, limit: AbortSignal): Promise<Response> {
    const { path, method, body, csv, idempotencyKey, accept, signal } = call
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      accept: accept ?? 'application/json',
    }
    if (csv !== undefined) headers['content-type'] = 'text/csv'
    else if (body !== undefined) headers['content-type'] = 'application/json'
    const sent = csv ?? (body === undefined ? undefined : JSON.stringify(body))
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
    try {
      const response = await fetch(new URL(path, base), {
        method: method ?? 'GET',
        headers,
        cache: 'no-store',
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        ...(sent === undefined ? {} : { body: sent }),
      })
      isReached.set(true)
      heedServerDate(response.headers.get('date'))
      return response
    } catch (cause) {
      if (signal?.aborted) throw cause
      isReached.set(false)
      throw new NoAnswer(isRead(call) ? UNREACHED : UNCLEAR, { cause })
    }
  }

  const limitOf = ({ csv }: PageCall) => (csv === undefined ? answeredWithinMs.body : answeredWithinMs.csv)

  return {
    isReached,
    waitSeconds,
    denials,
    async call<T>(call: PageCall) {
      const response = await ask(call, () => AbortSignal.timeout(limitOf(call)))
      if (response.status === 204) return undefined as T
      const read = call.accept?.startsWith('text/') ? response.text() : response.json()
      return (await read.catch((cause: unknown) => throwBrokenOff(call, cause))) as T
    },
    async download(call) {
      // A file takes as long as it takes: its beginning is waited for.
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(), limitOf(call))
      const response = await ask(call, () => limit.signal).finally(() => clearTimeout(timer))
      const [, name = 'download'] =
        /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
      return { bytes: await response.blob().catch((cause: unknown) => throwBrokenOff(call, cause)), name }
    },
  }
}

const UNREACHED = 'The gateway does not answer. Nothing is lost: this page goes on by itself once it does.'
const BROKEN_OFF = 'The answer of the gateway broke off. Try again.'
const UNCLEAR =
  'The gateway has not answered, so that nobody knows yet whether it was done. Press again: it is not done twice.'

const isRead = ({ method = 'GET' }: PageCall) => method === 'GET'

function throwBrokenOff(call: PageCall, cause: unknown): never {
  if (call.signal?.aborted) throw cause
  throw new NoAnswer(isRead(call) ? BROKEN_OFF : UNCLEAR, { cause })
}

/** However it is spelt: browsers take `%2e` for a dot. */
function hasDotSegment(path: string): boolean {
  const [before = ''] = path.split('?')
  return before.split('/').some((part) => ['.', '..'].includes(part.replace(/%2e/gi, '.')))
}
