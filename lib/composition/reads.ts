import { type Environment, readEnvironment } from '../environment.ts'
import { GenesysReads } from '../genesys/client.ts'
import type { Composition } from '../http/lambda.ts'
import { container, type Machine } from './container.ts'

/** The composition root of functions that read Genesys: the read token, and no way to write. */
export function reads(environment: Environment = readEnvironment(), machine?: Machine): Composition<'read'> {
  const { clock, log, middlewares, scopeOf } = container(environment, 'READ_TOKEN_SECRET', machine)
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call) => ({ genesys: new GenesysReads(scopeOf(call)), org: environment.org }),
  }
}
