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
 * A lock names the change and the claim that put it: a change that was given back and is claimed again puts its locks
 * anew, or somebody who saw the old ones could still overwrite them (ADR 7, rule 4).
 */
function holderOf({ id, owner = '' }: Pick<Header, 'id' | 'owner'>): string {
  return `${id}.${owner}`
}

/** The change that a lock names. */
export function changeIdOf(holder: string): string {
  return holder.split('.')[0] ?? holder
}

/**
 * Puts all locks of a change.
 *
 * @param claimed CLAIMED by this invocation.
 * @param keys sorted here, so that of two changes that share targets one gets them all.
 * @returns from when on a read of the targets shows what the changes before have written; epoch milliseconds.
 * @throws GatewayError `change.conflict` naming the change that holds one of them. Locks taken by then are left: they
 *   count for nothing once their change has settled.
 */
export async function takeLocks(
  { ledger }: Pick<Desk, 'ledger'>,
  claimed: Pick<Header, 'id' | 'owner'>,
  keys: readonly string[],
): Promise<number> {
  const sorted = [...new Set(keys)].sort()
  const named = await ledger.locks(sorted)
  const holder = holderOf(claimed)
  const others = await headersOf(ledger, new Set([...named.values()].map(changeIdOf)))
  let freshFromMs = 0

  for (const key of sorted) {
    let seen = named.get(key)
    for (let tries = 1; seen !== holder; tries++) {
      const other = seen === undefined ? undefined : await otherNamed(changeIdOf(seen))
      if (other && holdsLocks(other)) throw conflict(key, other)
      if (other) freshFromMs = Math.max(freshFromMs, settledAt(other) + STALENESS_MS)
      if (await ledger.putLock(key, holder, seen)) break
      if (tries === MAX_TRIES) throw lockContended(key)
      seen = (await ledger.locks([key])).get(key)
      if (seen !== undefined) others.delete(changeIdOf(seen))
    }
  }
  return freshFromMs

  async function otherNamed(id: string): Promise<Header | undefined> {
    if (id === claimed.id) return undefined
    if (!others.has(id)) others.set(id, await ledger.get(id))
    return others.get(id)
  }
}

/** Headers read at a time: the changes before may be as many as the targets. */
const LANES = 16

async function headersOf(
  ledger: Desk['ledger'],
  ids: ReadonlySet<string>,
): Promise<Map<string, Header | undefined>> {
  const found = new Map<string, Header | undefined>()
  const left = [...ids]
  const lane = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) found.set(id, await ledger.get(id))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return found
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
