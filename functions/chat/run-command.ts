import { runCommand } from '../../lib/chat/run-command.ts'
import { commands } from '../../lib/composition/chat-commands.ts'
import { eventLambda } from '../../lib/events/event-lambda.ts'

export const handler = eventLambda(runCommand, commands())
