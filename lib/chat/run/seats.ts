/** Seats of the contract: how many are taken once a plan is carried out. */
import type { Change } from '../../changes/models.ts'
import { GatewayError } from '../../errors.ts'
import type { Session } from './session.ts'

/**
 * Seats are configured and not known from Genesys; who holds one is what was gathered last. The plan is on record by
 * now, and is shown whether or not they can be counted.
 */
export async function seatsOf(
  session: Session,
  licenseId: string,
  change: Change,
): Promise<string | undefined> {
  const seats = session.desk.policy.seats?.[licenseId]
  if (seats === undefined || !('assignments' in change.desired)) return undefined
  const taken = await takenOf(session, licenseId)
  if (taken === undefined) return `how many of ${seats} are taken could not be counted`
  const added = change.desired.assignments.flatMap(({ userIdsAdd }) => userIdsAdd).length
  const noOps = change.findings?.noOps.length ?? 0
  return `${taken + added - noOps} of ${seats} taken after it`
}

/** @returns undefined where the holders cannot be gathered: there are too many, or something does not answer. */
async function takenOf(session: Session, licenseId: string): Promise<number | undefined> {
  try {
    const { users } = await session.holders()
    return users.filter(({ licenses }) => licenses.includes(licenseId)).length
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    session.failed(error)
    return undefined
  }
}
