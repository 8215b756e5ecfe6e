/**
 * One walk over all users for all who ask, in whatever container: who finds no reading that is fresh takes the lease and
 * walks, the others wait for what it shares. What is left of a walk that ran out of time, or of its share of the minute,
 * is kept, and the next who asks goes on from there.
 */
import type { Clock, Deadline } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { Begun } from '../genesys/each-page.ts'
import type { Stretch } from '../genesys/walk-stretch.ts'
import { packUsers, unpackUsers, type WalkFacts } from './pack-snapshot.ts'
import type { Pause, Snapshots, WalkLease } from './snapshots.ts'
import type { User } from './user.ts'

/** What is shared, and what an invocation has of its own. */
export interface Sharing {
  readonly snapshots: Snapshots
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>
  readonly deadline: Deadline
}

export interface UsersReading {
  readonly users: readonly User[]
  /** When its first page was asked for, epoch milliseconds: no part is older. */
  readonly atMs: number
}

interface SharedWalk {
  /** What is shared under this name is of one form. */
  readonly name: string
  /** How long ago the last stretch of the walk may have begun, milliseconds. */
  readonly maxAgeMs: number
  readonly walk: (begun: Begun | undefined) => Promise<Stretch<User>>
}

/** By how much the clock of whoever shared something may be ahead of ours, milliseconds. */
const MAX_AHEAD_MS = 5 * 60_000

/** A walk that was left off is gone on with for so long after it began: over two windows of upstream's. Milliseconds. */
const MAX_WALK_MS = 2 * 60_000

/** No function lives longer, so a lease that ends later was put by a clock that is wrong. Milliseconds. */
const MAX_LEASE_MS = 40_000

/** What a holder may take to give its lease back once its time is over, milliseconds. */
const LEASE_GRACE_MS = 1_000

/** Between two looks whether another's walk has ended; doubles up to the longest. Milliseconds. */
const FIRST_LOOK_MS = 200
const LONGEST_LOOK_MS = 1_000

/** Outages of DynamoDB are over in seconds. */
const SLOW_LEDGER_SECONDS = 5

/** Whose requests upstream counts, as the lease has it: all walks are of the token that reads. */
const TOKEN = 'read'

/** Kept of the request's time to read what another has shared, and to answer. Milliseconds. */
const KEPT_MS = 1_000

/**
 * @throws GatewayError `too.many.requests.retry.after` while another walks, or where the walk goes on later;
 *   `response.too.large` where it never fits; `ledger.unavailable`; what `walk` throws.
 */
export async function walkOnce(sharing: Sharing, shared: SharedWalk): Promise<UsersReading> {
  const { snapshots, clock, deadline } = sharing
  const { name, maxAgeMs } = shared
  const spent: Spent = { beganMs: deadline.remainingMs(), asleepMs: 0 }
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_LOOK_MS)) {
    // The lease first: who gave it back has shared before, so a lease that is still so hides no newer reading.
    const seen = await snapshots.lease(name)
    const nowMs = clock.nowMs()
    const fresh = await readShared(snapshots, name, nowMs, maxAgeMs)
    if (fresh) return { users: fresh.users, atMs: fresh.walk?.sinceMs ?? fresh.atMs }
    const pausedMs = (seen?.pausedUntilMs[TOKEN] ?? 0) - nowMs
    if (pausedMs > 0) throw pausedError(seen?.pauses?.[TOKEN], Math.ceil(pausedMs / 1_000))
    if (!isHeld(seen, nowMs)) {
      const ours: WalkLease = {
        fencingToken: (seen?.fencingToken ?? 0) + 1,
        untilMs: nowMs + Math.min(MAX_LEASE_MS, deadline.remainingMs()) + LEASE_GRACE_MS,
        pausedUntilMs: seen?.pausedUntilMs ?? {},
        pauses: seen?.pauses,
      }
      if (await snapshots.putLease(name, ours, seen)) return await walkUnder(sharing, shared, ours, spent)
    }
    if (deadline.remainingMs() - waitMs < KEPT_MS) throw busyError(seen, clock.nowMs())
    await clock.sleep(waitMs)
    spent.asleepMs += waitMs
  }
}

/** What of a request's time went by before it walked, milliseconds. */
interface Spent {
  /** What it had of it at first. */
  readonly beganMs: number
  /** Waiting for another's walk. */
  asleepMs: number
}

/** What is shared under a name, of a time from then on. A time ahead of ours is as far off as one behind: some clock is wrong. */
async function readShared(snapshots: Snapshots, name: string, nowMs: number, maxAgeMs: number) {
  const snapshot = await snapshots.get(name, nowMs - maxAgeMs)
  if (snapshot === undefined || snapshot.atMs > nowMs + Math.min(maxAgeMs, MAX_AHEAD_MS)) return undefined
  const found = await unpackUsers(snapshot.bytes)
  return found && { ...found, atMs: snapshot.atMs }
}

/** Shares what was read; who cannot has read it all the same. */
async function share(
  snapshots: Snapshots,
  name: string,
  users: readonly User[],
  dated: Dated,
): Promise<void> {
  const { atMs, walk, fencingToken } = dated
  await unlessUnavailable(async () =>
    snapshots.put(name, { atMs, bytes: await packUsers(users, walk) }, fencingToken),
  )
}

interface Dated {
  readonly atMs: number
  readonly walk?: WalkFacts | undefined
  readonly fencingToken?: number | undefined
}

function isHeld(lease: WalkLease | undefined, nowMs: number): boolean {
  return (
    lease !== undefined && lease.untilMs > nowMs && lease.untilMs <= nowMs + MAX_LEASE_MS + LEASE_GRACE_MS
  )
}

async function walkUnder(
  sharing: Sharing,
  { name, walk }: SharedWalk,
  lease: WalkLease,
  spent: Spent,
): Promise<UsersReading> {
  const { snapshots, clock, deadline } = sharing
  let { pausedUntilMs, pauses } = lease
  try {
    const atMs = clock.nowMs()
    const left = await readLeftOff(snapshots, name, atMs)
    const walkingMs = deadline.remainingMs()
    const stretch = await walk(left?.begun).catch((error: unknown) => {
      throw whoseTimeItWas(error, spent, walkingMs, deadline)
    })
    const { users: more, pageCount, total, stopped } = stretch
    const users = [...(left?.users ?? []), ...more]
    const facts: WalkFacts = {
      sinceMs: left?.sinceMs ?? atMs,
      pageCount,
      total,
    }
    const { fencingToken } = lease
    if (!stopped) {
      await share(snapshots, name, users, { atMs, walk: facts, fencingToken })
      return { users, atMs: facts.sinceMs }
    }
    const { nextPage, waitSeconds, why } = stopped
    const pause = why === 'time' ? undefined : { why, pageCount, total }
    if (pause) {
      pausedUntilMs = { ...pausedUntilMs, [TOKEN]: clock.nowMs() + waitSeconds * 1_000 }
      pauses = { ...pauses, [TOKEN]: pause }
    }
    if (nextPage > 1 && why !== 'never.fits') {
      await share(snapshots, partOf(name), users, { atMs, walk: { ...facts, nextPage }, fencingToken })
    }
    throw pause ? pausedError(pause, waitSeconds) : unfinishedError(nextPage - 1, pageCount, waitSeconds)
  } finally {
    // A holder who cannot give it back is waited for until its time is over.
    await unlessUnavailable(() =>
      snapshots.putLease(name, { ...lease, untilMs: 0, pausedUntilMs, pauses }, lease),
    )
  }
}

/** Genesys is not to be blamed where a slow ledger, or another's walk, had left it the smaller part of the time. */
function whoseTimeItWas(error: unknown, spent: Spent, walkingMs: number, deadline: Deadline): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'request.timeout') return error
  const { asleepMs } = spent
  const ledgerMs = spent.beganMs - walkingMs - asleepMs
  const genesysMs = walkingMs - deadline.remainingMs()
  if (genesysMs >= Math.max(ledgerMs, asleepMs)) return error
  return ledgerMs > asleepMs
    ? new GatewayError(
        'ledger.unavailable',
        'The ledger, by which walks over the whole organization are shared, is so slow that no time was left to read; try again',
        { retryAfterSeconds: SLOW_LEDGER_SECONDS, cause: error },
      )
    : new GatewayError(
        'too.many.requests.retry.after',
        'Another request was reading the whole organization for most of the time that this one had; try again in 1 s',
        { retryAfterSeconds: 1, cause: error },
      )
}

const partOf = (name: string) => `${name}.part`

/** What a walk that did not come to its end has left, unless a whole one came after it. */
async function readLeftOff(snapshots: Snapshots, name: string, nowMs: number) {
  const part = await readShared(snapshots, partOf(name), nowMs, MAX_WALK_MS)
  const { sinceMs, nextPage, pageCount, total } = part?.walk ?? {}
  if (part === undefined || nextPage === undefined || pageCount === undefined || sinceMs === undefined)
    return undefined
  if (sinceMs < nowMs - MAX_WALK_MS || (await snapshots.get(name, part.atMs))) return undefined
  const begun: Begun = { nextPage, pageCount, total, ids: part.users.map(({ id }) => id) }
  return { users: part.users, sinceMs, begun }
}

async function unlessUnavailable(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'ledger.unavailable') throw error
  }
}

function pausedError(pause: Pause | undefined, waitSeconds: number): GatewayError {
  if (pause?.why === 'never.fits') {
    const { total, pageCount } = pause
    return new GatewayError(
      'response.too.large',
      `The organization's ${total ?? `${pageCount} pages of`} users are more than can be read within a minute; read them in pages with GET /api/v2/license/users`,
    )
  }
  return new GatewayError(
    'too.many.requests.retry.after',
    pause?.why === 'refused'
      ? `Genesys refuses requests for now (429), so the whole organization cannot be read; try again in ${waitSeconds} s`
      : `All who use this token of Genesys have used the half of the minute's requests up to which the whole organization is read; try again in ${waitSeconds} s`,
    { retryAfterSeconds: waitSeconds },
  )
}

function unfinishedError(pages: number, pageCount: number, waitSeconds: number): GatewayError {
  return new GatewayError(
    'too.many.requests.retry.after',
    `${pages} of the organization's ${pageCount} pages of users were read in the time there is; the same request in ${waitSeconds} s goes on from there`,
    { retryAfterSeconds: waitSeconds },
  )
}

function busyError(lease: WalkLease | undefined, nowMs: number): GatewayError {
  const waitSeconds = Math.max(1, Math.ceil(((lease?.untilMs ?? 0) - nowMs) / 1_000))
  return new GatewayError(
    'too.many.requests.retry.after',
    `Another request is reading the whole organization, and what it reads is the answer to this one too; try again in ${waitSeconds} s`,
    { retryAfterSeconds: waitSeconds },
  )
}
