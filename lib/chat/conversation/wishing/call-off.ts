/** What is called off: by an approver, pressed or typed with the reason, or by whoever may cancel. */
import { announce } from '../../../changes/carry-out/announce.ts'
import { cancelChange } from '../../../changes/decide/decide-cancel.ts'
import { rejectChange } from '../../../changes/decide/decide-change.ts'
import { recordsOf, standing } from '../asking/change-lists.ts'
import { type ChatSession, chatCallerOf } from '../asking/session.ts'
import type { Reply } from '../words/reply.ts'

/** @returns how it stands then. @throws GatewayError as the ledger's own decision. */
export async function rejectNow(session: ChatSession, changeId: string, reason?: string): Promise<Reply> {
  const { desk, bus } = session
  const { header } = await rejectChange(desk, chatCallerOf(session, 'reject'), changeId, reason)
  await announce({ ...desk, bus }, header)
  return await standing(session, await recordsOf(session).change(changeId))
}

/** As over HTTP: also the planned revert of what was applied, which may take an approval of its own. */
export async function cancelNow(session: ChatSession, changeId: string): Promise<Reply> {
  const { desk, bus } = session
  const { header } = await cancelChange(desk, chatCallerOf(session, 'cancel'), changeId)
  await announce({ ...desk, bus }, header)
  return await standing(session, await recordsOf(session).change(header.id))
}
