/**
 * Everybody with what they hold, names and e-mails. Gathering that costs two requests for each hundred users, so what
 * one container has gathered the others use for minutes, and its age is told. Two walks are behind it, each shared with
 * whoever wants no more than that.
 */
import type { Clock } from '../clock.ts'
import type { Begun } from '../genesys/each-page.ts'
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import { readShared, type Sharing, share, type UsersReading, walkOnce } from './shared-walk.ts'
import type { Snapshots } from './snapshots.ts'
import type { User } from './user.ts'
import { isListed, userOf } from './user.ts'

/** What is packed under these names; another way of packing takes others. */
const HOLDERS = 'holders'
const LICENSES = 'licenses'
const DIRECTORY = 'directory'

/** How old a reading of what everybody holds may be for whoever asks for that alone, milliseconds. */
const MAX_LICENSES_AGE_MS = 60_000

export interface Holders {
  /** In the directory's order, then who is not in it. Deleted users only while they hold a license. */
  readonly users: readonly User[]
  /** When gathering began, epoch milliseconds: no part is older. */
  readonly atMs: number
  readonly ageMs: number
}

/**
 * Everybody with what they hold, by id alone.
 *
 * @param maxAgeMs how long ago reading it may have begun, milliseconds.
 * @throws GatewayError as `walkOnce`.
 */
export function readLicensesOfAll(
  genesys: GenesysReads,
  sharing: Sharing,
  maxAgeMs = MAX_LICENSES_AGE_MS,
): Promise<UsersReading> {
  const walk = async (begun: Begun | undefined) => {
    const stretch = await genesys.walkLicenses(begun)
    return {
      ...stretch,
      users: stretch.users.map(({ id, licenses }) => userOf(id, undefined, licenses ?? [])),
    }
  }
  return walkOnce(sharing, { name: LICENSES, maxAgeMs, walk })
}

/**
 * @param maxAgeMs how old what is shared may be, milliseconds.
 * @throws GatewayError as `walkOnce`.
 */
export async function readHolders(
  genesys: GenesysReads,
  sharing: Sharing,
  maxAgeMs: number,
): Promise<Holders> {
  const { snapshots, clock } = sharing
  const shared = await readShared(snapshots, HOLDERS, clock.nowMs(), maxAgeMs)
  if (shared) return holdersAt(shared, clock)
  const directory = await readDirectory(genesys, sharing, maxAgeMs)
  const licenses = await readLicensesOfAll(genesys, sharing, Math.min(maxAgeMs, MAX_LICENSES_AGE_MS))
  const users = joinLicenses(directory.users, licenses.users)
  const atMs = Math.min(directory.atMs, licenses.atMs)
  await share(snapshots, HOLDERS, users, { atMs })
  return holdersAt({ users, atMs }, clock)
}

function holdersAt({ users, atMs }: UsersReading, clock: Pick<Clock, 'nowMs'>): Holders {
  return { users, atMs, ageMs: Math.max(0, clock.nowMs() - atMs) }
}

function readDirectory(genesys: GenesysReads, sharing: Sharing, maxAgeMs: number): Promise<UsersReading> {
  const walk = async (begun: Begun | undefined) => {
    const stretch = await genesys.walkDirectory(begun)
    return { ...stretch, users: stretch.users.map((known) => userOf(known.id, known, [])) }
  }
  return walkOnce(sharing, { name: DIRECTORY, maxAgeMs, walk })
}

/** Who held each license when somebody last gathered it. Nothing is gathered for it, and however old it is it counts. */
export function lastHolders(snapshots: Snapshots, clock: Pick<Clock, 'nowMs'>) {
  return {
    async newest(): Promise<HoldersByLicense | undefined> {
      const shared = await readShared(snapshots, HOLDERS, clock.nowMs(), Number.POSITIVE_INFINITY)
      return shared && groupByLicense(shared)
    },
  }
}

/** Who holds each license, as of a time. */
export interface HoldersByLicense {
  readonly atMs: number
  /** User ids in lower case, of the license in any case. */
  holdersOf(licenseId: string): ReadonlySet<string>
}

export function groupByLicense({ users, atMs }: Pick<Holders, 'users' | 'atMs'>): HoldersByLicense {
  return {
    atMs,
    holdersOf(licenseId) {
      const wanted = licenseId.toLowerCase()
      const holding = users.filter(({ licenses }) => licenses.some((each) => each.toLowerCase() === wanted))
      return new Set(holding.map(({ id }) => id.toLowerCase()))
    },
  }
}

function joinLicenses(directory: readonly User[], holding: readonly User[]): User[] {
  const licenses = new Map(holding.map((user) => [user.id, user.licenses]))
  const users = directory.map((known) => ({ ...known, licenses: licenses.get(known.id) ?? [] }))
  for (const { id } of directory) licenses.delete(id)
  const unknown = [...licenses].map(([id, held]) => userOf(id, undefined, held))
  return [...users, ...unknown].filter(isListed)
}
