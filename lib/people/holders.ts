/**
 * Everybody with what they hold, names and e-mails. Gathering that costs two requests for each hundred users, so what
 * one container has gathered the others use for minutes, and its age is told.
 */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../errors.ts'
import type { GenesysReads } from '../genesys/client.ts'
import type { User } from './models.ts'
import { packed, unpacked } from './packing.ts'
import type { Snapshots } from './snapshots.ts'
import { isListed, userOf } from './user.ts'

/** What is packed under this name; another way of packing takes another. */
const SNAPSHOT = 'holders'

/** By how much the clock of whoever shared something may be ahead of ours, milliseconds. */
const MAX_AHEAD_MS = 5 * 60_000

export interface Freshness {
  /** How old what is shared may be, milliseconds. */
  readonly maxAgeMs: number
  /** Gathers anew however fresh it is. */
  readonly isForced?: boolean
}

export interface Holders {
  /** In the directory's order, then who is not in it. Deleted users only while they hold a license. */
  readonly users: readonly User[]
  /** When gathering began, epoch milliseconds: no part is older. */
  readonly atMs: number
  readonly ageMs: number
}

/**
 * @throws GatewayError `response.too.large` where there are more users than one request can gather;
 *   `ledger.unavailable` where what is shared cannot be looked at.
 */
export async function holdersOf(
  genesys: GenesysReads,
  snapshots: Snapshots,
  clock: Pick<Clock, 'nowMs'>,
  { maxAgeMs, isForced = false }: Freshness,
): Promise<Holders> {
  const shared = isForced ? undefined : await sharedWithin(snapshots, clock.nowMs(), maxAgeMs)
  if (shared) return { ...shared, ageMs: Math.max(0, clock.nowMs() - shared.atMs) }
  const atMs = clock.nowMs()
  const users = await gathered(genesys)
  await share(snapshots, users, atMs)
  return { users, atMs, ageMs: clock.nowMs() - atMs }
}

/** Who held each license when somebody last gathered it. Nothing is gathered for it, and however old it is it counts. */
export function lastHolders(snapshots: Snapshots, clock: Pick<Clock, 'nowMs'>) {
  return {
    async newest(): Promise<HoldersByLicense | undefined> {
      const shared = await sharedWithin(snapshots, clock.nowMs(), Number.POSITIVE_INFINITY)
      return shared && byLicense(shared)
    },
  }
}

/** Who holds each license, as of a time. */
export interface HoldersByLicense {
  readonly atMs: number
  /** User ids in lower case, of the license in any case. */
  holdersOf(licenseId: string): ReadonlySet<string>
}

export function byLicense({ users, atMs }: Pick<Holders, 'users' | 'atMs'>): HoldersByLicense {
  return {
    atMs,
    holdersOf(licenseId) {
      const wanted = licenseId.toLowerCase()
      const holding = users.filter(({ licenses }) => licenses.some((each) => each.toLowerCase() === wanted))
      return new Set(holding.map(({ id }) => id.toLowerCase()))
    },
  }
}

/** A time ahead of ours is as far off as one behind: some host's clock is wrong. */
async function sharedWithin(snapshots: Snapshots, nowMs: number, maxAgeMs: number) {
  const snapshot = await snapshots.get(SNAPSHOT, nowMs - maxAgeMs)
  if (snapshot === undefined || snapshot.atMs > nowMs + Math.min(maxAgeMs, MAX_AHEAD_MS)) return undefined
  const users = await unpacked(snapshot.bytes)
  return users && { users, atMs: snapshot.atMs }
}

async function share(snapshots: Snapshots, users: readonly User[], atMs: number): Promise<void> {
  try {
    await snapshots.put(SNAPSHOT, { atMs, bytes: await packed(users) })
  } catch (error) {
    // What was gathered is good all the same; the next who asks gathers it again.
    if (!(error instanceof GatewayError) || error.code !== 'ledger.unavailable') throw error
  }
}

/** One after the other: each keeps as many requests under way as one reader should. */
async function gathered(genesys: GenesysReads): Promise<User[]> {
  const directory = []
  for await (const page of genesys.allDirectoryUsers()) for (const user of page) directory.push(user)
  const licenses = new Map<string, readonly string[]>()
  for await (const page of genesys.allLicenses()) {
    for (const user of page) licenses.set(user.id, user.licenses ?? [])
  }
  const users = directory.map((known) => userOf(known.id, known, licenses.get(known.id) ?? []))
  for (const { id } of directory) licenses.delete(id)
  const unknown = [...licenses].map(([id, held]) => userOf(id, undefined, held))
  return [...users, ...unknown].filter(isListed)
}
