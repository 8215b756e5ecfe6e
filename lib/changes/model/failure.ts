/** Between errors, as they are thrown, and failures, as they are kept. */
import {
  CHANGE_ID,
  type ErrorCode,
  errorCodes,
  type FieldFault,
  GatewayError,
  withReason,
} from '../../errors.ts'
import { withEscapes } from '../../text.ts'
import type { Failure } from './change.ts'
import type { Header } from './header.ts'

/** An upstream error body larger than that is not kept; ErrorBodies have a few hundred bytes. Characters. */
const MAX_BODY = 8_000

/** Causes that pass, so that the same request may succeed later. */
const passing: readonly ErrorCode[] = [
  'too.many.requests.retry.after',
  'upstream.unavailable',
  'upstream.unauthorized',
  'upstream.bad.response',
  'credentials.unavailable',
  'deadline.too.short',
  'request.timeout',
  'change.conflict',
  'writes.paused',
]

/** @param error why nothing was applied. */
export function failureOf(error: GatewayError): Failure {
  const { code, status, message, retryAfterSeconds, upstreamStatus, upstreamBody, changeId } = error
  const upstreamText = upstreamBody && JSON.stringify(upstreamBody)
  return {
    code,
    status,
    message,
    isPassing: passing.includes(code),
    retryAfterSeconds,
    upstreamStatus,
    upstreamBody: upstreamText !== undefined && upstreamText.length <= MAX_BODY ? upstreamText : undefined,
    changeId,
  }
}

/** What a failure says, with what Genesys said beside it. */
export function reasonOf({ message, upstreamBody }: Pick<Failure, 'message' | 'upstreamBody'>): string {
  return withReason(message, upstreamBodyOf(upstreamBody))
}

/** The entry of `details` that names a change. @param what of it, as the beginning of a sentence. */
export function aboutChange(changeId: string, what: string, errorCode = 'CHANGE'): FieldFault {
  const message = `${what}; GET /v1/changes/${changeId} tells more`
  return { fieldName: CHANGE_ID, errorCode, message, entityId: changeId }
}

/** Causes that are no word on the request itself: after them nobody knows by the answer alone whether it was sent. */
const isAboutTheWay = (code: ErrorCode) => errorCodes[code] >= 500 || code === 'too.many.requests.retry.after'

/** What ended a write before its POST, saying so; in Genesys's own body there is no place for it. */
export function sayNothingSent(error: GatewayError): GatewayError {
  const { code, message, status, faults, retryAfterSeconds, upstreamStatus, upstreamBody, isReplay } = error
  if (upstreamBody || !isAboutTheWay(code) || message.includes('nothing was sent')) return error
  return new GatewayError(code, `${message}; nothing was sent`, {
    status,
    faults,
    isReplay,
    cause: error.cause,
    retryAfterSeconds,
    upstreamStatus,
  })
}

/** What fails before a change is on record ends the write before there is anything to send. */
export async function markUnsent<T>(made: Promise<T>): Promise<T> {
  try {
    return await made
  } catch (error) {
    throw error instanceof GatewayError ? sayNothingSent(error) : error
  }
}

/** Whether the ledger could not be used, so that what was to be put on record may be there or not. */
export function isLedgerDown(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.code === 'ledger.unavailable'
}

/**
 * Nobody knows yet what comes of a change that is, or may be, on record. A 4xx: clients that resend would repeat a 5xx
 * for a quarter of an hour.
 *
 * @param sentence what is known of it, without a stop.
 */
export function outcomeUnknown(
  changeId: string,
  sentence: string,
  {
    state = 'UNKNOWN',
    ...extras
  }: { readonly state?: string; readonly cause?: unknown; readonly isReplay?: boolean } = {},
): GatewayError {
  return new GatewayError(
    'outcome.unknown',
    `${sentence}. Do not send it again: GET /v1/changes/${changeId} tells`,
    { ...extras, faults: [aboutChange(changeId, `it is ${state}`, state)] },
  )
}

/** The ledger failed while a change was put on record or carried out: the tick takes up whatever of it is there. */
export function mayBeCarriedOut(changeId: string, cause: GatewayError): GatewayError {
  return outcomeUnknown(
    changeId,
    `The change ${changeId} may yet be carried out: the ledger of changes failed meanwhile`,
    { cause },
  )
}

/** Texts of Genesys that a failure quotes. */
const MAX_TEXTS = 3

/**
 * A write that Genesys took, and of which reading back shows nothing or not all: an answer and no error, so whoever asked is told
 * by the change's state. The reason is Genesys's own text for each pair, where it gave one.
 */
export function notApplied(
  texts: readonly (string | null)[],
  what = 'none of it',
  isContradicted = false,
): Failure {
  const said = new Map<string, number>()
  for (const text of texts) if (text !== null && text.trim() !== '') said.set(text, (said.get(text) ?? 0) + 1)
  const quoted = [...said]
    .slice(0, MAX_TEXTS)
    .map(([text, times]) => `“${withEscapes(text)}”${times === 1 ? '' : ` for ${times} of them`}`)
  const reasons = [
    ...(quoted.length === 0 ? [] : [`Genesys’s answer said ${quoted.join(', ')}`]),
    ...(isContradicted ? ['Genesys’s answer contradicts itself: it says two things of one pair'] : []),
  ]
  const why = reasons.join('. ') || 'Genesys gave no reason'
  return {
    code: 'change.not.applied',
    status: 200,
    message: `Genesys took the request, and reading back showed ${what}. ${why}`,
    isPassing: false,
  }
}

/** Whether whoever asked is told of it by an error, and not by the change's state alone. */
export function isError({ status }: Failure): boolean {
  return status >= 400
}

/** What failed the change, as it was first told. */
export function errorOfFailure(
  { id, failure }: Pick<Header, 'id'> & { readonly failure: Failure },
  isReplay = false,
): GatewayError {
  const { code, status, message, retryAfterSeconds, upstreamStatus, upstreamBody, changeId } = failure
  const body = upstreamBodyOf(upstreamBody)
  return new GatewayError(isErrorCode(code) ? code : 'upstream.bad.response', message, {
    status,
    isReplay,
    faults: [
      aboutChange(
        changeId ?? id,
        changeId === undefined ? 'it is the record of what was tried' : 'it is the change that is open',
      ),
    ],
    retryAfterSeconds,
    upstreamStatus,
    upstreamBody: body,
  })
}

/** Records from before have it as a map. */
function upstreamBodyOf(kept: Failure['upstreamBody']): Readonly<Record<string, unknown>> | undefined {
  return typeof kept === 'string' ? (JSON.parse(kept) as Record<string, unknown>) : kept
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}

interface Beside {
  /** Changes whose ids stand in the sentence too. */
  readonly others?: readonly string[]
  readonly retryAfterSeconds?: number
}

/** @throws GatewayError `change.state.conflict`. */
export function stateConflict(
  header: Pick<Header, 'id' | 'state'>,
  sentence: string,
  { others = [], retryAfterSeconds }: Beside = {},
): GatewayError {
  const named = others.map((id) =>
    aboutChange(id, 'it is the other change that the message names', 'OTHER_CHANGE'),
  )
  return new GatewayError('change.state.conflict', sentence, {
    faults: [aboutChange(header.id, `it is ${header.state}`, header.state), ...named],
    retryAfterSeconds,
  })
}

/** Whoever decides names the digest of what they looked at. @param record a change or a schedule. */
export function digestMismatch(what: 'change' | 'schedule', record: { readonly id: string }): GatewayError {
  const { id } = record
  const message = `is not that of the ${what} ${id}: look at it again and confirm what it says`
  const faults = [{ fieldName: 'digest', errorCode: 'DIGEST_MISMATCH', message, entityId: id }]
  return new GatewayError('change.digest.mismatch', `The digest ${message}`, {
    faults:
      what === 'change' ? [...faults, aboutChange(id, 'it is the change that the digest is for')] : faults,
  })
}

/** A part is decided about through its list, whose rules count all of it. @throws GatewayError `change.state.conflict`, which names the list. */
export function refusePart({ id, partOf }: Pick<Header, 'id' | 'partOf'>): void {
  if (!partOf) return
  const { changeId } = partOf
  throw new GatewayError(
    'change.state.conflict',
    `The change ${id} is a part of the list ${changeId}: ask the same of the list`,
    { faults: [aboutChange(changeId, `it is the list of which ${id} is a part`)] },
  )
}
