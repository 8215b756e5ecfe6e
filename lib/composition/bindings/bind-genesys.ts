/** What every function that speaks to Genesys is bound to in production, made once a container. */

import { secretsClient } from '../../aws/secrets-client.ts'
import type { Clock, Deadline } from '../../clock.ts'
import { AccessTokens, accessToken, accessTokenFor } from '../../credentials/access-tokens.ts'
import { secretStore } from '../../credentials/secret-store.ts'
import type { Environment } from '../../environment.ts'
import { newObserved, type Scope } from '../../genesys/scope.ts'
import { type Call, type Middleware, type RequestLog, requirePresent } from '../../http/chain.ts'
import { requestLog } from '../../observe/request-log.ts'
import { type Machine, machine } from './machine.ts'

export interface GenesysBinding {
  readonly clock: Clock
  readonly log: RequestLog
  readonly middlewares: readonly Middleware[]
  /** What one call's requests to Genesys stand on. */
  scopeOf(call: Call): Scope
  /** The same where there is no HTTP call. @throws GatewayError `credentials.unavailable` */
  scopeWithin(deadline: Deadline): Promise<Scope>
}

/**
 * @param tokenSecret the variable that holds the ARN of the one secret this function may read.
 * @throws ConfigurationError where it is not set.
 */
export function bindGenesys(
  environment: Environment,
  tokenSecret: 'READ_TOKEN_SECRET' | 'WRITE_TOKEN_SECRET',
  { clock, transport, perTryTimeoutMs }: Machine = machine,
): GenesysBinding {
  const client = secretsClient(transport, environment.awsRegion, environment.endpointOf('SECRETS_MANAGER'))
  const tokens = new AccessTokens(secretStore(client, environment.required(tokenSecret)), clock)
  const standing = {
    transport,
    origins: environment.origins,
    clock,
    perTryTimeoutMs,
    definitionsKept: {},
  }
  return {
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [accessToken(tokens)],
    scopeOf: (call) => ({
      ...standing,
      deadline: call.deadline,
      token: requirePresent(call.token, 'access token'),
      observed: call.observed,
    }),
    scopeWithin: async (deadline) => ({
      ...standing,
      deadline,
      token: await accessTokenFor(tokens, deadline),
      observed: newObserved(),
    }),
  }
}
