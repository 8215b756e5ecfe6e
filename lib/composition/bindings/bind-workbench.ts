/** What functions that change Genesys are bound to, made once a container. */

import type { Desk, Workbench } from '../../changes/record/desk.ts'
import { memoizeLedger } from '../../changes/record/memoize-ledger.ts'
import type { Deadline } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { eventBridgeClient, eventBus } from '../../events/bus.ts'
import { EVENT_SOURCE } from '../../events/contract.ts'
import { GenesysReads } from '../../genesys/genesys-reads.ts'
import { type Scope, scopeOfDeciding } from '../../genesys/scope.ts'
import type { Transport } from '../../transport/transport.ts'

/** @returns the workbench of one invocation, from its scope. */
export function bindWorkbench(
  environment: Environment,
  transport: Transport,
  deskFor: (deadline: Deadline) => Desk,
): (scope: Scope) => Workbench {
  const client = eventBridgeClient(transport, environment.awsRegion, environment.endpointOf('EVENTBRIDGE'))
  const bus = eventBus({ client, busName: environment.required('EVENT_BUS'), source: EVENT_SOURCE })
  return (scope) => {
    const desk = deskFor(scope.deadline)
    const genesys = new GenesysReads(scopeOfDeciding(scope))
    return { ...desk, ledger: memoizeLedger(desk.ledger), scope, genesys, bus }
  }
}
