import { RecordKeeper } from '../changes/record-keeper.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { actingCallerOf } from '../http/check-caller.ts'
import type { Composition } from '../http/lambda.ts'
import { requestLog } from '../observe/request-log.ts'
import { bindDesk } from './bindings/bind-desk.ts'
import { bindNames } from './bindings/bind-names.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that have the ledger alone: no token, no Genesys. */
export function records(
  environment: Environment = readEnvironment(),
  { clock, transport }: Machine = machine,
): Composition<'record'> {
  const deskFor = bindDesk(environment, clock, transport)
  const namesWithin = bindNames(environment, clock, transport)
  return {
    auth: environment.auth,
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [],
    contextFor: (call, operation) => ({
      records: new RecordKeeper(
        deskFor(call.deadline),
        () => actingCallerOf(call, operation),
        namesWithin(call.deadline),
      ),
    }),
  }
}
