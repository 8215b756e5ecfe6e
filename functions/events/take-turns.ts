import { listTurns } from '../../lib/composition/events.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'
import { takeTurns } from '../../lib/events/take-turns.ts'

export const handler = eventLambda(takeTurns, listTurns())
