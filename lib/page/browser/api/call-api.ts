/** Asks the gateway, as whoever is signed in. */
import type { SignIn } from '../session/sign-in.ts'
import { type Cell, createCell } from '../shell/cell.ts'
import { type ErrorAnswer, NoAnswer, RefusedCall } from './problems.ts'

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

export interface Api {
  /** Whether the gateway was reached when it was last asked. */
  readonly isReached: Cell<boolean>
  /** How long the gateway has asked to wait, whole seconds; undefined where nothing waits. */
  readonly waitSeconds: Cell<number | undefined>
  /** @returns what it answered, as text where text is asked for; its shape is taken on trust: page and gateway are of one build. @throws NoAnswer @throws RefusedCall */
  call<T>(call: PageCall): Promise<T>
  /** The same with what it says of a file, for whoever downloads one. */
  download(call: PageCall): Promise<{ readonly bytes: Blob; readonly name: string }>
}

/** How often the gateway is asked again that says when to come again, and longest that this is waited for. */
const MAX_WAITS = 3
const MAX_WAIT_S = 20

const UNREACHED = 'The gateway does not answer. Nothing is lost: this page goes on by itself once it does.'

export function apiAt(base: string, signIn: SignIn): Api {
  const isReached = createCell(true)
  const waitSeconds = createCell<number | undefined>(undefined)
  let waiting = 0

  async function waitFor(seconds: number): Promise<void> {
    waiting += 1
    waitSeconds.set(Math.max(seconds, waitSeconds.get() ?? 0))
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    waiting -= 1
    if (waiting === 0) waitSeconds.set(undefined)
  }

  async function answer(call: PageCall): Promise<Response> {
    let token = await signIn.token()
    let isRenewed = false
    for (let waits = 0; ; ) {
      const response = await send(call, token)
      if (response.ok) return response
      if (response.status === 401 && !isRenewed) {
        isRenewed = true
        token = await signIn.renew(token)
        continue
      }
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      const isWaitedFor = response.status === 429 && seconds <= MAX_WAIT_S && waits < MAX_WAITS
      if (!isWaitedFor) {
        const answered: ErrorAnswer = await response.json().catch(() => ({}))
        throw new RefusedCall(response.status, answered, Number.isNaN(seconds) ? undefined : seconds)
      }
      waits += 1
      await waitFor(seconds)
    }
  }

  async function send({ path, method, body, csv, idempotencyKey, accept, signal }: PageCall, token: string) {
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
        ...(signal === undefined ? {} : { signal }),
        ...(sent === undefined ? {} : { body: sent }),
      })
      isReached.set(true)
      return response
    } catch (cause) {
      if (signal?.aborted) throw cause
      isReached.set(false)
      throw new NoAnswer(UNREACHED, { cause })
    }
  }

  return {
    isReached,
    waitSeconds,
    async call<T>(call: PageCall) {
      const response = await answer(call)
      if (response.status === 204) return undefined as T
      return (call.accept?.startsWith('text/') ? await response.text() : await response.json()) as T
    },
    async download(call) {
      const response = await answer(call)
      const [, name = 'download'] =
        /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? []
      return { bytes: await response.blob(), name }
    },
  }
}
