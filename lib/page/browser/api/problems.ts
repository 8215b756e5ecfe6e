/** What the gateway does not do, as errors with a sentence for whoever looks, which says how to go on. */
import { stateWords } from '../../../changes/answers/summarize.ts'

/** Its message is a sentence for whoever looks; what other errors say is for nobody who looks at a page. */
export class ToldError extends Error {
  override readonly name: string = 'ToldError'
}

/** There was no answer at all, or it broke off. */
export class NoAnswer extends ToldError {
  override readonly name = 'NoAnswer'
}

/** There was one, and it says why not. */
export class RefusedCall extends ToldError {
  override readonly name = 'RefusedCall'
  readonly status: number
  /** Of the gateway's closed set, where the answer has one. */
  readonly code: string | undefined
  readonly faults: readonly FaultyField[]
  /** Whole seconds, where it says when to come again. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, answered: ErrorAnswer, retryAfterSeconds?: number) {
    super(sentenceFor(status, answered, retryAfterSeconds))
    this.status = status
    this.code = answered.code
    this.faults = answered.details ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** A field that is at fault; of a file, with its line. */
export interface FaultyField {
  readonly fieldName: string
  readonly message?: string
  readonly errorMessage?: string
  readonly line?: number
}

export interface ErrorAnswer {
  readonly code?: string
  readonly message?: string
  readonly details?: readonly FaultyField[]
}

/** @param answered anything: what stands between page and gateway answers too, in words of its own. */
export function answerIn(answered: unknown): ErrorAnswer {
  const { code, message, details }: Readonly<Record<string, unknown>> = { ...Object(answered) }
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof message === 'string' && { message }),
    ...(Array.isArray(details) && { details: details.filter((each) => typeof each?.fieldName === 'string') }),
  }
}

/** Something else has happened to it meanwhile: what is shown is older than what is. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof RefusedCall && [404, 409, 412].includes(error.status)
}

const UNEXPECTED =
  'Something has happened that this page does not know. Try again; if it goes on, reload it, and tell whoever runs the gateway.'

/** @returns what is wrong with the reason, where the gateway has said so, as a sentence to stand at its field. */
export function reasonFaultIn(problem: unknown, fieldName = 'reason'): string | undefined {
  if (!(problem instanceof RefusedCall)) return undefined
  const message = problem.faults.find((each) => each.fieldName === fieldName)?.message
  return message && `A reason ${message}.`
}

export function problemTextOf(error: unknown): string {
  return error instanceof ToldError ? error.message : UNEXPECTED
}

/** How long not to come again after so many failures in a row, milliseconds: 2 to 5 s, twice that, up to a minute. */
export function backOffMs(failures: number, everyMs = 2_000): number {
  // What is asked for rarely is missed no less than the rest.
  const firstMs = Math.min(Math.max(everyMs, 2_000), 5_000)
  return Math.min(firstMs * 2 ** Math.max(failures - 1, 0), 60_000)
}

/** States are called as everywhere on the page. */
function withStatesNamed(message: string): string {
  return message.replace(/\b[A-Z]+(?:_[A-Z]+)*\b/g, (word) =>
    isState(word) ? `“${stateWords[word].name}”` : word,
  )
}

const isState = (word: string): word is keyof typeof stateWords => Object.hasOwn(stateWords, word)

function sentenceFor(
  status: number,
  { code, message }: ErrorAnswer,
  retryAfterSeconds: number | undefined,
): string {
  if (status === 401) return 'The gateway does not take your sign-in. Sign out and in again.'
  if (status === 403 && code === 'not.authorized') {
    const role = /needs the role (\w+)/.exec(message ?? '')?.[1]
    if (role !== undefined)
      return `This needs the role ${role}, which you do not have. Ask whoever gives out roles.`
  }
  if (status === 429) {
    const wait = retryAfterSeconds === undefined ? 'a little' : `${retryAfterSeconds} s`
    return `Too much was asked at once. Wait ${wait}, then try again.`
  }
  if (code === 'reading.unavailable') {
    return 'Nobody has read yet who holds what. The first reading is on its way; this shows it as soon as it is there.'
  }
  return message
    ? withStatesNamed(message)
    : `The gateway answered ${status} and nothing else. Try again in a while.`
}
