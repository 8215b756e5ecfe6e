import { readings } from '../../lib/composition/readings.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'
import { takeInventory } from '../../lib/events/take-inventory.ts'

export const handler = eventLambda(takeInventory, readings())
