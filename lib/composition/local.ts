import { type Clock, systemClock } from '../clock.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import type { Composition } from '../http/lambda.ts'
import { requestLog } from '../observe/request-log.ts'

/** The composition root of functions that never speak to Genesys: no token, no client. */
export function local(
  openapi: Record<string, unknown>,
  environment: Environment = readEnvironment(),
  clock: Clock = systemClock,
): Composition<'local'> {
  return {
    auth: environment.auth,
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [],
    contextFor: () => ({ openapi }),
  }
}
