import { events } from '../../lib/composition/events.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'
import { flipToggle } from '../../lib/events/flip-toggle.ts'

export const handler = eventLambda(flipToggle, events())
