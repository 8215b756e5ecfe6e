import { Duration } from 'aws-cdk-lib'
import { type IAuthorizer, IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway'
import { Construct } from 'constructs'
import type { Operation } from '../../../lib/operation.ts'
import type { JwtAuth } from '../../orgs/org-file.ts'
import { authorizerEnvironmentOf } from '../../orgs/variables.ts'
import { type FunctionDefaults, GatewayFunction } from '../functions/gateway-function.ts'
import { isReading } from '../functions/is-reading.ts'

/** The longest that API Gateway may reuse an answer, and the default. */
const MAX_CACHE_SECONDS = 300

/** A cold start and the 3 s that the issuer's keys may take. */
const TIMEOUT = Duration.seconds(10)

export interface AuthorizerProps {
  readonly auth: JwtAuth
  readonly functions: FunctionDefaults
}

/**
 * The JWT Lambda authorizer. One function, known to the API twice: reads may reuse its answer to a token for a
 * while, writes ask it every time, so that a role taken away stops writing with the next request.
 */
export class Authorizer extends Construct {
  readonly function: GatewayFunction
  readonly #cached: IAuthorizer
  readonly #uncached: IAuthorizer

  constructor(scope: Construct, id: string, { auth, functions }: AuthorizerProps) {
    super(scope, id)
    this.function = new GatewayFunction(this, 'Authorize', {
      defaults: functions,
      name: 'authorize',
      description: 'Checks bearer tokens and maps their claims to a role',
      timeout: TIMEOUT,
      environment: authorizerEnvironmentOf(auth),
    })
    this.#cached = this.#authorizer('ForReads', auth.cacheSeconds ?? MAX_CACHE_SECONDS)
    this.#uncached = this.#authorizer('ForWrites', 0)
  }

  for(operation: Operation): IAuthorizer {
    return isReading(operation) ? this.#cached : this.#uncached
  }

  #authorizer(id: string, cacheSeconds: number): RequestAuthorizer {
    return new RequestAuthorizer(this, id, {
      handler: this.function.lambda,
      // Also the cache's key, so its answer must hold for every route. Without the header it is not even asked.
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: Duration.seconds(cacheSeconds),
    })
  }
}
