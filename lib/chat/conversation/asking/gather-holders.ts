/** Who holds what, gathered now: before a plan that counts seats, and for whoever asks. */

import type { Target } from '../../../changes/model/change.ts'
import { licensesGivenOf, readHoldersSince, seatsOf } from '../../../changes/plan/count-seats.ts'
import type { SeatReadings } from '../../../changes/record/desk.ts'
import { GatewayError } from '../../../errors.ts'
import { groupByLicense } from '../../../people/read-holders.ts'
import { type User, userOf } from '../../../people/user.ts'
import { unknownOf } from '../words/change-facts.ts'
import { ageTextOf } from '../words/times.ts'
import type { ChatSession } from './session.ts'

interface GatheredSeats {
  readonly seats?: SeatReadings | undefined
  /** Why it could not be gathered, as somebody can act on it: then the plan counts from what was gathered last. */
  readonly uncounted?: string | undefined
}

/** Gathers who holds what before a plan that gives a license with seats, so that it counts from that. */
export async function gatherSeats(session: ChatSession, targets: readonly Target[]): Promise<GatheredSeats> {
  const { policy } = session.desk
  if (!licensesGivenOf(targets).some((licenseId) => seatsOf(policy, licenseId) !== undefined)) return {}
  try {
    const reading = groupByLicense(await session.holders())
    return { seats: { newest: async () => reading } }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    session.noteFailure(error)
    return {
      uncounted: isTooManyToRead(error)
        ? `${TOO_MANY_TO_READ}, so look at them in Genesys itself`
        : 'who holds it could not be read just now, so try again in some minutes',
    }
  }
}

/** What is too large for whatever rests on a reading of everybody; what still works is said behind it. */
export const TOO_MANY_TO_READ = 'more people than can be read at once (some 15,000) are in this org'

/** Whether it says so. */
export function isTooManyToRead(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'response.too.large'
}

interface HoldersNow {
  /** In the order in which they were gathered, then whom that did not find. */
  readonly holding: readonly User[]
  readonly heading: string
  readonly atMs: number
}

/** Who holds a license: as gathered, and by what the gateway has done since. */
export async function findHolders(session: ChatSession, licenseId: string): Promise<HoldersNow> {
  const { desk, who } = session
  const gathered = await session.holders()
  const { atMs } = gathered
  const { held, unknown } = await readHoldersSince(desk, groupByLicense(gathered), licenseId)
  const known = gathered.users.filter(({ id }) => held.has(id.toLowerCase()))
  const ids = new Set(known.map(({ id }) => id.toLowerCase()))
  const others = [...held].filter((id) => !ids.has(id)).map((id) => userOf(id, undefined, [licenseId]))
  const seats = seatsOf(desk.policy, licenseId)
  const heading = [
    `${held.size} ${held.size === 1 ? 'holds' : 'hold'} ${licenseId}`,
    ...(seats === undefined ? [] : [`of ${seats} ${seats === 1 ? 'seat' : 'seats'}`]),
    ...unknownOf(unknown.size),
    `as of ${ageTextOf(atMs, who.timeZone, desk.clock.nowMs())}`,
  ]
  return { holding: [...known, ...others], heading: heading.join(', '), atMs }
}
