import { ticks } from '../../lib/composition/events.ts'
import { advanceDueChanges } from '../../lib/events/advance-due-changes.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'

export const handler = eventLambda(advanceDueChanges, ticks())
