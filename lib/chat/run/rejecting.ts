/** The word of an approver against a request: pressed, or typed with the reason. */
import { announce } from '../../changes/announcing.ts'
import { reject } from '../../changes/decisions.ts'
import type { Reply } from '../reply.ts'
import { records, standing } from './change-lists.ts'
import { callerOf, type Session } from './session.ts'

/** @returns how it stands then. @throws GatewayError as the ledger's own decision. */
export async function rejectNow(session: Session, changeId: string, reason?: string): Promise<Reply> {
  const { desk, bus } = session
  const { header } = await reject(desk, callerOf(session, 'reject'), changeId, reason)
  await announce({ ...desk, bus }, header)
  return await standing(session, await records(session).change(changeId))
}
