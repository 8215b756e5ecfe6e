/** Who holds what, gathered now, before a plan that counts seats. */

import type { Target } from '../../../changes/model/change.ts'
import { isCounted, licensesGivenOf } from '../../../changes/plan/count-seats.ts'
import type { SeatReadings } from '../../../changes/record/desk.ts'
import { GatewayError } from '../../../errors.ts'
import { groupByLicense } from '../../../people/read-holders.ts'
import type { ChatSession } from './session.ts'

interface GatheredSeats {
  readonly seats?: SeatReadings | undefined
  /** Why it could not be gathered, as somebody can act on it: then the plan counts from what was gathered last. */
  readonly uncounted?: string | undefined
}

/** Gathers who holds what before a plan that gives a license with seats, so that it counts from that. */
export async function gatherSeats(session: ChatSession, targets: readonly Target[]): Promise<GatheredSeats> {
  const { policy } = session.desk
  if (!licensesGivenOf(targets).some((licenseId) => isCounted(policy, licenseId))) return {}
  try {
    const reading = groupByLicense(await session.holders())
    return { seats: { ...session.desk.seats, newest: async () => reading } }
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

const TOO_MANY_TO_READ = 'more people than can be read at once (some 15,000) are in this org'

function isTooManyToRead(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'response.too.large'
}
