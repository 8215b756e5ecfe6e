/** The queue of lists' turns: SQS's FIFO, one message of the group before the function at a time, tried again until it is given up. */
import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import type { LaptopClock } from '../../clock.ts'
import type { DeadLetterBox } from './dead-letter-box.ts'

/** What the queue is called, and the one of its dead letters. */
export const TURNS_NAME = 'lists.fifo'

/** Within that a message of the same deduplication id is taken and never delivered (SQS's developer guide, "Exactly-once processing"). Milliseconds. */
const DEDUPLICATION_MS = 5 * 60_000

/** As the stack has it: how often a message comes before it is a dead letter. */
const MAX_RECEIVES = 5

/** Until a message that failed comes again; the stack has minutes, and who tries things out should not wait. Milliseconds. */
const AGAIN_MS = 5_000

/** What the function answers: which of the messages come again. */
const Answer = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) })

interface Message {
  readonly id: string
  readonly body: string
  receives: number
}

export interface Turns {
  /** @returns the message's id: of a repeat that of the first. */
  readonly send: (body: string, deduplicationId: string) => string
  /** Resolves when no turn is being taken and none waits but for its next try. */
  readonly idle: () => Promise<void>
  readonly close: () => void
}

/** @param target the function, as an event source mapping invokes it. */
export function createTurns(
  target: (event: unknown) => Promise<unknown>,
  clock: LaptopClock,
  box: DeadLetterBox,
): Turns {
  const waiting: Message[] = []
  const sent = new Map<string, { readonly id: string; readonly atMs: number }>()
  let working: Promise<void> | undefined
  let isHeld = false
  let isClosed = false

  function work(): void {
    if (working || isHeld || isClosed) return
    working = takeAll().finally(() => {
      working = undefined
    })
  }

  async function takeAll(): Promise<void> {
    for (let message = waiting[0]; message && !isClosed; message = waiting[0]) {
      message.receives += 1
      const why = await failureOf(message)
      if (why === undefined) waiting.shift()
      else if (message.receives >= MAX_RECEIVES) bury(waiting.shift() ?? message, why)
      else {
        // Nothing of a group passes a message that comes again.
        isHeld = true
        clock.at(clock.now() + AGAIN_MS, async () => {
          isHeld = false
          work()
          await working
        })
        return
      }
    }
  }

  async function failureOf({ id, body }: Message): Promise<string | undefined> {
    try {
      const answer = Answer.parse(
        await target({ Records: [{ messageId: id, body, eventSource: 'aws:sqs' }] }),
      )
      return answer.batchItemFailures.length > 0 ? 'the function gave it back' : undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  function bury({ body, receives }: Message, why: string): void {
    const at = new Date(clock.now()).toISOString()
    box.put(
      { at, from: 'queue', why: `${TURNS_NAME}: failed ${receives} times: ${why}`, event: body },
      { body, attributes: {} },
    )
  }

  return {
    send(body, deduplicationId) {
      const earlier = sent.get(deduplicationId)
      if (earlier && clock.now() - earlier.atMs < DEDUPLICATION_MS) return earlier.id
      const id = randomUUID()
      sent.set(deduplicationId, { id, atMs: clock.now() })
      waiting.push({ id, body, receives: 0 })
      work()
      return id
    },
    async idle() {
      while (working) await working
    },
    close() {
      isClosed = true
    },
  }
}
