/** Requests to the gateway that the page came from. What goes wrong becomes an error with a sentence for whoever looks. */

/** There was no answer at all. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

/** There was one, and it says why not. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  /** Of the gateway's closed set, where the answer has one. */
  readonly code: string | undefined

  constructor(message: string, status: number, code?: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

interface RequestOptions {
  readonly token?: string
  readonly signal?: AbortSignal
  /** Makes it a POST. */
  readonly body?: unknown
  /** Makes it a POST too; what it brings about, it brings about once. */
  readonly idempotencyKey?: string
}

/**
 * @returns the answer's body. Page and gateway are of one checkout, so its shape is taken on trust.
 * @throws Unanswered
 * @throws Refused
 */
export async function ask<T>(
  path: string,
  { token, signal, body, idempotencyKey }: RequestOptions = {},
): Promise<T> {
  const headers: Record<string, string> = {}
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey
  const isPost = body !== undefined || idempotencyKey !== undefined
  const response = await reached(path, {
    headers,
    ...(signal ? { signal } : {}),
    ...(isPost ? { method: 'POST' } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answered: unknown = await response.json().catch(() => undefined)
  if (!response.ok) {
    const message = memberIn(answered, 'message') ?? `The gateway answered ${response.status}.`
    throw new Refused(message, response.status, memberIn(answered, 'code'))
  }
  return answered as T
}

async function reached(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new Unanswered(
      'The gateway does not answer. Start it again with npm start: this page goes on by itself.',
      {
        cause,
      },
    )
  }
}

function memberIn(answered: unknown, member: 'message' | 'code'): string | undefined {
  const value = new Map(Object.entries(answered ?? {})).get(member)
  return typeof value === 'string' ? value : undefined
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
