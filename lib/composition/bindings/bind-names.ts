/** What people are called, for whoever has their ids alone: from the last reading of the whole org. */
import type { NamesOf } from '../../changes/answers/change-rows.ts'
import type { Clock, Deadline } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { GatewayError } from '../../errors.ts'
import { ledgerInventory } from '../../inventory/ledger-inventory.ts'
import type { Transport } from '../../transport/transport.ts'
import { bindInventory } from './bind-inventory.ts'

/** @returns names within an invocation's time; none before there is a reading. Nothing is made before they are asked for. */
export function bindNames(
  environment: Environment,
  clock: Clock,
  transport: Transport,
): (deadline: Deadline) => NamesOf {
  let inventoryWithin: ReturnType<typeof bindInventory> | undefined
  return (deadline) => async (userIds) => {
    inventoryWithin ??= bindInventory(environment, clock, transport)
    try {
      return await ledgerInventory(inventoryWithin(deadline)).people(userIds)
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'reading.unavailable') return new Map()
      throw error
    }
  }
}
