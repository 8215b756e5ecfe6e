/** What a port threw, told to whoever asked and logged. */
import type { GatewayError } from '../../../errors.ts'
import type { ChatSession } from '../asking/session.ts'
import { explainFailure, type Reply } from '../words/reply.ts'

/** @param isUnchanged whether it is known that nothing has been sent for it. */
export function tellError(session: ChatSession, error: GatewayError, isUnchanged = false): Reply {
  if (error.status >= 500) session.noteFailure(error)
  return explainFailure(error, { timeZone: session.who.timeZone, isUnchanged })
}
