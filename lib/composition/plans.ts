import { ChangePlanner } from '../changes/change-planner.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { GenesysReads } from '../genesys/genesys-reads.ts'
import { scopeOfDeciding } from '../genesys/scope.ts'
import { callerOf } from '../http/caller.ts'
import type { Composition } from '../http/lambda.ts'
import { desks } from './parts/bind-desk.ts'
import { container } from './parts/container.ts'
import { type Machine, machine } from './parts/machine.ts'

/** The composition root of functions that plan: the read token and the ledger, and no way to write Genesys. */
export function plans(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'plan'> {
  const { clock, log, middlewares, scopeOf } = container(environment, 'READ_TOKEN_SECRET', on)
  const deskFor = desks(environment, clock, on.transport)
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call, operation) => ({
      plans: new ChangePlanner(
        { ...deskFor(call.deadline), genesys: new GenesysReads(scopeOfDeciding(scopeOf(call))) },
        callerOf(call, operation),
      ),
    }),
  }
}
