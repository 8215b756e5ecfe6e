import { type Environment, readEnvironment } from '../environment.ts'
import type { EventComposition } from '../events/event-lambda.ts'
import type { Chore, InventoryWork } from '../events/take-inventory.ts'
import { GenesysBilling } from '../genesys/genesys-billing.ts'
import { GenesysReads } from '../genesys/genesys-reads.ts'
import { MAX_PAGE_SIZE } from '../genesys/models/ids.ts'
import { billingLog } from '../observe/billing-log.ts'
import { changeLog } from '../observe/change-log.ts'
import { noteFailedChore, readingLog } from '../observe/reading-log.ts'
import { writeFailure } from '../observe/write-unforeseen.ts'
import { keepBilling } from '../seats/keep-billing.ts'
import { watchSeats } from '../seats/notices/watch-seats.ts'
import { keepPaid } from '../seats/paid-record.ts'
import { countedOnce } from '../seats/seats.ts'
import { bindBus } from './bindings/bind-desk.ts'
import { bindGenesys } from './bindings/bind-genesys.ts'
import { bindInventory } from './bindings/bind-inventory.ts'
import { bindSeats } from './bindings/bind-seats.ts'
import { type Machine, machine } from './bindings/machine.ts'
import { readPolicy } from './bindings/read-policy.ts'

/** The function's own timeout is 15 minutes, the longest there is; what is under way then is put on record. Milliseconds. */
const TOTAL_TIMEOUT_MS = 870_000

/** With three tries of it, well under the time that a reading's lease lasts: a longer one is waited for with the lease renewed. Milliseconds. */
const LONGEST_WAIT_OF_PAGE_MS = 5_000

/** Upstream's windows have a minute; a longer wait is for the next try, an hour later. Milliseconds. */
const LONGEST_WAIT_OF_BILLING_MS = 60_000

const DEFAULT_HOUR = 2

/** The composition root of take-inventory: the read token, the ledger, and what is done each minute besides. */
export function readings(
  environment: Environment = readEnvironment(),
  on: Machine = machine,
): EventComposition<InventoryWork> {
  const { clock, scopeWithin } = bindGenesys(environment, 'READ_TOKEN_SECRET', on)
  const inventoryWithin = bindInventory(environment, clock, on.transport)
  const seatsWithin = bindSeats(environment, clock, on.transport)
  const policy = readPolicy(environment.required('POLICY_FILE'))
  const bus = bindBus(environment, on.transport)
  const log = readingLog(environment.stack, clock)
  const { noteDeferred } = changeLog(environment.stack, clock)
  return {
    clock,
    totalTimeoutMs: TOTAL_TIMEOUT_MS,
    // Of any kind: Lambda's own count of its errors is an alarm.
    noteFailure: (error) => writeFailure(error, clock),
    workFor: async (deadline) => {
      const { store, journal } = inventoryWithin(deadline)
      const openPages = async () => {
        const scope = { ...(await scopeWithin(deadline)), longestWaitMs: LONGEST_WAIT_OF_PAGE_MS }
        const reads = new GenesysReads(scope)
        const page = (pageNumber: number) => ({ pageSize: MAX_PAGE_SIZE, pageNumber })
        return {
          licenses: (pageNumber: number) => reads.getUsers(page(pageNumber)),
          directory: (pageNumber: number) => reads.getDirectoryPage(page(pageNumber)),
          observed: scope.observed,
        }
      }
      const { seats, ...kept } = seatsWithin(deadline, policy)
      const desk = { ...kept, seats: countedOnce(seats) }
      const watch = { ...desk, bus, clock, policy, log: { noteDeferred } }
      const keeper = {
        ...desk,
        openBilling: async () => {
          const scope = { ...(await scopeWithin(deadline)), longestWaitMs: LONGEST_WAIT_OF_BILLING_MS }
          return new GenesysBilling(scope, environment.org.id)
        },
        clock,
        log: billingLog(clock),
      }
      // What billing says comes first, since seats rest on it.
      const chores: readonly Chore[] = [
        { name: 'keep billing', run: () => keepBilling(keeper) },
        { name: 'keep what is paid for', run: () => keepPaid({ ...desk, clock }) },
        { name: 'watch seats', run: () => watchSeats(watch) },
      ]
      return {
        reading: {
          store,
          journal,
          openPages,
          clock,
          deadline,
          hour: policy.inventory?.hour ?? DEFAULT_HOUR,
          log,
        },
        chores,
        noteFailedChore: (name, error) => noteFailedChore(name, error, clock),
      }
    },
  }
}
