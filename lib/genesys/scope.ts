import { type Clock, type Deadline, deadlineBefore } from '../clock.ts'
import type { Transport } from '../transport/transport.ts'
import type { LicenseDefinition } from './models/licenses.ts'
import type { Origins } from './regions.ts'

/** What one request's calls to Genesys came to; the handler turns it into the log line and the metrics. */
export interface Observed {
  /** Requests sent, resent ones included. */
  sent: number
  /** Of those, sendings of a request that had been sent before. */
  resent: number
  unauthorized: number
  forbidden: number
  latencyMs: number
  lastStatus: number | undefined
  /** What the write itself was answered, whatever has been read since. */
  writeStatus: number | undefined
  correlationId: string | undefined
  rateLimitUsed: number | undefined
  rateLimitAllowed: number | undefined
  /** Seconds until the minute's requests are counted anew. */
  rateLimitResetSeconds: number | undefined
  /** Until when a 429 has asked for a wait, the last of them, epoch milliseconds; undefined where there was none. */
  refusedUntilMs: number | undefined
  /** What upstream's paging contradicted itself in, if it did. */
  inconsistency: string | undefined
  /** The last answer to a read: what it says, and the bytes that say it. */
  lastRead: { readonly value: unknown; readonly body: Buffer } | undefined
}

export function newObserved(): Observed {
  return {
    sent: 0,
    resent: 0,
    unauthorized: 0,
    forbidden: 0,
    latencyMs: 0,
    lastStatus: undefined,
    writeStatus: undefined,
    correlationId: undefined,
    rateLimitUsed: undefined,
    rateLimitAllowed: undefined,
    rateLimitResetSeconds: undefined,
    refusedUntilMs: undefined,
    inconsistency: undefined,
    lastRead: undefined,
  }
}

/** Access to the token that this request may use. */
export interface TokenAccess {
  /** The access token in force. */
  value: string
  /**
   * Called after upstream refused `value` with 401: finds or has made a newer token.
   *
   * @throws GatewayError `credentials.unavailable` where there is none to be had within the deadline.
   */
  renew(): Promise<void>
}

/** Kept by a container from one request to the next: the org's definitions as they were last read, and when; epoch milliseconds. */
export interface DefinitionsKept {
  last?: { readonly definitions: readonly LicenseDefinition[]; readonly atMs: number }
}

/** All that a call to Genesys needs for one request of ours. */
export interface Scope {
  readonly transport: Transport
  readonly origins: Origins
  readonly clock: Clock
  readonly deadline: Deadline
  readonly token: TokenAccess
  readonly observed: Observed
  /** Its container's. */
  readonly definitionsKept?: DefinitionsKept
  /** Longest single try, connect to last byte. */
  readonly perTryTimeoutMs: number
  /** A longer wait before another try is left to whoever asked: it fails and says how long. As long as there is time where it is not given. */
  readonly longestWaitMs?: number
  /** Whether it asks for what an org need not have: a 403 is then an answer, and counted as no fault. */
  readonly isOptional?: boolean
  /** Whether what is read decides about a write; see `scopeOfDeciding`. */
  readonly isDeciding?: boolean
}

/** A try over 8 s is given up: one and most of another fit the 14 s that somebody waits. */
export const PER_TRY_TIMEOUT_MS = 8_000

/** Of a request's time, kept to put on record what came of it, milliseconds. */
const RECORDING_MS = 1_000

/**
 * For reads by which a write is decided or judged: they end early enough for the record, and where they do not come
 * back in time nothing was sent because of them, which is no unclear end.
 */
export function scopeOfDeciding(scope: Scope): Scope {
  return {
    ...scope,
    deadline: deadlineBefore(scope.deadline, RECORDING_MS),
    isDeciding: true,
  }
}
