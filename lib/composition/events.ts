import { type Environment, readEnvironment } from '../environment.ts'
import type { TickWork } from '../events/advance-due-changes.ts'
import { deadLetters, queueClient } from '../events/dead-letters.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { EventWork } from '../events/flip-toggle.ts'
import { benches } from './bench.ts'
import { container } from './container.ts'
import { desks } from './desk.ts'
import { type Machine, machine } from './machine.ts'

/** The composition root of the tick: the write token and the ledger. */
export function ticks(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<TickWork> {
  const { clock, scopeWithin } = container(environment, 'WRITE_TOKEN_SECRET', on)
  const deskFor = desks(environment, clock, on.transport)
  const benchFor = benches(environment, on.transport, deskFor)
  return {
    clock,
    workFor: async (deadline) => ({
      desk: deskFor(deadline),
      openBench: async () => benchFor(await scopeWithin(deadline)),
    }),
  }
}

/** The composition root of functions that events call: as the tick's, and the queue for what no retry can help. */
export function events(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<EventWork> {
  const { clock, workFor } = ticks(environment, on)
  const letters = deadLetters({
    client: queueClient(on.transport, environment.awsRegion, environment.endpointOf('SQS')),
    queueUrl: environment.required('DEAD_LETTER_URL'),
  })
  return {
    clock,
    workFor: async (deadline) => {
      const { openBench } = await workFor(deadline)
      return { bench: await openBench(), deadLetters: letters }
    },
  }
}
