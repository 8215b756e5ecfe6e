import type { Caller } from '../changes/model/change.ts'
import { GatewayError } from '../errors.ts'
import { idempotencyOf, type Operation } from '../operation.ts'
import { type Call, requirePresent } from './chain.ts'

/**
 * On whose behalf an operation acts, for the ports of changes. `authorize` has run before.
 *
 * @returns the actor with their idempotency key, where the operation has a use for one. What only reads needs nobody:
 *   its actor has then an empty id, which is no person's.
 * @throws GatewayError `not.authorized` where a token without a subject asks for anything to be recorded.
 */
export function actingCallerOf(call: Call, operation: Operation): Caller {
  const { headers } = requirePresent(call.request, 'request')
  if (call.actor === undefined && operation.method !== 'GET') {
    throw new GatewayError(
      'not.authorized',
      'The token has no usable sub claim (1 to 256 characters, no control characters), so nobody could be named for what it asks: use a token that has one',
    )
  }
  return {
    actor: call.actor ?? { kind: 'jwt', id: '' },
    operation: operation.id,
    idempotencyKey: idempotencyOf(operation) === 'none' ? undefined : headers.get('idempotency-key'),
  }
}
