/**
 * What the org file wants a reason for is refused without one, by whichever door it comes: as a plan, at once, as Genesys
 * has it, from the bus, as a schedule or an undo. What nobody asks for anew needs none: a planned revert, a firing of a
 * schedule, a retry, and a part of a list were asked for with what they are of.
 */
import { GatewayError } from '../../../errors.ts'
import { isUuid } from '../../../genesys/models/ids.ts'
import type { Target } from '../../model/change.ts'
import { type Policy, reasonsAskedFor } from '../../model/policy.ts'
import type { ListOrder } from '../lists/list-order.ts'
import type { Proposal } from '../record-proposal.ts'

type Wish = Pick<Proposal, 'actor' | 'kind' | 'targets'> &
  Partial<Pick<Proposal, 'reason' | 'undoes' | 'isApproved' | 'retries' | 'partOf'>>

/** The code of the fault, by which chat tells how a reason is typed. */
export const REASON_MISSING = 'REASON_MISSING'

/** @param fieldName where the request has its place. @throws GatewayError `bad.request` */
export function refuseWithoutReason(policy: Policy, wish: Wish, fieldName = 'reason'): void {
  const missing = reasonMissingFor(policy, wish)
  if (missing === undefined) return
  throw new GatewayError(
    'bad.request',
    `A reason must be given for ${missing}: send one as reason; where a request has no place for it, as under /api/v2, ask by POST /v1/changes`,
    { faults: [{ fieldName, errorCode: REASON_MISSING, message: `must be given for ${missing}` }] },
  )
}

/** The same of a list before anybody knows whom its names and addresses are of: by licenses, and by ids, which are of somebody each. */
export function refuseListWithoutReason(
  policy: Policy,
  wish: Omit<Wish, 'kind' | 'targets'>,
  { rows, desired }: ListOrder,
): void {
  const named = desired?.of === 'licenses' ? desired.names : []
  const targets = [
    ...rows.map(({ license, user, isGiven }) => ({
      licenseId: license,
      userId: isUuid(user) ? user.toLowerCase() : '',
      desired: isGiven,
    })),
    ...named.map((licenseId) => ({ licenseId, userId: '', desired: true })),
  ] satisfies Target[]
  refuseWithoutReason(policy, { ...wish, kind: 'assignments', targets })
}

/** What the first rule that fits is about; undefined where none does, or there is a reason, or it was asked for before. */
export function reasonMissingFor(policy: Policy, wish: Wish): string | undefined {
  const { reason, kind, targets, actor, undoes, isApproved, retries, partOf } = wish
  const isRevert = undoes !== undefined && isApproved === true
  const isAskedBefore = isRevert || retries !== undefined || partOf !== undefined || actor.kind === 'schedule'
  return reason !== undefined || isAskedBefore ? undefined : reasonsAskedFor(policy, kind, targets)[0]
}
