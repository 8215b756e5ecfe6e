import { ChangePlanner } from '../changes/change-planner.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { GenesysBilling } from '../genesys/genesys-billing.ts'
import { GenesysReads } from '../genesys/genesys-reads.ts'
import { scopeOfDeciding } from '../genesys/scope.ts'
import { actingCallerOf } from '../http/check-caller.ts'
import type { Composition } from '../http/lambda.ts'
import { bindDesk, bindRoster } from './bindings/bind-desk.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that plan: the read token and the ledger, and no way to write Genesys. */
export function plans(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): Composition<'plan'> {
  const { clock, log, middlewares, scopeOf } = bindGenesys(environment, 'READ_TOKEN_SECRET', on)
  const deskFor = bindDesk(environment, clock, on.transport)
  const rosterWithin = bindRoster(environment, clock, on.transport)
  return {
    auth: environment.auth,
    clock,
    log,
    middlewares,
    contextFor: (call, operation) => ({
      plans: new ChangePlanner(
        {
          ...deskFor(call.deadline),
          genesys: new GenesysReads(scopeOfDeciding(scopeOf(call))),
          roster: rosterWithin(call.deadline),
        },
        actingCallerOf(call, operation),
      ),
      billing: new GenesysBilling(scopeOf(call), environment.org.id),
    }),
  }
}
