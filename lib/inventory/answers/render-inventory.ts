/** From what the inventory knows to what callers get. */
import type { User } from '../../people/user.ts'
import { isoIfKnown, isoOf } from '../../utc-day.ts'
import { changeIdBehind, changesBehind } from '../histories/read-origins.ts'
import type {
  ChangeOrigin,
  Dated,
  HoldingsPage,
  Inventory,
  NamedHolding,
  Origin,
  ReadingProgress,
} from '../inventory-port.ts'
import type { HoldingEntry, HoldingListing, InventoryReading } from './inventory-schemas.ts'

/** As of when, and whether all of the org is in it: beside whatever rests on a reading. */
export function datedOf({ asOfMs, isWhole }: Dated) {
  return { asOf: isoOf(asOfMs), isWhole }
}

export function holdingListingOf({ holdings, next, ...dated }: HoldingsPage): HoldingListing {
  return { entities: holdings.map(holdingEntryOf), ...datedOf(dated), next }
}

function holdingEntryOf(holding: NamedHolding): HoldingEntry {
  const { licenseId, userId, name, email, fromMs, fromAfterMs, untilMs, untilAfterMs, by, endedBy } = holding
  return {
    ...{ licenseId, userId, name, email },
    from: isoOf(fromMs),
    fromAfter: isoIfKnown(fromAfterMs),
    until: isoIfKnown(untilMs),
    untilAfter: isoIfKnown(untilAfterMs),
    by,
    endedBy,
  }
}

/** Columns of people as a file. */
export const userColumns = ['id', 'name', 'email', 'state', 'licenses', 'asOf', 'isWhole'] as const

export function userRowOf({ id, name, email, state, licenses }: User, dated: Dated) {
  // No id of a license has a blank in it.
  return { id, name, email, state, licenses: licenses.join(' '), ...datedOf(dated) }
}

/** Columns of a history as a file: a change stands by its id, and at the end with who asked for it, why, and who approved it. */
export const holdingColumns = [
  ...(['licenseId', 'userId', 'name', 'email', 'from', 'fromAfter', 'until', 'untilAfter'] as const),
  ...(['by', 'endedBy', 'asOf', 'isWhole'] as const),
  ...(['askedBy', 'reason', 'approvedBy', 'endAskedBy', 'endReason', 'endApprovedBy'] as const),
] as const

/** Part by part, each with one look at the changes behind it. @throws GatewayError `ledger.unavailable` */
export async function* holdingRowsOf(
  { origins }: Pick<Inventory, 'origins'>,
  parts: AsyncIterable<readonly NamedHolding[]>,
  dated: Dated,
) {
  for await (const part of parts) {
    const known = await origins(part.flatMap(changesBehind))
    yield part.map((holding) => holdingRowOf(holding, dated, known))
  }
}

function holdingRowOf(holding: NamedHolding, dated: Dated, known: ReadonlyMap<string, ChangeOrigin>) {
  const { by, endedBy, ...rest } = holdingEntryOf(holding)
  const end = known.get(changeIdBehind(endedBy) ?? '')
  return {
    ...rest,
    by: originTextOf(by),
    endedBy: endedBy === undefined ? undefined : originTextOf(endedBy),
    ...datedOf(dated),
    ...known.get(changeIdBehind(by) ?? ''),
    endAskedBy: end?.askedBy,
    endReason: end?.reason,
    endApprovedBy: end?.approvedBy,
  }
}

function originTextOf(by: Origin): string {
  return typeof by === 'string' ? by : by.changeId
}

export function inventoryReadingOf(reading: ReadingProgress): InventoryReading {
  const { id, state, askedAtMs, beganAtMs, endedAtMs, waitUntilMs, pagesRead, pagesToRead } = reading
  return {
    ...{ id, state },
    askedAt: isoOf(askedAtMs),
    beganAt: isoIfKnown(beganAtMs),
    endedAt: isoIfKnown(endedAtMs),
    waitsUntil: isoIfKnown(waitUntilMs),
    ...{ pagesRead, pagesToRead },
    selfUri: `/v1/readings/${id}`,
  }
}
