/**
 * Lists' turns as SQS hands them on: one message, one turn. What cannot be done is answered message by message, and comes
 * again; what no try can help goes to the dead letters at once, since no list moves until it is gone.
 */
import * as z from 'zod/mini'
import { ChangeId } from '../changes/answers/change-schemas.ts'
import { takeTurn } from '../changes/carry-out/lists/take-turn.ts'
import { GatewayError } from '../errors.ts'
import { anyJsonOf } from '../json.ts'
import type { ApplyingWork } from './advance-due-changes.ts'
import { type DeadLetterQueue, putUndeliverable } from './dead-letter-queue.ts'

const Turn = z.object({ changeId: ChangeId })

/** What SQS puts before a function, as far as it is needed. */
const Messages = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.optional(z.object({ ApproximateReceiveCount: z.optional(z.string()) })),
    }),
  ),
})

export interface TurnWork extends ApplyingWork {
  readonly deadLetters: DeadLetterQueue
}

/** The messages that come again; the others are done. */
export interface FailedMessages {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/**
 * @throws Error for what is no batch of messages; GatewayError where there is no access token, the SDK's error where the
 *   dead letters took nothing, so that all of it comes again.
 */
export async function takeTurns(
  { desk, openBench, deadLetters }: TurnWork,
  event: unknown,
): Promise<FailedMessages> {
  const { Records: messages } = z.parse(Messages, event)
  const failed: { itemIdentifier: string }[] = []
  for (const { messageId, body, attributes } of messages) {
    const receives = Number(attributes?.ApproximateReceiveCount ?? 1)
    // First in, first out: what is behind one that failed waits with it.
    if (failed.length > 0 || !(await takeOne(messageId, body, receives)))
      failed.push({ itemIdentifier: messageId })
  }
  return { batchItemFailures: failed }

  async function takeOne(messageId: string, body: string, receives: number): Promise<boolean> {
    const said = anyJsonOf(body) ?? body
    const turn = Turn.safeParse(said)
    if (!turn.success) {
      await putUndeliverable(desk, deadLetters, said, `must be { changeId }: message ${messageId} is no turn`)
      return true
    }
    const { changeId } = turn.data
    let isList: boolean
    try {
      isList = await takeTurn(await openBench(), changeId, receives > 1)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      if (error.code === 'ledger.record.unknown') {
        // The version that wrote it asks for the turn itself, once it is deployed again.
        await putUndeliverable(desk, deadLetters, said, error.message)
        return true
      }
      desk.log.noteDeferred(changeId, 'its turn could not be taken, and comes again', error)
      return false
    }
    if (!isList) await putUndeliverable(desk, deadLetters, said, `there is no list ${changeId} on record`)
    return true
  }
}
