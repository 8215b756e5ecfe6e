import type { Environment } from '../../environment.ts'
import type { ApplyingWork } from '../../events/advance-due-changes.ts'
import type { EventComposition } from '../../events/event-lambda.ts'
import { bindDesk, bindWorkbench } from './bind-desk.ts'
import { bindGenesys } from './bind-genesys.ts'
import type { Machine } from './machine.ts'

/** What applies changes without a request: the write token and the ledger. */
export function bindAppliers(
  environment: Environment,
  on: Machine,
): Omit<EventComposition<ApplyingWork>, 'noteFailure'> {
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
