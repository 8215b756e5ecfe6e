/** What everybody holds, by id alone: one walk over licenses, shared by all who ask within a minute. */
import type { Begun } from '../genesys/each-page.ts'
import type { GenesysReads } from '../genesys/genesys-reads.ts'
import { type Sharing, type UsersReading, walkOnce } from './shared-walk.ts'
import { userOf } from './user.ts'

/** What is packed under this name; another way of packing takes another. */
const LICENSES = 'licenses'

/** How old a reading may be, milliseconds. */
const MAX_AGE_MS = 60_000

/** @throws GatewayError as `walkOnce`. */
export function readLicensesOfAll(genesys: GenesysReads, sharing: Sharing): Promise<UsersReading> {
  const walk = async (begun: Begun | undefined) => {
    const stretch = await genesys.walkLicenses(begun)
    return {
      ...stretch,
      users: stretch.users.map(({ id, licenses }) => userOf(id, undefined, licenses ?? [])),
    }
  }
  return walkOnce(sharing, { name: LICENSES, maxAgeMs: MAX_AGE_MS, walk })
}
