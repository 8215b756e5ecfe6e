/**
 * What functions that record are bound to, made once a container: the org file's rules about people, and the ledger
 * within each invocation's time. With Genesys and the bus beside them it is what functions that change something
 * work with.
 */
import { within } from '../../aws/client-settings.ts'
import { ledgerClient } from '../../aws/dynamo-client.ts'
import type { EventBus } from '../../changes/model/change-events.ts'
import type { Desk, Workbench } from '../../changes/record/desk.ts'
import { memoizeLedger } from '../../changes/record/ledger.ts'
import type { Roster } from '../../changes/record/roster.ts'
import { type Clock, type Deadline, pacingWithin } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import { eventBridgeClient, eventBus } from '../../events/bus.ts'
import { EVENT_SOURCE } from '../../events/contract.ts'
import { listQueue } from '../../events/list-queue.ts'
import { queueClient } from '../../events/queue-client.ts'
import { GenesysReads } from '../../genesys/genesys-reads.ts'
import { type Scope, scopeOfDeciding } from '../../genesys/scope.ts'
import { inventoryRoster } from '../../inventory/for-changes/inventory-roster.ts'
import { inventorySeats, type ReadingKept } from '../../inventory/for-changes/seat-readings.ts'
import { dynamoBilling } from '../../ledger/dynamo-billing.ts'
import { dynamoInventory } from '../../ledger/dynamo-inventory.ts'
import { dynamoLedger } from '../../ledger/dynamo-ledger.ts'
import { storeOf } from '../../ledger/table/store.ts'
import { changeLog } from '../../observe/change-log.ts'
import { contractSeatsFrom } from '../../seats/read-told.ts'
import type { Transport } from '../../transport/transport.ts'
import { bindInventory } from './bind-inventory.ts'
import { readPolicy } from './read-policy.ts'

/**
 * @returns the desk of one invocation, whose calls of the ledger end by then.
 * @throws ConfigurationError where the table's name or the policy is missing or wrong.
 */
export function bindDesk(
  environment: Environment,
  clock: Clock,
  transport: Transport,
): (deadline: Deadline) => Desk {
  const client = ledgerClient(transport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
  const tableName = environment.required('LEDGER_TABLE')
  const standing = {
    clock,
    policy: readPolicy(environment.required('POLICY_FILE')),
    log: changeLog(environment.stack, clock),
  }
  const kept: ReadingKept = {}
  return (deadline) => {
    const access = { client: within(client, deadline), tableName, clock: pacingWithin(clock, deadline) }
    const table = storeOf(access)
    return {
      ...standing,
      ledger: dynamoLedger(access),
      seats: {
        ...inventorySeats(dynamoInventory(table), kept),
        contractSeats: contractSeatsFrom({ ...standing, records: dynamoBilling(table) }),
      },
    }
  }
}

/** @returns the stack's bus. @throws ConfigurationError where its name is missing. */
export function bindBus(environment: Environment, transport: Transport): EventBus {
  const client = eventBridgeClient(transport, environment.awsRegion, environment.endpointOf('EVENTBRIDGE'))
  return eventBus({ client, busName: environment.required('EVENT_BUS'), source: EVENT_SOURCE })
}

/** @returns what lists find people by, within an invocation's time. Nothing is made before a list is planned. */
export function bindRoster(
  environment: Environment,
  clock: Clock,
  transport: Transport,
): (deadline: Deadline) => Roster {
  let inventoryWithin: ReturnType<typeof bindInventory> | undefined
  return (deadline) => {
    const roster = () => {
      inventoryWithin ??= bindInventory(environment, clock, transport)
      return inventoryRoster(inventoryWithin(deadline))
    }
    return {
      newest: async () => await roster().newest(),
      beganAfter: async (atMs, by) => await roster().beganAfter(atMs, by),
    }
  }
}

/** @returns the workbench of one invocation, from its scope. */
export function bindWorkbench(
  environment: Environment,
  transport: Transport,
  deskFor: (deadline: Deadline) => Desk,
): (scope: Scope) => Workbench {
  const bus = bindBus(environment, transport)
  const lists = listQueue({
    client: queueClient(transport, environment.awsRegion, environment.endpointOf('SQS')),
    queueUrl: environment.required('LIST_QUEUE_URL'),
  })
  return (scope) => {
    const desk = deskFor(scope.deadline)
    const genesys = new GenesysReads(scopeOfDeciding(scope))
    const roster = bindRoster(environment, desk.clock, transport)(scope.deadline)
    return { ...desk, ledger: memoizeLedger(desk.ledger), scope, genesys, roster, bus, lists }
  }
}
