/**
 * Composition roots, and nothing else: the environment comes in, what one kind of function works with goes out, so that a
 * file names all that its functions may do. Start here, with the smallest that speaks to Genesys; `bindings/` has what
 * several roots share.
 */
import { type Environment, readEnvironment } from '../environment.ts'
import { GenesysReads } from '../genesys/genesys-reads.ts'
import type { Composition } from '../http/lambda.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that read Genesys: the read token, and no way to write. */
export function reads(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'read'> {
  const { clock, log, middlewares, scopeOf } = bindGenesys(environment, 'READ_TOKEN_SECRET', on)
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call) => ({ genesys: new GenesysReads(scopeOf(call)), org: environment.org }),
  }
}
