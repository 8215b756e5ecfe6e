/** Seats, the inventory that they are counted from, and what was told of them, as one invocation finds them on record. */
import type { KnownPeople } from '../../changes/model/policy.ts'
import type { Clock, Deadline } from '../../clock.ts'
import type { Environment } from '../../environment.ts'
import type { Inventory } from '../../inventory/inventory-port.ts'
import { ledgerInventory } from '../../inventory/ledger-inventory.ts'
import { dynamoBilling } from '../../ledger/dynamo-billing.ts'
import { dynamoNotices } from '../../ledger/dynamo-notices.ts'
import type { LicenseRules } from '../../license-terms.ts'
import type { BillingRecords } from '../../seats/billing-records.ts'
import type { Notices } from '../../seats/notices/notices.ts'
import { seatsFrom } from '../../seats/seats.ts'
import type { Seats } from '../../seats/seats-port.ts'
import type { Transport } from '../../transport/transport.ts'
import { bindInventory } from './bind-inventory.ts'

export interface SeatDesk {
  readonly inventory: Inventory
  readonly seats: Seats
  readonly notices: Notices
  /** What billing has said, which seats rest on. */
  readonly records: BillingRecords
}

/**
 * @param policy the org file's rules about licenses, and its people.
 * @returns what calls the ledger until the deadline.
 */
export function bindSeats(
  environment: Environment,
  clock: Clock,
  transport: Transport,
): (deadline: Deadline, policy: LicenseRules & KnownPeople) => SeatDesk {
  const inventoryWithin = bindInventory(environment, clock, transport)
  return (deadline, policy) => {
    const { table, ...source } = inventoryWithin(deadline)
    const inventory = ledgerInventory({ ...source, known: policy })
    const records = dynamoBilling(table)
    return {
      inventory,
      seats: seatsFrom({ inventory, records, policy, clock }),
      notices: dynamoNotices(table),
      records,
    }
  }
}
