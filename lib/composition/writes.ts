import { ChangeWriter } from '../changes/change-writer.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { actingCallerOf } from '../http/check-caller.ts'
import type { Composition } from '../http/lambda.ts'
import { bindDesk, bindWorkbench } from './bindings/bind-desk.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that change Genesys: the write token, through `changes` and no other way. */
export function writes(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'write'> {
  const { clock, log, middlewares, scopeOf } = bindGenesys(environment, 'WRITE_TOKEN_SECRET', on)
  const benchFor = bindWorkbench(environment, on.transport, bindDesk(environment, clock, on.transport))
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call, operation) => ({
      changes: new ChangeWriter(benchFor(scopeOf(call)), actingCallerOf(call, operation)),
    }),
  }
}
