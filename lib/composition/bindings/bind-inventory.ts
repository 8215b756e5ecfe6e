/** What readings are kept in, and the journal beside them, made once a container. */
import { within } from '../../aws/client-settings.ts'
import { ledgerClient } from '../../aws/dynamo-client.ts'
import { type Clock, type Deadline, pacingWithin } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import type { InventorySource } from '../../inventory/ledger-inventory.ts'
import type { SearchKept } from '../../inventory/search-people.ts'
import { changeHeads, journal } from '../../ledger/dynamo-changes.ts'
import { dynamoInventory } from '../../ledger/dynamo-inventory.ts'
import { type Store, storeOf } from '../../ledger/table/store.ts'
import type { Transport } from '../../transport/transport.ts'

export interface StoredInventory extends InventorySource {
  /** The table that it is in: what else is asked of it there in the same turn goes out in one request. */
  readonly table: Store
}

/**
 * @returns what one invocation finds the inventory in; its calls of the ledger end by the deadline.
 * @throws ConfigurationError where the table's name is missing.
 */
export function bindInventory(
  environment: Environment,
  clock: Clock,
  transport: Transport,
): (deadline: Deadline) => StoredInventory {
  const client = ledgerClient(transport, environment.awsRegion, environment.endpointOf('DYNAMODB'))
  const tableName = environment.required('LEDGER_TABLE')
  const kept: SearchKept = {}
  return (deadline) => {
    const table = storeOf({
      client: within(client, deadline),
      tableName,
      clock: pacingWithin(clock, deadline),
    })
    const changes = changeHeads(table)
    return { store: dynamoInventory(table), journal: journal(table).journal, changes, clock, kept, table }
  }
}
