/** One person of a reading, as the inventory keeps them from one reading to the next. */
import type { Pair } from './inventory-port.ts'

/** Where the gateway was at work on a pair while its page was read, so that the page says nothing of what came before. */
export interface ContestedPair {
  readonly licenseId: string
  /** What was known before the gateway was at work. */
  readonly isHeld: boolean
  /** When that was seen last, epoch milliseconds; absent in readings of before it was kept: by the page. */
  readonly knownAtMs?: number | undefined
  /** From when on the journal's rows on it are still to be told, epoch milliseconds. */
  readonly fromMs: number
}

export interface InventoryPerson {
  readonly id: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  /** `active`, `inactive` or `deleted`, as Genesys says it; absent of whom the directory does not know. */
  readonly state?: string | undefined
  /** As the page had them. */
  readonly licenses: readonly string[]
  /** When that page was asked for, epoch milliseconds: what it says is no older. */
  readonly seenAtMs: number
  /** The last whole reading did not have them: what they hold is carried on from the one before, once. */
  readonly isMissing?: boolean | undefined
  /** They are missing, and no reading has shown them yet: what they held when records began is not known. */
  readonly isUnread?: boolean | undefined
  /** In the directory, and not in two whole walks over licenses one after the other: Genesys lists them while they hold something. */
  readonly isUnlisted?: boolean | undefined
  readonly contested?: readonly ContestedPair[] | undefined
}

/** Ids are told apart by their letters and not by case; this is also the order in which readings are kept. */
export function foldId(id: string): string {
  return id.toLowerCase()
}

/** The order of readings. */
function compareIds(one: string, other: string): number {
  const [a, b] = [foldId(one), foldId(other)]
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** By the user's id, then by the license's. */
export function comparePairs(one: Pair, other: Pair): number {
  return compareIds(one.userId, other.userId) || compareIds(one.licenseId, other.licenseId)
}
