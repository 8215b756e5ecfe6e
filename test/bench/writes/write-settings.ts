/** Before what writes are measured. */
import type { ServersOptions } from '../processes/servers.ts'

/**
 * Switches switch, so that each write of a toggle has an effect; the rate limit is out of the way; and there are users
 * enough for every batch to be of others.
 */
export const SERVERS: ServersOptions = { users: 4_000, toggles: 'legacy', requestsPerMinute: 1e9 }

/** How long others take to answer at least, milliseconds; 0 is as long as loopback and the stand-in take. */
export interface Setting {
  readonly latencyMs: number
  readonly ledgerMs: number
  /** Of each item of a transaction of the ledger, beyond its call. */
  readonly ledgerItemMs?: number
}

/** Nothing is held back. */
export const NEAR: Setting = { latencyMs: 0, ledgerMs: 0 }

/** A ledger as far as DynamoDB says it is: single-digit milliseconds. */
export const LEDGER_AFAR: Setting = { latencyMs: 0, ledgerMs: 5 }

/** And with it an upstream over the internet. */
export const ALL_AFAR: Setting = { latencyMs: 100, ledgerMs: 5 }

/** Where a transaction has so many items that they tell. */
export const ITEMS_AFAR: Setting = { ...LEDGER_AFAR, ledgerItemMs: 0.5 }

/** @param loopbackMs what a call took where nothing is held back. */
export function asMilliseconds({ latencyMs, ledgerMs, ledgerItemMs }: Setting, loopbackMs?: number): string {
  const measured = loopbackMs === undefined ? '' : ` (${loopbackMs.toFixed(1)} ms a call)`
  const items = ledgerItemMs === undefined ? '' : ` and ${ledgerItemMs} ms an item of a transaction`
  const ledger = ledgerMs === 0 ? `ledger on loopback${measured}` : `ledger ${ledgerMs} ms a call${items}`
  return `Genesys ${latencyMs} ms, ${ledger}`
}
