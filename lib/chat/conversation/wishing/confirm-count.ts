/** The count typed back: it does what the button of the plan would, which does not pass where a count is asked for. */
import { requireHeader } from '../../../changes/record/write-header.ts'
import type { ChatSession } from '../asking/session.ts'
import type { Reply } from '../words/reply.ts'
import { pressButton } from './press-button.ts'

/**
 * Whoever asked applies their plan so, and an approver approves what waits for one.
 *
 * @throws GatewayError `not.found`
 */
export async function confirmCount(session: ChatSession, changeId: string, count: number): Promise<Reply> {
  const { state, digest } = await requireHeader(session.desk, changeId)
  // What the plan does never changes once it is on record: whoever typed its id and its count has seen this one.
  const act = state === 'AWAITING_APPROVAL' ? 'approve' : 'apply'
  const { said, stands } = await pressButton(session, { do: act, changeId, digest }, count)
  const reply = said ?? stands
  if (!reply) throw new Error(`Nothing came of confirming ${changeId}`)
  return reply
}
