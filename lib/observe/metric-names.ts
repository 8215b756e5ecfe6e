import type { ChangeState } from '../changes/model/transitions.ts'

/** Names under which CloudWatch knows the gateway's metrics; what emits them and what alarms on them share this list. */
export const METRIC_NAMESPACE = 'GenesysLicenseGateway'

/** The one dimension: the stack, which is one Genesys org. */
export const METRIC_DIMENSION = 'Stack'

export const metricNames = {
  /** Genesys refused our access token (401). Count. */
  upstreamUnauthorized: 'UpstreamUnauthorized',
  /** Genesys refused our OAuth client's permissions (403). Count. */
  upstreamForbidden: 'UpstreamForbidden',
  /** Tries after the first within one request. Count. */
  upstreamRetries: 'UpstreamRetries',
  /** Time from the first byte sent to the last received, all tries of one request. Milliseconds. */
  upstreamLatency: 'UpstreamLatency',
  /** Requests used of the token's rate limit window, as upstream's headers tell. Count. */
  rateLimitUsed: 'RateLimitUsed',
  /** Requests the token's rate limit window allows, as upstream's headers tell. Count. */
  rateLimitAllowed: 'RateLimitAllowed',
  /** Pairs that Genesys answered for though they were not sent to it. Count. */
  upstreamUnasked: 'UpstreamUnasked',
  /** A rotation failed for good, though not before any credentials were put. Count. */
  rotationFailed: 'RotationFailed',
  /** Time since the token for reads was rotated (lib/credentials/token-age.ts). Seconds. */
  readTokenAge: 'ReadTokenAge',
  /** The same of the token for writes. Seconds. */
  writeTokenAge: 'WriteTokenAge',
  /** A change came to NEEDS_ATTENTION: a person must look. It may come to another end by that. Count. */
  changeNeedsAttention: 'ChangeNeedsAttention',
  /** Each end that a change can come to has one: what ended, by its state (`endMetrics`). Count. */
  changeApplied: 'ChangeApplied',
  changePartial: 'ChangePartial',
  changeNoEffect: 'ChangeNoEffect',
  changeFailed: 'ChangeFailed',
  changeNoop: 'ChangeNoop',
  changeRejected: 'ChangeRejected',
  changeExpired: 'ChangeExpired',
  changeCancelled: 'ChangeCancelled',
  changeSuperseded: 'ChangeSuperseded',
  changeInvalid: 'ChangeInvalid',
  /** A change ended without all of what was asked for, and nobody decided that: `state` in its line of the log says how. Count. */
  changeUndone: 'ChangeUndone',
  /** The tick ran to its end, whatever it found due. Count. */
  tickRan: 'TickRan',
  /** Whether a caller's token is good could not be known: the issuer's keys could not be fetched. Count. */
  keysUnreachable: 'KeysUnreachable',
  /** Whoever asked took no more of a streamed answer: its function fails by that, which is no fault. Count. */
  answersAbandoned: 'AnswersAbandoned',
  /** A function whose errors are part of its work (the authorizer, what events call) failed in a way nobody foresaw. Count. */
  unforeseen: 'UnforeseenErrors',
  /** Changes of which the tick left something that is due: it failed, or there was no time. Count, also where it is 0. */
  changesLeft: 'ChangesLeft',
  /** For how long the longest of these has been due. Seconds. */
  oldestDue: 'OldestDueSeconds',
  /** Changes that time is yet to do something to: open ones, and those to be looked at, taken back or told. Count; not beyond 1,000, and none where it cannot be read. */
  changesOpen: 'ChangesOpen',
  /** How long ago the newest whole reading of the org began; before there is one, the first try. Seconds. */
  readingAge: 'ReadingAge',
  /** Whether writes are paused, as the tick finds it: 1 or 0; none where it cannot be read. Count. */
  writesPaused: 'WritesPaused',
  /** Time since the first day that has no audit file yet began. Seconds. */
  auditAge: 'AuditAgeSeconds',
  /** Under the key of a day's audit file something was there already. Count. */
  auditMet: 'AuditFilesMet',
} as const

export type MetricName = (typeof metricNames)[keyof typeof metricNames]

/** What counts the changes that come to an end, by the state they end in. */
export const endMetrics: Partial<Readonly<Record<ChangeState, MetricName>>> = {
  APPLIED: metricNames.changeApplied,
  PARTIAL: metricNames.changePartial,
  NO_EFFECT: metricNames.changeNoEffect,
  FAILED: metricNames.changeFailed,
  NEEDS_ATTENTION: metricNames.changeNeedsAttention,
  NOOP: metricNames.changeNoop,
  REJECTED: metricNames.changeRejected,
  EXPIRED: metricNames.changeExpired,
  CANCELLED: metricNames.changeCancelled,
  SUPERSEDED: metricNames.changeSuperseded,
  INVALID: metricNames.changeInvalid,
}
