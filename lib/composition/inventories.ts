import { type Environment, readEnvironment } from '../environment.ts'
import type { Composition } from '../http/lambda.ts'
import { requestLog } from '../observe/request-log.ts'
import { bindSeats } from './bindings/bind-seats.ts'
import { type Machine, machine } from './bindings/machine.ts'
import { readPolicy } from './bindings/read-policy.ts'

/** The composition root of functions that have what readings of the whole org have put into the ledger: no token, no Genesys. */
export function inventories(
  environment: Environment = readEnvironment(),
  { clock, transport }: Machine = machine,
): Composition<'inventory'> {
  const seatsWithin = bindSeats(environment, clock, transport)
  const policy = readPolicy(environment.required('POLICY_FILE'))
  return {
    auth: environment.auth,
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [],
    contextFor(call) {
      const { inventory, seats } = seatsWithin(call.deadline, policy)
      return { inventory, seats, actor: call.actor }
    },
  }
}
