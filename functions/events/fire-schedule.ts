import { events } from '../../lib/composition/events.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'
import { fireSchedule } from '../../lib/events/fire-schedule.ts'

export const handler = eventLambda(fireSchedule, events())
