import { runCommand } from '../../lib/chat/run/run-command.ts'
import { commands } from '../../lib/composition/run-command.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'

export const handler = eventLambda(runCommand, commands())
