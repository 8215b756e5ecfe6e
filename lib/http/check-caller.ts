import type { Auth } from '../environment.ts'
import { GatewayError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { includesRole, isRole } from '../roles.ts'
import { type Middleware, requirePresent } from './chain.ts'

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
