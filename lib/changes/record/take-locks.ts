/** One open change on each target, and the newer wish first: locks are taken in order, and a stale one is overwritten (ADR 7, rules 4, 5 and 16). */
import { GatewayError } from '../../errors.ts'
import { settledAtOf, triesOf } from '../model/due.ts'
import { aboutChange } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { STALENESS_MS, TICK_MS } from '../model/timing.ts'
import type { Desk } from './desk.ts'
import { type Intent, type LedgerWrite, type Lock, MAX_GUARDED_WRITES } from './ledger.ts'

/** Races for one lock that are fought before the other side is believed. */
const MAX_TRIES = 5

/**
 * Until when a change holds its locks, unless it settles sooner; epoch milliseconds. Undefined where it holds none: a lock
 * counts while its change may still write, or has not been looked at again.
 */
function heldUntilMs(header: Header): number | undefined {
  switch (header.state) {
    case 'CLAIMED':
      return header.leaseUntilMs
    case 'SENT':
    case 'UNKNOWN':
      return header.quietUntilMs
    case 'APPLIED':
    case 'PARTIAL':
      return header.lookDueAtMs
    default:
      return undefined
  }
}

function holdsLocks(header: Header): boolean {
  return heldUntilMs(header) !== undefined
}

/**
 * A lock names the change and the claim that put it: a change that was given back and is claimed again puts its locks
 * anew, or somebody who saw the old ones could still overwrite them (ADR 7, rule 4).
 */
function holderOf({ id, owner = '' }: Pick<Header, 'id' | 'owner'>): string {
  return `${id}.${owner}`
}

/** The change that holds a lock, or held it last. */
export function lastHolderOf({ holder }: Lock): string | undefined {
  return holder?.split('.')[0]
}

/** A change's wish, as locks keep it. */
export function intentOf({ id, intentAtMs, arrivedAtMs, createdAtMs }: Header): Intent {
  return { changeId: id, atMs: intentAtMs ?? createdAtMs, arrivedAtMs: arrivedAtMs ?? createdAtMs }
}

/**
 * Whether the newest wish on a target is newer than a change's own. Of those that were asked for, and arrived, in one
 * millisecond it is the one that comes to the lock last, where trying again is no coming.
 */
function isOvertaken(newest: Intent | undefined, header: Header): boolean {
  const own = intentOf(header)
  if (!newest || newest.changeId === own.changeId) return false
  if (newest.atMs !== own.atMs) return newest.atMs > own.atMs
  if (newest.arrivedAtMs !== own.arrivedAtMs) return newest.arrivedAtMs > own.arrivedAtMs
  return triesOf(header) > 1
}

/** What a change puts in the lock of each of its targets. */
export function lockOf(header: Header): Lock {
  return { holder: holderOf(header), newest: intentOf(header) }
}

export interface TakenLocks {
  /** From when on a read of the targets shows what the changes before have written; epoch milliseconds. */
  readonly freshFromMs: number
  /** The targets that are not this change's to write, by key, each with the change whose wish is newer. */
  readonly overtakenBy: ReadonlyMap<string, string>
}

/**
 * Puts all locks of a change but those of targets on which there is a newer wish.
 *
 * @param claimed CLAIMED by this invocation.
 * @param keys sorted here, and taken as many at a time as one transaction takes, the first of them alone: of two changes
 *   that share some of those one gets them all. Of two that share later ones alone both may be refused.
 * @param takeUp looks at what became of a change whose hold is over, so that it is over when it was said to be.
 * @throws GatewayError `change.conflict` naming the change that holds one of them, and until when. Locks taken by then
 *   are left: they count for nothing once their change has settled.
 */
export async function takeLocks(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  claimed: Header,
  keys: readonly string[],
  takeUp: (other: Header) => Promise<Header | undefined> = async (other) => other,
): Promise<TakenLocks> {
  const sorted = [...new Set(keys)].sort()
  const named = new Map(await ledger.locks(sorted))
  const next = lockOf(claimed)
  const others = await headersOf(
    ledger,
    new Set([...named.values()].flatMap((lock) => lastHolderOf(lock) ?? [])),
  )
  const overtakenBy = new Map<string, string>()
  let freshFromMs = 0

  const [first = [], ...rest] = batchesOf(sorted)
  await takeBatch(first)
  // None is left under way when this ends: an error of one waits for the others.
  const taken = await Promise.allSettled(rest.map(takeBatch))
  for (const each of taken) if (each.status === 'rejected') throw each.reason
  return { freshFromMs, overtakenBy }

  async function takeBatch(batch: readonly string[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      const puts = await putsOf(batch)
      const taken = puts.length === 0 ? undefined : await ledger.commit(puts)
      if (taken?.kind !== 'refused') return
      if (tries === MAX_TRIES) throw lockContended([...taken.locks.keys()][0] ?? batch[0] ?? '')
      for (const [key, lock] of taken.locks) {
        if (lock) named.set(key, lock)
        else named.delete(key)
        const holder = lock && lastHolderOf(lock)
        if (holder !== undefined) others.delete(holder)
      }
    }
  }

  async function putsOf(batch: readonly string[]): Promise<LedgerWrite[]> {
    const puts: LedgerWrite[] = []
    for (const key of batch) {
      const seen = named.get(key)
      if (seen?.holder === next.holder) continue
      if (seen?.newest && isOvertaken(seen.newest, claimed)) {
        overtakenBy.set(key, seen.newest.changeId)
        continue
      }
      const other = seen && (await free(key, seen))
      if (other) freshFromMs = Math.max(freshFromMs, settledAtOf(other) + STALENESS_MS)
      puts.push({ kind: 'lock', key, next, seen })
    }
    return puts
  }

  /** @returns the change that held the lock last, and does not now. */
  async function free(key: string, lock: Lock): Promise<Header | undefined> {
    const id = lastHolderOf(lock)
    if (id === undefined || id === claimed.id) return undefined
    let other = others.has(id) ? others.get(id) : await ledger.get(id)
    const untilMs = other && heldUntilMs(other)
    if (other && untilMs !== undefined && clock.nowMs() >= untilMs) other = await takeUp(other)
    const stillUntilMs = other && heldUntilMs(other)
    if (other && stillUntilMs !== undefined) throw conflictWith(key, other, stillUntilMs, clock.nowMs())
    others.set(id, other)
    return other
  }
}

/**
 * Of a wish that nothing need be sent for, decided without claiming its targets: what their locks say is looked at
 * before anything is read, and the wish noted after it, on condition that they still say so (ADR 7, rules 5 and 16).
 *
 * @returns once a reading shows what the changes before have written, what tells the writes that note the wish, to be
 *   put with its record; of more targets than one write takes they are put there and then. It tells undefined where a
 *   change is at a target, or came in between: then the reading does not decide.
 */
export async function prepareWish(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  newest: Intent,
  keys: readonly string[],
): Promise<() => Promise<readonly LedgerWrite[] | undefined>> {
  const sorted = [...new Set(keys)].sort()
  const named = await ledger.locks(sorted)
  const holders = new Set([...named.values()].flatMap((lock) => lastHolderOf(lock) ?? []))
  let settledMs = 0
  for (const other of (await headersOf(ledger, holders)).values()) {
    if (other && !holdsLocks(other)) settledMs = Math.max(settledMs, settledAtOf(other))
  }
  // Whoever plans right after a change on the target waits until a reading shows it.
  const waitMs = settledMs + STALENESS_MS - clock.nowMs()
  if (waitMs > 0) await clock.sleep(Math.min(waitMs, STALENESS_MS))
  const readFromMs = clock.nowMs()
  return async () => {
    for (const other of (await headersOf(ledger, holders)).values()) {
      if (other && (holdsLocks(other) || settledAtOf(other) + STALENESS_MS > readFromMs)) return undefined
    }
    const notes: LedgerWrite[] = []
    for (const key of sorted) {
      const seen = named.get(key)
      if (seen?.newest && seen.newest.atMs > newest.atMs) return undefined
      notes.push({ kind: 'lock', key, next: { ...seen, newest }, seen })
    }
    // Two are left: for the header, and for that of a change that names it.
    if (notes.length <= MAX_GUARDED_WRITES - 2) return notes
    for (const batch of batchesOf(notes)) {
      const noted = await ledger.commit(batch)
      if (noted.kind === 'refused') return undefined
    }
    return []
  }
}

/** What stands in the locks of targets that no change is at, by key. */
export type FreeTargets = ReadonlyMap<string, Lock | undefined>

/**
 * Looks at the targets of what is to be decided by the reading that comes next, without a claim.
 *
 * @returns undefined where a change is at one of them, or was a moment ago, so that readings may not show it yet.
 */
export async function findFree(
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
  locks: ReadonlyMap<string, Lock>,
  keys: readonly string[],
): Promise<FreeTargets | undefined> {
  const holders = new Set([...locks.values()].flatMap((lock) => lastHolderOf(lock) ?? []))
  const others = holders.size === 0 ? new Map<string, Header>() : await ledger.headers([...holders])
  const nowMs = clock.nowMs()
  for (const id of holders) {
    const other = others.get(id)
    if (!other || holdsLocks(other) || settledAtOf(other) + STALENESS_MS > nowMs) return undefined
  }
  return new Map(keys.map((key) => [key, locks.get(key)]))
}

/** Whether no wish on any of the targets is newer than a change's own. */
export function isNewestAt(free: FreeTargets, header: Header): boolean {
  return [...free.values()].every((lock) => !isOvertaken(lock?.newest, header))
}

/** As many as one transaction takes at a time. */
function batchesOf<T>(all: readonly T[]): (readonly T[])[] {
  const batches: (readonly T[])[] = []
  for (let start = 0; start < all.length; start += MAX_GUARDED_WRITES)
    batches.push(all.slice(start, start + MAX_GUARDED_WRITES))
  return batches
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

/** One time in the sentence and in Retry-After. Where the hold is over already, the next tick takes the change up. */
function conflictWith(key: string, { id, state }: Header, heldMs: number, nowMs: number): GatewayError {
  const untilMs = heldMs > nowMs ? heldMs : nowMs + TICK_MS
  const until = new Date(untilMs).toISOString()
  return new GatewayError(
    'change.conflict',
    `The change ${id} is open on ${targetNameOf(key)} and holds it until ${until}, unless it settles sooner; look how it stands, and try again then`,
    {
      faults: [aboutChange(id, `it is ${state} and holds it until ${until}`, state)],
      retryAfterSeconds: Math.max(1, Math.ceil((untilMs - nowMs) / 1_000)),
    },
  )
}

function lockContended(key: string): GatewayError {
  return new GatewayError('change.conflict', `Other changes are open on ${targetNameOf(key)}; try again`, {
    retryAfterSeconds: 5,
  })
}

/** `pair#cloudCX1#…` as a person reads it. */
export function targetNameOf(key: string): string {
  const [kind, first, second] = key.split('#')
  return kind === 'toggle' ? `the toggle ${first}` : `${first} of user ${second}`
}
