/** Who calls, and on whose behalf an operation acts. */

import type { Caller } from '../changes/model/change.ts'
import type { Auth } from '../environment.ts'
import { GatewayError } from '../errors.ts'
import { idempotencyOf, type Operation } from '../operation.ts'
import { includesRole, isRole } from '../roles.ts'
import { type Call, type Middleware, requirePresent } from './chain.ts'

/**
 * The second look at who calls: API Gateway has already checked the policy, and this finds a route that was
 * left open or bound to another function by mistake. It trusts `requestContext` only, never a header.
 *
 * With `jwt` the authorizer must have found a role that includes the operation's; with `iam` the request must
 * have been signed, its role's policy being API Gateway's to judge.
 */
export function checkCaller(operation: Operation, auth: Auth): Middleware {
  return {
    before({ event: call }) {
      const request = requirePresent(call.request, 'request')
      if (request.method !== operation.method || request.resource !== operation.path) {
        throw new GatewayError('not.found', 'No operation has this method and path')
      }
      if (auth === 'iam' && request.userArn === undefined) {
        throw new GatewayError('authentication.required', 'Sign the request with SigV4 for execute-api')
      }
      if (auth === 'jwt' && !isRole(request.role)) {
        throw new GatewayError(
          'authentication.required',
          'Send an Authorization header with a valid bearer token',
        )
      }
      if (auth === 'jwt' && isRole(request.role) && !includesRole(request.role, operation.role)) {
        throw new GatewayError('not.authorized', `This operation needs the role ${operation.role}`)
      }
      const id = auth === 'iam' ? request.userArn : request.subject
      if (id) call.actor = { kind: auth, id }
    },
  }
}

/**
 * On whose behalf an operation acts, for the ports of changes. `authorize` has run before.
 *
 * @returns the actor with their idempotency key, where the operation has a use for one. What only reads needs nobody:
 *   its actor has then an empty id, which is no person's.
 * @throws GatewayError `not.authorized` where a token without a subject asks for anything to be recorded.
 */
export function actingCallerOf(call: Call, operation: Operation): Caller {
  const { headers, role } = requirePresent(call.request, 'request')
  if (call.actor === undefined && operation.method !== 'GET') {
    throw new GatewayError(
      'not.authorized',
      'The token has no usable subject, which is its sub claim unless the org file names another by auth.subjectClaim (1 to 256 characters, no control characters), so nobody could be named for what it asks: use a token that has one',
    )
  }
  return {
    actor: call.actor ?? { kind: 'jwt', id: '' },
    role: isRole(role) ? role : undefined,
    operation: operation.id,
    idempotencyKey: idempotencyOf(operation) === 'none' ? undefined : headers.get('idempotency-key'),
  }
}
