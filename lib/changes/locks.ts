/** One open change on each target: locks are taken in order, and a stale one is overwritten (ADR 7, rules 4 and 5). */
import { GatewayError } from '../errors.ts'
import { type Header, runningStates } from './change.ts'
import { settledAt } from './due.ts'
import { aboutChange } from './failure.ts'
import { STALENESS_MS } from './timing.ts'
import type { Desk } from './work.ts'

/** Races for one lock that are fought before the other side is believed. */
const MAX_TRIES = 5

/** A lock counts while its change may still write, or has not been looked at again. */
function holdsLocks({ state, lookDueAtMs }: Header): boolean {
  return runningStates.includes(state) || (state === 'APPLIED' && lookDueAtMs !== undefined)
}

/**
 * Puts all locks of a change.
 *
 * @param keys sorted here, so that of two changes that share targets one gets them all.
 * @returns from when on a read of the targets shows what the changes before have written; epoch milliseconds.
 * @throws GatewayError `change.conflict` naming the change that holds one of them. Locks taken by then are left: they
 *   count for nothing once their change has settled.
 */
export async function takeLocks(
  { ledger }: Pick<Desk, 'ledger'>,
  changeId: string,
  keys: readonly string[],
): Promise<number> {
  const sorted = [...new Set(keys)].sort()
  const named = await ledger.locks(sorted)
  const others = new Map<string, Header | undefined>()
  let freshFromMs = 0

  for (const key of sorted) {
    let seen = named.get(key)
    for (let tries = 1; seen !== changeId; tries++) {
      const other = seen === undefined ? undefined : await headerOf(seen)
      if (other && holdsLocks(other)) throw conflict(key, other)
      if (other) freshFromMs = Math.max(freshFromMs, settledAt(other) + STALENESS_MS)
      if (await ledger.putLock(key, changeId, seen)) break
      if (tries === MAX_TRIES) throw lockContended(key)
      seen = (await ledger.locks([key])).get(key)
      if (seen !== undefined) others.delete(seen)
    }
  }
  return freshFromMs

  async function headerOf(id: string): Promise<Header | undefined> {
    if (!others.has(id)) others.set(id, await ledger.get(id))
    return others.get(id)
  }
}

function conflict(key: string, { id, state }: Header): GatewayError {
  return new GatewayError(
    'change.conflict',
    `The change ${id} is open on ${spoken(key)}; look at GET /v1/changes/${id} and try again when it has settled`,
    { faults: [aboutChange(id, `it is ${state}`, state)], retryAfterSeconds: 5 },
  )
}

function lockContended(key: string): GatewayError {
  return new GatewayError('change.conflict', `Other changes are open on ${spoken(key)}; try again`, {
    retryAfterSeconds: 5,
  })
}

/** `pair#cloudCX1#…` as a person reads it. */
function spoken(key: string): string {
  const [kind, first, second] = key.split('#')
  return kind === 'toggle' ? `the toggle ${first}` : `${first} of user ${second}`
}
