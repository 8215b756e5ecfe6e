import { type Environment, readEnvironment } from '../environment.ts'
import type { ApplyingWork, TickWork } from '../events/advance-due-changes.ts'
import { deadLetterQueue } from '../events/dead-letter-queue.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { EventWork } from '../events/flip-toggle.ts'
import { queueClient } from '../events/queue-client.ts'
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
  const queue = {
    client: queueClient(on.transport, environment.awsRegion, environment.endpointOf('SQS')),
    queueUrl: environment.required('DEAD_LETTER_URL'),
  }
  return {
    clock,
    noteFailure: failureLog(environment.stack, clock),
    workFor: async (deadline, functionName) => {
      const { openBench } = await workFor(deadline, functionName)
      return { bench: await openBench(), deadLetters: deadLetterQueue({ ...queue, functionName }) }
    },
  }
}

/** The composition root of the function that takes lists' turns. */
export function listTurns(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<ApplyingWork> {
  // As of the tick: what it foresees it answers message by message, so that its errors are an alarm.
  return { ...bindAppliers(environment, on), noteFailure: (error) => writeFailure(error, on.clock) }
}
