/** Above what is to be approved: who asks, why a second person must look, and until when; once it is decided, what waits next. */
import { useRef } from 'preact/hooks'
import type { Me } from '../../../changes/answers/decision-schemas.ts'
import { requesterOf } from '../../../changes/answers/summarize.ts'
import { useMe } from '../api/use-me.ts'
import { askedThroughOf } from '../changes/asked-through.ts'
import type { OfferedChange } from '../changes/offers.ts'
import { changeTitleOf } from '../changes/title-of.ts'
import { Callout } from '../parts/states.tsx'
import { Time } from '../parts/times.tsx'
import { hashOf } from '../shell/route.ts'
import { isForMe, useWaiting } from './use-waiting.ts'

const EVERY_MS = 10_000

export function WhyApproval({ change }: { readonly change: OfferedChange }) {
  const me = useMe()
  const { approval, state } = change
  if (state !== 'AWAITING_APPROVAL' || approval?.expiresAt === undefined)
    return <NextApproval change={change} />
  return (
    <Callout>
      <p>
        {askedThroughOf(change)} asks for this. {approval.because.join('. ')}. It lapses{' '}
        <Time at={approval.expiresAt} isRelative /> (<Time at={approval.expiresAt} />
        ).
      </p>
      {!isForMe(change) && <p>{whyNotText(change, me)}</p>}
    </Callout>
  )
}

/** The same where one comes by the link of a message, of what waits, or has waited while it is looked at. */
export function ApprovalOnArrival({ change }: { readonly change: OfferedChange }) {
  const hasWaited = useRef(false)
  hasWaited.current ||= change.state === 'AWAITING_APPROVAL'
  return hasWaited.current ? <WhyApproval change={change} /> : null
}

function whyNotText({ offers, actor, askers = [] }: OfferedChange, me: Me | undefined): string {
  if (offers === undefined) return 'What you may do about it is not known here.'
  const mine = me?.person !== undefined && [actor, ...askers].some(({ person }) => person === me.person)
  if (mine) return 'You have asked for it yourself, so somebody else must approve it.'
  if (offers.includes('reject'))
    return 'A tool of yours has asked for it: you may reject it, and somebody else must approve it.'
  return 'You cannot approve it: that takes the role approver, and a place among the people of the org file.'
}

/** Where one goes on. */
function NextApproval({ change: { id, approval } }: { readonly change: OfferedChange }) {
  const { waiting, problem } = useWaiting(useMe(), EVERY_MS)
  const [next] = [
    ...(waiting?.changes ?? [])
      .filter((each) => each.id !== id && isForMe(each))
      .map((each) => ({ href: hashOf(['approvals', each.id]), name: changeTitleOf(each) })),
    ...(waiting?.schedules ?? [])
      .filter((each) => each.id !== id && isForMe(each))
      .map((each) => ({ href: hashOf(['schedules', each.id], { from: 'approvals' }), name: 'a schedule' })),
  ]
  const decided =
    approval?.by &&
    `${requesterOf(approval.by)} has ${approval.isApproved === false ? 'rejected' : 'approved'} it.`
  return (
    <Callout>
      <p>
        {decided ?? 'It does not wait for approval any more.'}{' '}
        {next ? (
          <>
            Next: <a href={next.href}>{next.name}</a>
          </>
        ) : (
          waiting && problem === undefined && 'Nothing else waits for you.'
        )}
      </p>
    </Callout>
  )
}
