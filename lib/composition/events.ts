import { type Environment, readEnvironment } from '../environment.ts'
import type { ApplyingWork, TickWork } from '../events/advance-due-changes.ts'
import { deadLetters, queueClient } from '../events/dead-letters.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { EventWork } from '../events/flip-toggle.ts'
import { writeUnforeseen } from '../observe/unforeseen.ts'
import { desks } from './parts/bind-desk.ts'
import { benches } from './parts/bind-workbench.ts'
import { container } from './parts/container.ts'
import { type Machine, machine } from './parts/machine.ts'
import { tokenWatch } from './token-watch.ts'

/** The composition root of the tick: what applies changes, and the watch over the tokens' ages. */
export function ticks(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<TickWork> {
  const { clock, workFor } = applying(environment, on)
  const watchTokens = tokenWatch(environment, on)
  return { clock, workFor: async (deadline) => ({ ...(await workFor(deadline)), watchTokens }) }
}

/** What applies changes without a request: the write token and the ledger. */
export function applying(environment: Environment, on: Machine): EventComposition<ApplyingWork> {
  const { clock, scopeWithin } = container(environment, 'WRITE_TOKEN_SECRET', on)
  const deskFor = desks(environment, clock, on.transport)
  const benchFor = benches(environment, on.transport, deskFor)
  return {
    clock,
    workFor: async (deadline) => ({
      desk: deskFor(deadline),
      deadline,
      openBench: async (within = deadline) => benchFor(await scopeWithin(within)),
    }),
  }
}

/** The composition root of functions that events call: as the tick's, and the queue for what no retry can help. */
export function events(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<EventWork> {
  const { clock, workFor } = applying(environment, on)
  const letters = deadLetters({
    client: queueClient(on.transport, environment.awsRegion, environment.endpointOf('SQS')),
    queueUrl: environment.required('DEAD_LETTER_URL'),
  })
  return {
    clock,
    unforeseen: (error) => writeUnforeseen(environment.stack, error, clock),
    workFor: async (deadline) => {
      const { openBench } = await workFor(deadline)
      return { bench: await openBench(), deadLetters: letters }
    },
  }
}
