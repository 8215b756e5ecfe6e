/** Readings of a world's org, taken by the real reader over real sockets, and what is counted from them. */

import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import type { Policy } from '../../../lib/changes/model/policy.ts'
import type { SeatReadings } from '../../../lib/changes/record/desk.ts'
import type { Roster } from '../../../lib/changes/record/roster.ts'
import { type Clock, deadlineIn } from '../../../lib/clock.ts'
import { GenesysReads } from '../../../lib/genesys/genesys-reads.ts'
import { newObserved, type Scope } from '../../../lib/genesys/scope.ts'
import { inventoryRoster } from '../../../lib/inventory/for-changes/inventory-roster.ts'
import { inventorySeats } from '../../../lib/inventory/for-changes/seat-readings.ts'
import type { Inventory } from '../../../lib/inventory/inventory-port.ts'
import { ledgerInventory } from '../../../lib/inventory/ledger-inventory.ts'
import { takeReading } from '../../../lib/inventory/reading/take-reading.ts'
import { dynamoBilling } from '../../../lib/ledger/dynamo-billing.ts'
import { changeHeads } from '../../../lib/ledger/dynamo-changes.ts'
import { dynamoInventory } from '../../../lib/ledger/dynamo-inventory.ts'
import { storeOf } from '../../../lib/ledger/table/store.ts'
import { seatsFrom } from '../../../lib/seats/seats.ts'
import type { Seats } from '../../../lib/seats/seats-port.ts'
import { nodeTransport } from '../../../lib/transport/transport.ts'
import type { TestLedger } from '../ledger/ledger.ts'

/** As the function has it. Milliseconds. */
const READING_MS = 870_000

/** Minutes in which a reading must have ended. */
const MINUTES = 30

export interface ReadOrg {
  readonly inventory: Inventory
  readonly seats: Seats
  /** What plans count from. */
  readonly readings: SeatReadings
  /** What lists find people by. */
  readonly roster: Roster
  /** Somebody asks for a reading, and it is taken, minute after minute, until it has ended. */
  readonly read: () => Promise<void>
}

interface ReadFrom {
  readonly store: TestLedger
  readonly clock: Clock
  readonly policy: Policy
  readonly scope: () => Scope
}

export function readOrg({ store: { ledger, url, tableName }, clock, policy, scope }: ReadFrom): ReadOrg {
  const table = storeOf({ client: ledgerClient(nodeTransport, 'us-east-1', url), tableName, clock })
  const store = dynamoInventory(table)
  const source = { store, journal: ledger.journal, changes: changeHeads(table), clock }
  const inventory = ledgerInventory(source)
  const takeStretch = () =>
    takeReading({
      store,
      journal: ledger.journal,
      async openPages() {
        const observed = newObserved()
        const reads = new GenesysReads({ ...scope(), observed, deadline: deadlineIn(READING_MS, clock) })
        const page = (pageNumber: number) => ({ pageSize: 100, pageNumber })
        return {
          licenses: (pageNumber) => reads.getUsers(page(pageNumber)),
          directory: (pageNumber) => reads.getDirectoryPage(page(pageNumber)),
          observed,
        }
      },
      clock,
      deadline: deadlineIn(READING_MS, clock),
      hour: 2,
      log: { noteStretch: () => {}, noteReading: () => {}, noteAge: () => {} },
    })
  return {
    inventory,
    readings: inventorySeats(store, {}),
    roster: inventoryRoster(source),
    seats: seatsFrom({ inventory, records: dynamoBilling(table), policy, clock }),
    async read() {
      const { id } = await inventory.askForReading({ beganAfterMs: clock.nowMs() })
      for (let minute = 0; minute < MINUTES; minute++) {
        await takeStretch()
        const progress = await inventory.reading(id)
        if (progress?.endedAtMs !== undefined) return
        await clock.sleep(60_000)
      }
      throw new Error(`no reading has ended within ${MINUTES} minutes`)
    },
  }
}
