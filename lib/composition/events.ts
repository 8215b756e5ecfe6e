import { type Environment, readEnvironment } from '../environment.ts'
import type { TickWork } from '../events/advance-due-changes.ts'
import { type DeadLetterQueue, deadLetterQueue } from '../events/dead-letter-queue.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { EventWork } from '../events/flip-toggle.ts'
import { queueClient } from '../events/queue-client.ts'
import type { TurnWork } from '../events/take-turns.ts'
import { failureLog, writeFailure } from '../observe/write-unforeseen.ts'
import { bindAppliers } from './bindings/bind-appliers.ts'
import { type Machine, machine } from './bindings/machine.ts'
import { bindTokenWatch } from './bindings/watch-tokens.ts'

/** The composition root of the tick: what applies changes, and the watch over the tokens' ages. */
export function ticks(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<TickWork> {
  const { clock, workFor } = bindAppliers(environment, on)
  const watchTokens = bindTokenWatch(environment, on)
  return {
    clock,
    // Of any kind: Lambda's own count of its errors is an alarm.
    noteFailure: (error) => writeFailure(error, clock),
    workFor: async (deadline, name) => ({ ...(await workFor(deadline, name)), watchTokens }),
  }
}

/** The composition root of functions that events call: as the tick's, and the queue for what no retry can help. */
export function events(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<EventWork> {
  const { clock, workFor } = bindAppliers(environment, on)
  const deadLettersOf = bindDeadLetters(environment, on)
  return {
    clock,
    noteFailure: failureLog(environment.stack, clock),
    workFor: async (deadline, functionName) => {
      const { openBench } = await workFor(deadline, functionName)
      return { bench: await openBench(), deadLetters: deadLettersOf(functionName) }
    },
  }
}

/** The composition root of the function that takes lists' turns. */
export function listTurns(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<TurnWork> {
  const { clock, workFor } = bindAppliers(environment, on)
  const deadLettersOf = bindDeadLetters(environment, on)
  return {
    clock,
    // As of the tick: what it foresees it answers message by message, so that its errors are an alarm.
    noteFailure: (error) => writeFailure(error, clock),
    workFor: async (deadline, name) => ({
      ...(await workFor(deadline, name)),
      deadLetters: deadLettersOf(name),
    }),
  }
}

/** @returns the queue of what no retry can help, as one function puts it. */
function bindDeadLetters(environment: Environment, on: Machine): (functionName: string) => DeadLetterQueue {
  const client = queueClient(on.transport, environment.awsRegion, environment.endpointOf('SQS'))
  const queueUrl = environment.required('DEAD_LETTER_URL')
  return (functionName) => deadLetterQueue({ client, queueUrl, functionName })
}
