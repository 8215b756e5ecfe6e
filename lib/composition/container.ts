/** What every function of the bundle is bound to in production, made once a container. */
import { type Clock, systemClock } from '../clock.ts'
import { accessToken } from '../credentials/access-token.ts'
import { AccessTokens } from '../credentials/access-tokens.ts'
import { secretStore } from '../credentials/secret-store.ts'
import { secretsClient } from '../credentials/secrets-client.ts'
import type { Environment } from '../environment.ts'
import { PER_TRY_TIMEOUT_MS, type Scope } from '../genesys/scope.ts'
import { nodeTransport, type Transport } from '../genesys/transport.ts'
import { type Call, type Middleware, present, type RequestLog } from '../http/call.ts'
import { requestLog } from '../observe/request-log.ts'

/** What tests hand in instead of the machine's own. */
export interface Machine {
  readonly clock: Clock
  readonly transport: Transport
  /** Longest single try upstream, milliseconds. */
  readonly perTryTimeoutMs: number
}

const machine: Machine = { clock: systemClock, transport: nodeTransport, perTryTimeoutMs: PER_TRY_TIMEOUT_MS }

export interface Container {
  readonly clock: Clock
  readonly log: RequestLog
  readonly middlewares: readonly Middleware[]
  /** What one call's requests to Genesys stand on. */
  scopeOf(call: Call): Scope
}

/**
 * @param tokenSecret the variable that holds the ARN of the one secret this function may read.
 * @throws ConfigurationError where it is not set.
 */
export function container(
  environment: Environment,
  tokenSecret: 'READ_TOKEN_SECRET' | 'WRITE_TOKEN_SECRET',
  { clock, transport, perTryTimeoutMs }: Machine = machine,
): Container {
  const client = secretsClient(transport, environment.awsRegion, environment.secretsEndpoint)
  const store = secretStore(client, environment.required(tokenSecret))
  return {
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [accessToken(new AccessTokens(store, clock))],
    scopeOf: (call) => ({
      transport,
      origins: environment.origins,
      clock,
      deadline: call.deadline,
      token: present(call.token, 'access token'),
      observed: call.observed,
      perTryTimeoutMs,
    }),
  }
}
