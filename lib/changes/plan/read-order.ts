/** From an order, as a caller writes it, to targets and times. */
import { type FieldFault, GatewayError } from '../../errors.ts'
import { canonicalBatchOf, countPairs, MAX_PAIRS } from '../../genesys/models/assignments.ts'
import type { LicenseBatchAssignmentRequest } from '../../genesys/models/licenses.ts'
import type { Target } from '../model/change.ts'
import type { ChangeOrder } from '../model/change-order.ts'
import { durationMs } from '../model/duration.ts'
import {
  type Header,
  type LicenseCount,
  MAX_LISTED_LICENSES,
  type Revert,
  type UnchangedCounts,
} from '../model/header.ts'

export interface ReadOrder {
  readonly kind: ChangeOrder['kind']
  readonly targets: readonly Target[]
  readonly subject: Header['subject']
  readonly reason?: string | undefined
  readonly notBeforeMs?: number | undefined
  readonly notAfterMs?: number | undefined
  readonly revert?: Revert | undefined
  /** See ListState. */
  readonly onConflict?: 'abort' | undefined
}

/**
 * @param maxPairs more of them are too many.
 * @throws GatewayError 413 for too many pairs, 400 for times that contradict each other or have gone by.
 */
export function readOrder(order: ChangeOrder, nowMs: number, maxPairs?: number): ReadOrder {
  const targets = order.kind === 'toggle' ? orderTargetsOf(order) : pairTargetsOf(order, maxPairs)
  return { kind: order.kind, targets, subject: subjectOf(targets), ...readTiming(order, nowMs) }
}

/** When, and why, of whatever kind it is. @throws GatewayError 400 for times that contradict each other or have gone by. */
export function readTiming(
  order: OrderTiming,
  nowMs: number,
): Pick<ReadOrder, 'reason' | 'notBeforeMs' | 'notAfterMs' | 'revert' | 'onConflict'> {
  const times = {
    notBeforeMs: atMs(order.notBefore),
    notAfterMs: atMs(order.notAfter),
    revertAtMs: atMs(order.revertAt),
    revertAfterMs: order.revertAfter === undefined ? undefined : durationMs(order.revertAfter),
  }
  const faults = [...faultsOf(times, nowMs)]
  const [first] = faults
  if (first) throw new GatewayError('bad.request', `${first.fieldName}: ${first.message}`, { faults })
  const { notBeforeMs, notAfterMs, revertAtMs, revertAfterMs } = times
  return {
    reason: order.reason,
    notBeforeMs,
    notAfterMs,
    revert: revertOf(revertAtMs, revertAfterMs),
    onConflict: order.onConflict === 'abort' ? 'abort' : undefined,
  }
}

/** As an order, whatever it is about, has it. */
export type OrderTiming = Partial<
  Readonly<
    Record<
      'reason' | 'notBefore' | 'notAfter' | 'revertAt' | 'revertAfter' | 'onConflict',
      string | undefined
    >
  >
>

function revertOf(atMs: number | undefined, afterMs: number | undefined): Revert | undefined {
  if (atMs !== undefined) return { atMs }
  return afterMs === undefined ? undefined : { afterMs }
}

const atMs = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))

type OrderTimes = Readonly<
  Record<'notBeforeMs' | 'notAfterMs' | 'revertAtMs' | 'revertAfterMs', number | undefined>
>

function* faultsOf(
  { notBeforeMs, notAfterMs, revertAtMs, revertAfterMs }: OrderTimes,
  nowMs: number,
): Generator<FieldFault> {
  const fault = (fieldName: string, message: string) => ({ fieldName, errorCode: 'CONTRADICTION', message })
  const startMs = Math.max(nowMs, notBeforeMs ?? 0)
  if (notAfterMs !== undefined && notAfterMs <= startMs) {
    yield fault('notAfter', 'must be in the future, and after notBefore')
  }
  if (revertAtMs !== undefined && revertAfterMs !== undefined) {
    yield fault('revertAfter', 'must be left out where revertAt is given')
  }
  if (revertAtMs !== undefined && revertAtMs <= startMs) {
    yield fault('revertAt', 'must be in the future, and after notBefore')
  }
}

export function toggleTargetsOf(featureName: string, enabled: boolean): Target[] {
  return [{ featureName, desired: enabled }]
}

/** @throws GatewayError 413 where there are more pairs than one change may have. */
export function pairTargetsOf(batch: LicenseBatchAssignmentRequest, maxPairs = MAX_PAIRS): Target[] {
  const pairs = countPairs(batch)
  if (pairs > maxPairs) {
    throw new GatewayError(
      'request.entity.too.large',
      `The request names ${pairs} (license, user) pairs; at most ${maxPairs} are taken at once`,
    )
  }
  return targetsIn(batch)
}

/** What an order on record is about, however many pairs are taken at once by now. */
export function orderTargetsOf(order: ChangeOrder): Target[] {
  return order.kind === 'toggle' ? toggleTargetsOf(order.featureName, order.enabled) : targetsIn(order)
}

function targetsIn(batch: LicenseBatchAssignmentRequest): Target[] {
  return canonicalBatchOf(batch).assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
    ...userIdsAdd.map((userId) => ({ licenseId, userId, desired: true })),
    ...userIdsRemove.map((userId) => ({ licenseId, userId, desired: false })),
  ])
}

/** What a list shows of the targets. */
export function subjectOf(targets: readonly Target[]): Header['subject'] {
  const [first] = targets
  if (first && 'featureName' in first) return { featureName: first.featureName, enabled: first.desired }
  const pairs = pairsIn(targets)
  const users = new Set(pairs.map(({ userId }) => userId))
  const [only] = users
  return {
    ...countsOfPairs(targets),
    users: users.size,
    licenses: [...new Set(pairs.map(({ licenseId }) => licenseId))].slice(0, MAX_LISTED_LICENSES),
    userId: users.size === 1 ? only : undefined,
  }
}

/** How many they are, by what is done to whom. */
export function countsOfPairs(targets: readonly Target[]): UnchangedCounts {
  const pairs = pairsIn(targets)
  return {
    pairs: pairs.length,
    gives: countsOf(pairs.filter(({ desired }) => desired)),
    takes: countsOf(pairs.filter(({ desired }) => !desired)),
  }
}

function pairsIn(targets: readonly Target[]) {
  return targets.flatMap((target) => ('userId' in target ? [target] : []))
}

function countsOf(pairs: readonly { readonly licenseId: string }[]): LicenseCount[] {
  const counts = new Map<string, number>()
  for (const { licenseId } of pairs) counts.set(licenseId, (counts.get(licenseId) ?? 0) + 1)
  return [...counts].slice(0, MAX_LISTED_LICENSES).map(([licenseId, users]) => ({ licenseId, users }))
}

/** With the name of its one user, where there is one and the name is known. */
export function nameSubjectBy(
  subject: Header['subject'],
  nameOf: (userId: string) => string | undefined,
): Header['subject'] {
  if (!('userId' in subject) || subject.userId === undefined) return subject
  const userName = nameOf(subject.userId)
  return userName === undefined ? subject : { ...subject, userName }
}
