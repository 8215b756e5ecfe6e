/** The stop switch, asked after and thrown by an approver. */

import { RecordKeeper } from '../../../changes/record-keeper.ts'
import { recordsOf } from '../asking/change-lists.ts'
import { type ChatSession, chatCallerOf } from '../asking/session.ts'
import type { Reply } from '../words/reply.ts'
import { showWrites } from '../words/write-replies.ts'

export async function replyToWrites(session: ChatSession): Promise<Reply> {
  return showWrites(await recordsOf(session).writes(), session.who.timeZone)
}

/** @returns how it stands then. @throws GatewayError as over HTTP. */
export async function throwWrites(
  session: ChatSession,
  state: 'paused' | 'running',
  reason: string | undefined,
): Promise<Reply> {
  const records = new RecordKeeper(session.desk, () => chatCallerOf(session, 'putWrites'))
  const { value } = await records.setWrites({ state, reason })
  return showWrites(value, session.who.timeZone)
}
