import * as z from 'zod/mini'
import { GatewayError } from '../../errors.ts'
import { models } from '../../genesys/models/model-registry.ts'
import { InventoryReading } from '../../inventory/answers/inventory-schemas.ts'
import { inventoryReadingOf } from '../../inventory/answers/render-inventory.ts'
import { defineOperation } from '../../operation.ts'
import { checksOfPasted } from '../../text.ts'
import { noPermission } from '../permissions.ts'

const rule = 'must be the id of a reading, as POST /v1/readings gave it, or latest'

const ReadingId = z
  .string()
  .check(...checksOfPasted(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/, rule))
  .register(models, { id: 'ReadingId' })

export const getReading = defineOperation({
  id: 'getReading',
  method: 'GET',
  path: '/v1/readings/{readingId}',
  summary: 'How far a reading is',
  description:
    '`latest` is the one that is under way or asked for, else the newest whole one. Whatever rests on readings goes on with the whole one before until this one is `whole`. One that is `notWhole` (users came or went meanwhile, or Genesys could not be read to the end) is nothing’s base.',
  effect: 'inventory',
  role: 'viewer',
  params: { readingId: ReadingId },
  response: InventoryReading,
  permissions: noPermission,
  async run({ inventory }, { params: { readingId } }) {
    const reading = await inventory.reading(readingId)
    if (reading === undefined) throw new GatewayError('not.found', `No reading ${readingId} is on record`)
    return inventoryReadingOf(reading)
  },
})
