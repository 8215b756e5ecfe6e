import { GatewayError } from '../../errors.ts'
import { datedOf } from '../../inventory/answers/render-inventory.ts'
import type { Dated, Inventory } from '../../inventory/inventory-port.ts'

/**
 * That nobody has an id is known where a whole reading has nobody of it; else there is nothing to tell, which is no error.
 *
 * @throws GatewayError `not.found`
 */
export async function refuseNobody(inventory: Inventory, userId: string, dated: Dated): Promise<void> {
  if (!dated.isWhole || (await inventory.people([userId])).size > 0) return
  const message = `Nobody has had the id ${userId} as of ${datedOf(dated).asOf}; somebody added since shows with the next reading, which POST /v1/readings asks for`
  throw new GatewayError('not.found', message)
}
