import { type Environment, readEnvironment } from '../environment.ts'
import type { ApplyingWork, TickWork } from '../events/advance-due-changes.ts'
import { deadLetterQueue, queueClient } from '../events/dead-letter-queue.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { EventWork } from '../events/flip-toggle.ts'
import { writeUnforeseen } from '../observe/write-unforeseen.ts'
import { bindDesk } from './bindings/bind-desk.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { bindWorkbench } from './bindings/bind-workbench.ts'
import { type Machine, machine } from './bindings/machine.ts'
import { bindTokenWatch } from './bindings/watch-tokens.ts'

/** The composition root of the tick: what applies changes, and the watch over the tokens' ages. */
export function ticks(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<TickWork> {
  const { clock, workFor } = applying(environment, on)
  const watchTokens = bindTokenWatch(environment, on)
  return { clock, workFor: async (deadline) => ({ ...(await workFor(deadline)), watchTokens }) }
}

/** What applies changes without a request: the write token and the ledger. */
export function applying(environment: Environment, on: Machine): EventComposition<ApplyingWork> {
  const { clock, scopeWithin } = bindGenesys(environment, 'WRITE_TOKEN_SECRET', on)
  const deskFor = bindDesk(environment, clock, on.transport)
  const benchFor = bindWorkbench(environment, on.transport, deskFor)
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
  const letters = deadLetterQueue({
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
