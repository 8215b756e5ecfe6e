/** From an order, as a caller writes it, to targets and times. */
import { type FieldFault, GatewayError } from '../errors.ts'
import type { Header, Revert, Target } from './change.ts'
import { durationMs } from './duration.ts'
import type { ChangeOrder } from './models.ts'
import { pairTargets, subjectOf, toggleTargets } from './plan.ts'

export interface ReadOrder {
  readonly kind: ChangeOrder['kind']
  readonly targets: readonly Target[]
  readonly subject: Header['subject']
  readonly reason?: string
  readonly notBeforeMs?: number
  readonly notAfterMs?: number
  readonly revert?: Revert
}

/** @throws GatewayError 413 for too many pairs, 400 for times that contradict each other or have gone by. */
export function readOrder(order: ChangeOrder, nowMs: number): ReadOrder {
  const targets =
    order.kind === 'toggle' ? toggleTargets(order.featureName, order.enabled) : pairTargets(order)
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
    kind: order.kind,
    targets,
    subject: subjectOf(targets),
    ...(order.reason === undefined ? {} : { reason: order.reason }),
    ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
    ...(notAfterMs === undefined ? {} : { notAfterMs }),
    ...(revertAtMs === undefined ? {} : { revert: { atMs: revertAtMs } }),
    ...(revertAfterMs === undefined ? {} : { revert: { afterMs: revertAfterMs } }),
  }
}

const atMs = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text))

type Times = Readonly<
  Record<'notBeforeMs' | 'notAfterMs' | 'revertAtMs' | 'revertAfterMs', number | undefined>
>

function* faultsOf(
  { notBeforeMs, notAfterMs, revertAtMs, revertAfterMs }: Times,
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
