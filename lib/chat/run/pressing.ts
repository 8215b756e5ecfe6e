/** Buttons: bound to the plan that was shown, and to who may press them. */
import { onRecord } from '../../changes/decisions.ts'
import type { Change } from '../../changes/models.ts'
import { known } from '../../changes/policy.ts'
import { RecordedChanges } from '../../changes/recorded-changes.ts'
import { Recording } from '../../changes/recording.ts'
import { includesRole } from '../../role.ts'
import type { Action, Reply } from '../reply.ts'
import { standingReply } from './change-reply.ts'
import { refusal, text } from './said.ts'
import { callerOf, type Session } from './session.ts'
import { namesIn } from './writing.ts'

/** @throws GatewayError as the decision, e.g. where somebody was first or the digest is another's. */
export async function press(session: Session, { do: act, changeId, digest }: Action): Promise<Reply> {
  const { bench, who } = session
  if (act === 'approve' || act === 'reject') {
    if (!includesRole(who.role, 'approver')) return refusal('Only approvers decide about requests')
  } else {
    const { actor } = await onRecord(bench, changeId)
    const isTheirs = known(bench.policy, actor).person === who.person
    if (!isTheirs) {
      return refusal(
        `This is ${actor.person ?? 'somebody else'}’s to confirm or call off`,
        text('Ask them to press it.'),
      )
    }
  }
  const caller = callerOf(session, act)
  const change = await decided(session, act, changeId, digest, caller)
  return standingReply({ change, users: await namesIn(session, change), timeZone: who.timeZone })
}

async function decided(
  { bench }: Session,
  act: Action['do'],
  changeId: string,
  digest: string,
  caller: ReturnType<typeof callerOf>,
): Promise<Change> {
  const changes = new RecordedChanges(bench, caller)
  const records = new Recording(bench, () => caller)
  switch (act) {
    case 'apply':
      return (await changes.apply(changeId, digest)).value
    case 'approve':
      return (await changes.approve(changeId, digest)).value
    case 'reject':
      return (await records.reject(changeId)).value
    case 'cancel':
      return (await records.cancel(changeId)).value
  }
}
