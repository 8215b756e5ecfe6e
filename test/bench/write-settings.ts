/** Before what writes are measured. */
import type { ServersOptions } from './processes/servers.ts'

/**
 * Switches switch, so that each write of a toggle has an effect; the rate limit is out of the way; there are so many
 * users that none is written twice by one container.
 */
export const SERVERS: ServersOptions = { users: 4_000, toggles: 'legacy', requestsPerMinute: 1e9 }

/** How long others take to answer, milliseconds. */
export interface Setting {
  readonly latencyMs: number
  readonly ledgerMs: number
}

/** A ledger as far as DynamoDB says it is (single-digit milliseconds), and with it an upstream over the internet. */
export const AFAR: readonly Setting[] = [
  { latencyMs: 0, ledgerMs: 5 },
  { latencyMs: 100, ledgerMs: 5 },
]

export function asMilliseconds({ latencyMs, ledgerMs }: Setting): string {
  return `Genesys ${latencyMs} ms, ledger ${ledgerMs} ms a call`
}
