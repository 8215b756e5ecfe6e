/** Finding the change that a request is a repeat of. */
import { GatewayError } from '../../errors.ts'
import type { Caller } from '../model/change.ts'
import type { Header, Planned } from '../model/header.ts'
import { identifyActor, type Policy } from '../model/policy.ts'
import { idOf, randomId } from '../model/record-ids.ts'
import type { Desk } from './desk.ts'
import { intentOf } from './take-locks.ts'

/** Tries under one key after failures that pass; a client that goes on longer gets the last one's answer. */
const MAX_ATTEMPTS = 50

export interface Attempt {
  /** The id of the change to make, where there is none yet. */
  readonly id: string
  readonly existing?: Header | undefined
  /** A change that failed before under the same key, for a cause that passes. */
  readonly earlier?: Header | undefined
}

/**
 * The id of a keyed request comes from its key, scoped to the caller and the operation, so a duplicate finds the first.
 * A change that failed with nothing applied, for a cause that passes, frees its key: the next attempt has an id of its
 * own that comes from the key too.
 *
 * @throws GatewayError `idempotency.key.reused` where the key came with another request.
 */
export async function attemptOf(
  { ledger }: Pick<Desk, 'ledger'>,
  { actor, operation, idempotencyKey }: Caller,
  requestDigest: string,
): Promise<Attempt> {
  if (idempotencyKey === undefined) return { id: randomId() }
  let earlier: Header | undefined
  for (let attempt = 1; ; attempt++) {
    const id = idOf(actor.kind, actor.id, operation, idempotencyKey, String(attempt))
    const existing = await ledger.get(id)
    if (!existing) return { id, earlier }
    if (existing.requestDigest !== requestDigest) throw keyReused()
    if (!isFree(existing) || attempt === MAX_ATTEMPTS) return { id, existing }
    earlier = existing
  }
}

/** Trying again is no new wish: it was asked for, and came, when the change that failed before it was. */
export function keepFirstIntent({ header, plan }: Planned, earlier: Header | undefined): Planned {
  if (!earlier) return { header, plan }
  const { atMs, arrivedAtMs } = intentOf(earlier)
  return { header: { ...header, intentAtMs: atMs, arrivedAtMs }, plan }
}

/** Whether a change stands in nobody's way any more: it failed, nothing was applied, and what failed it passes. */
export function isFree({ state, failure }: Header): boolean {
  return state === 'FAILED' && failure?.isPassing === true
}

export function keyReused(): GatewayError {
  return new GatewayError(
    'idempotency.key.reused',
    'This Idempotency-Key was used before, with another request; use a new one for each request',
    {
      faults: [
        {
          fieldName: 'idempotency-key',
          errorCode: 'REUSED',
          message: 'belongs to another request: send a new key with a new request',
        },
      ],
    },
  )
}

/** What a caller's decision is kept under. */
export function decisionKeyOf(policy: Policy, { actor, operation, idempotencyKey = '' }: Caller): string {
  const { kind, id } = identifyActor(policy, actor)
  return idOf(kind, id, operation, idempotencyKey)
}
