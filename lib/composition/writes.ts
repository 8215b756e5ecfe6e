import { ChangeWriter } from '../changes/change-writer.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { callerOf } from '../http/caller.ts'
import type { Composition } from '../http/lambda.ts'
import { desks } from './parts/bind-desk.ts'
import { benches } from './parts/bind-workbench.ts'
import { container } from './parts/container.ts'
import { type Machine, machine } from './parts/machine.ts'

/** The composition root of functions that change Genesys: the write token, through `changes` and no other way. */
export function writes(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'write'> {
  const { clock, log, middlewares, scopeOf } = container(environment, 'WRITE_TOKEN_SECRET', on)
  const benchFor = benches(environment, on.transport, desks(environment, clock, on.transport))
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call, operation) => ({
      changes: new ChangeWriter(benchFor(scopeOf(call)), callerOf(call, operation)),
    }),
  }
}
