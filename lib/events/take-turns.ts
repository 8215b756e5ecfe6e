/** Lists' turns as SQS hands them on: one message, one turn. What cannot be done is answered message by message, and comes again. */
import * as z from 'zod/mini'
import { ChangeId } from '../changes/answers/change-schemas.ts'
import { takeTurn } from '../changes/carry-out/lists/take-turn.ts'
import { GatewayError } from '../errors.ts'
import { anyJsonOf } from '../json.ts'
import type { ApplyingWork } from './advance-due-changes.ts'

const Turn = z.object({ changeId: ChangeId })

/** What SQS puts before a function, as far as it is needed. */
const Messages = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) })

/** The messages that come again; the others are done. */
export interface FailedMessages {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/** @throws Error for what is no batch of messages; GatewayError where there is no access token, so that all of it comes again. */
export async function takeTurns({ desk, openBench }: ApplyingWork, event: unknown): Promise<FailedMessages> {
  const { Records: messages } = z.parse(Messages, event)
  const failed: { itemIdentifier: string }[] = []
  for (const { messageId, body } of messages) {
    // First in, first out: what is behind one that failed waits with it.
    if (failed.length > 0 || !(await takeOne(messageId, body))) failed.push({ itemIdentifier: messageId })
  }
  return { batchItemFailures: failed }

  async function takeOne(messageId: string, body: string): Promise<boolean> {
    const turn = Turn.safeParse(anyJsonOf(body))
    if (!turn.success) {
      desk.log.noteRefusal(messageId, 'the message names no list: it is given up after its tries')
      return false
    }
    try {
      await takeTurn(await openBench(), turn.data.changeId)
      return true
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      desk.log.noteDeferred(turn.data.changeId, 'its turn could not be taken, and comes again', error)
      return false
    }
  }
}
