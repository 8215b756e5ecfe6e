/** Above a plan that nobody has confirmed: that nothing is sent yet, and who has a say once it is asked for. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { isApprovalToCome } from '../../../changes/answers/offer-decisions.ts'
import { serverNowMs } from '../api/server-clock.ts'
import { Callout } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { isLapsed, type OfferedChange } from './offers.ts'

const LAPSED =
  'The plan has lapsed: nothing was sent, and nothing will be. Plan it again where it is still wanted.'

export function NothingSent({ change }: { readonly change: OfferedChange }) {
  const { state, lapsesAt, offers = [] } = change
  if (isLapsed(change, serverNowMs())) return <Callout tone="warning">{LAPSED}</Callout>
  if (state !== 'PLANNED' || !offers.includes('apply')) return null
  const isToBeApproved = isApprovalToCome(change)
  return (
    <Callout>
      Nothing is sent yet{isToBeApproved && ', and nobody is asked'}. Look at what it does, then{' '}
      {isToBeApproved ? 'ask for approval' : 'confirm it'}.
      <ApprovalToCome change={change} />
      {lapsesAt && (
        <p>
          The plan lapses <Time at={lapsesAt} isRelative /> (<Time at={lapsesAt} />
          ).
        </p>
      )}
    </Callout>
  )
}

/** Why somebody else has to approve it, and when they are asked. */
export function ApprovalToCome({ change }: { readonly change: Change }) {
  if (!isApprovalToCome(change)) return null
  return (
    <p>
      {change.approval?.because.join('. ')}. Somebody other than you is asked when you press “Ask for
      approval”, and it is carried out once they approve it.
    </p>
  )
}
