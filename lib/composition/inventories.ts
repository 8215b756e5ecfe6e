import { type Environment, readEnvironment } from '../environment.ts'
import { GatewayError } from '../errors.ts'
import type { Composition } from '../http/lambda.ts'
import { ledgerInventory } from '../inventory/ledger-inventory.ts'
import { requestLog } from '../observe/request-log.ts'
import { bindInventory } from './bindings/bind-inventory.ts'
import { type Machine, machine } from './bindings/machine.ts'

/** The composition root of functions that have what readings of the whole org have put into the ledger: no token, no Genesys. */
export function inventories(
  environment: Environment = readEnvironment(),
  { clock, transport }: Machine = machine,
): Composition<'inventory'> {
  const inventoryWithin = bindInventory(environment, clock, transport)
  return {
    auth: environment.auth,
    clock,
    log: requestLog(environment.stack, clock),
    middlewares: [],
    contextFor: (call) => ({
      inventory: ledgerInventory(inventoryWithin(call.deadline)),
      seats: { now: refuse, periods: refuse, report: refuse },
    }),
  }
}

/** Until seats are bound here. */
async function refuse(): Promise<never> {
  throw new GatewayError('reading.unavailable', 'Seats are not told yet')
}
