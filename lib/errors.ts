/** The gateway's errors: a closed set of codes, each with its status, and the one class that carries them. */

/** Every code the gateway itself answers with; Genesys's own codes where it has one. Upstream's answers pass through as they are. */
export const errorCodes = {
  'bad.request': 400,
  'authentication.required': 401,
  'not.authorized': 403,
  'not.found': 404,
  /** The operation answers with none of the media types that Accept names. */
  'not.acceptable': 406,
  'general.conflict': 409,
  /** Another change is open on the same toggle or (license, user); `details` has its id. */
  'change.conflict': 409,
  /** The org's rules ask for a second person; `details` has the id to approve. */
  'change.approval.required': 409,
  /** The change's state does not allow what was asked. */
  'change.state.conflict': 409,
  /** An approver, or the org file, has stopped all writes. No 5xx: clients resend those. */
  'writes.paused': 409,
  /** A write was sent, or is on record and may yet be, and its outcome is not known; `details` has the change that tells. No 5xx: clients resend those. */
  'outcome.unknown': 409,
  /** A write was sent, its outcome was not known, and a person had it looked at: it did not take effect. */
  'change.not.applied': 409,
  /** Another plan than the one on record was confirmed. */
  'change.digest.mismatch': 409,
  /** The plan takes a license from many people, or a count was given with it, and it is not the number of people whom it changes. */
  'change.people.unconfirmed': 409,
  /** The org file's limits rule it out, whoever asks or approves; `details` names what is protected. */
  'change.limit.refused': 403,
  /** Who approves must be a person of the org file, and not the one who asked. */
  'change.approver.refused': 403,
  /** Where a change needs approval, who asks must be a person or a tool of the org file. */
  'change.requester.refused': 403,
  /** The key was used before, with another request. */
  'idempotency.key.reused': 422,
  'request.entity.too.large': 413,
  /** The answer would be too large or take too long to gather; ask for pages. */
  'response.too.large': 413,
  'unsupported.media.type': 415,
  'too.many.requests.retry.after': 429,
  'internal.server.error': 500,
  /** Genesys refused our access token even after a renewal. */
  'upstream.unauthorized': 502,
  /** Our OAuth client lacks a permission in Genesys. */
  'upstream.forbidden': 502,
  /** Genesys answered with an error, a redirect or something that is no answer of its contract. */
  'upstream.bad.response': 502,
  /** Genesys is not reachable or says so itself. */
  'upstream.unavailable': 503,
  /** The gateway has no usable access token; an operator must look at its secret. */
  'credentials.unavailable': 503,
  /** The ledger cannot be reached, throttles, is not there, or may not be used. */
  'ledger.unavailable': 503,
  /** No reading of who holds what is there yet. */
  'reading.unavailable': 503,
  /** Whether the caller's token is good could not be known: the issuer's keys cannot be had. */
  'authorizer.unavailable': 503,
  /** EventBridge Scheduler cannot be reached or throttles. */
  'scheduler.unavailable': 503,
  /** The queue by which lists take turns cannot be used. */
  'queue.unavailable': 503,
  /** A record was written by a newer version of the gateway; this one leaves it alone. */
  'ledger.record.unknown': 500,
  /** Too little of the Lambda's time is left to start and record what was asked. */
  'deadline.too.short': 503,
  'request.timeout': 504,
} as const

export type ErrorCode = keyof typeof errorCodes

/** One faulty field. */
export interface FieldFault {
  /** Dotted path of the field, e.g. `assignments.0.licenseId`; `$` for the whole body. */
  readonly fieldName: string
  /** What kind of fault, in capitals, stable. */
  readonly errorCode: string
  /** One sentence for a person. Never the value itself. */
  readonly message: string
  readonly entityId?: string | undefined
  /** Of a file, the first is 1. */
  readonly line?: number | undefined
}

/** The field of the fault that names the change which an error is about. */
export const CHANGE_ID = 'changeId'

interface Extras {
  /** Only where it differs from the code's own status. */
  readonly status?: number | undefined
  readonly faults?: readonly FieldFault[] | undefined
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds?: number | undefined
  /** What Genesys answered, where it did. */
  readonly upstreamStatus?: number | undefined
  /** Genesys's own error body, served in place of ours. */
  readonly upstreamBody?: Readonly<Record<string, unknown>> | undefined
  /** Whether an earlier request of the same was answered, or failed, so. */
  readonly isReplay?: boolean | undefined
  /** For the log alone, never sent to a caller. */
  readonly cause?: unknown
}

/** A sentence of ours, and behind it Genesys's own where its error body has one: a person needs the reason. Never logged. */
export function withReason(
  message: string,
  upstreamBody: Readonly<Record<string, unknown>> | undefined,
): string {
  const reason = upstreamBody?.message
  if (typeof reason !== 'string' || reason.trim() === '') return message
  return `${message}: ${[...reason.trim()].slice(0, MAX_REASON).join('')}`
}

/** Of Genesys's sentence, in characters: they have a few dozen. */
const MAX_REASON = 400

/**
 * An expected failure. Its message is for the caller: it says what is wrong and what to do, and carries neither
 * secret nor internal name. The cause is for the log.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly faults: readonly FieldFault[]
  readonly retryAfterSeconds: number | undefined
  readonly upstreamStatus: number | undefined
  readonly upstreamBody: Readonly<Record<string, unknown>> | undefined
  readonly isReplay: boolean

  constructor(code: ErrorCode, message: string, extras: Extras = {}) {
    super(message, { cause: extras.cause })
    this.code = code
    this.status = extras.status ?? errorCodes[code]
    this.faults = extras.faults ?? []
    this.retryAfterSeconds = extras.retryAfterSeconds
    this.upstreamStatus = extras.upstreamStatus
    this.upstreamBody = extras.upstreamBody
    this.isReplay = extras.isReplay ?? false
  }

  /** The change that it is about, where it is about one. */
  get changeId(): string | undefined {
    return this.faults.find(({ fieldName }) => fieldName === CHANGE_ID)?.entityId
  }
}

/** A setting is missing or wrong. The message names the variable and says what it must be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
