import { InventoryReading } from '../../inventory/answers/inventory-schemas.ts'
import { inventoryReadingOf } from '../../inventory/answers/render-inventory.ts'
import { defineOperation, OperationAnswer } from '../../operation.ts'
import { noPermission } from '../permissions.ts'

export const createReading = defineOperation({
  id: 'createReading',
  method: 'POST',
  path: '/v1/readings',
  summary: 'Ask for a fresh reading of who holds what',
  description:
    'The whole organization is read again, two requests to Genesys for each hundred users, at most 240 a minute, beginning within a minute. One that is under way, or asked for and not begun, is the answer to every request meanwhile, so repeating it is safe and an `Idempotency-Key` is not needed. `Location` is where to look.',
  effect: 'inventory',
  role: 'operator',
  params: {},
  response: InventoryReading,
  statuses: [202],
  permissions: noPermission,
  async run({ inventory }) {
    const reading = await inventory.askForReading()
    // Relative to the request's own URL, which may have a stage before it.
    return new OperationAnswer(inventoryReadingOf(reading), 202, { location: `readings/${reading.id}` })
  },
})
