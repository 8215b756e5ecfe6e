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
    'The whole organization is read again, two requests to Genesys for each hundred users, at most 240 a minute, beginning within a minute. One that is under way, asked for and not begun, or whole and begun within the last minute is the answer to every request meanwhile, so repeating it is safe and an `Idempotency-Key` is not needed. All callers together are given six in an hour, beyond which this is 429 with `Retry-After`. `Location` is where to look.',
  effect: 'inventory',
  role: 'operator',
  params: {},
  response: InventoryReading,
  statuses: [202],
  permissions: noPermission,
  async run({ inventory, actor }) {
    const reading = await inventory.askForReading({ by: actor })
    // Relative to the request's own URL, which may have a stage before it.
    return new OperationAnswer(inventoryReadingOf(reading), 202, { location: `readings/${reading.id}` })
  },
})
