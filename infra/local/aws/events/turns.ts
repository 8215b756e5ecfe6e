/**
 * The queue of lists' turns, and Lambda's poller before it: SQS's FIFO with one group, as unkind as the real one. What is
 * not deleted comes again when its time is up, nothing of the group passes it meanwhile, and after its tries it is put
 * among the letters of lists.
 */
import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { TURN_MAX_RECEIVES } from '../../../../lib/events/contract.ts'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'
import type { LaptopClock } from '../../clock.ts'
import type { DeadLetterBox } from './dead-letter-box.ts'

/** What the queue is called, and the one of what it gave up. */
export const TURNS_NAME = 'lists.fifo'
export const LIST_LETTERS_NAME = 'list-letters.fifo'

/** Within that a message of the same deduplication id is taken and never delivered (SQS's developer guide, "Exactly-once processing"). Milliseconds. */
const DEDUPLICATION_MS = 5 * 60_000

/** How long a message that is being taken is kept from the next try. The stack has minutes; no function lives longer than this. Milliseconds. */
const VISIBILITY_MS = 30_000

/** What the function answers: which of the messages come again. An answer without any is a success (Lambda's developer guide, "Partial batch responses"). */
const Answer = z.nullish(
  z.object({ batchItemFailures: z.nullish(z.array(z.object({ itemIdentifier: z.nullish(z.string()) }))) }),
)

const Message = z.strictObject({
  id: z.string(),
  body: z.string(),
  deduplicationId: z.string(),
  receives: z.int(),
  /** Epoch milliseconds. */
  sentAtMs: z.number(),
  visibleAtMs: z.number(),
})
type Message = z.output<typeof Message>

const Sent = z.strictObject({ id: z.string(), deduplicationId: z.string(), atMs: z.number() })
type Sent = z.output<typeof Sent>

const Saved = z.strictObject({
  version: z.literal(1),
  messages: z.readonly(z.array(Message)),
  sent: z.readonly(z.array(Sent)),
})

export interface Turns {
  /** @returns the message's id: of a repeat that of the first. */
  readonly send: (body: string, deduplicationId: string) => string
  /** Hands the message that was handed on last to the function once more and at once, whether or not that is still at it. */
  readonly redeliver: () => Promise<void>
  /** Begins with what an earlier run left. */
  readonly resume: () => void
  /** Resolves when no turn is being taken and none waits but for its next try. */
  readonly idle: () => Promise<void>
  /** Empties the queue. */
  readonly forget: () => void
  readonly close: () => void
}

export interface TurnsOptions {
  /** The function, as an event source mapping invokes it. */
  readonly target: (event: unknown) => Promise<unknown>
  readonly clock: LaptopClock
  readonly box: DeadLetterBox
  /** Whether SQS loses this deletion. */
  readonly isDeleteLost: () => boolean
  /** Where messages survive a restart. */
  readonly file: string | undefined
}

/** @throws StateError where the file is damaged. */
export function createTurns({ target, clock, box, isDeleteLost, file }: TurnsOptions): Turns {
  let { messages, sent } = readQueue(file)
  let working: Promise<void> | undefined
  let last: Message | undefined
  let callOff: (() => void) | undefined
  let isClosed = false

  function keep(): void {
    sent = sent.filter(({ atMs }) => clock.now() - atMs < DEDUPLICATION_MS)
    if (file !== undefined && !isClosed) {
      writeJsonFile(file, { version: 1, messages, sent } satisfies z.output<typeof Saved>)
    }
  }

  function replace(message: Message, by: readonly Message[]): void {
    messages = messages.flatMap((each) => (each.id === message.id ? by : [each]))
    keep()
  }

  function work(): void {
    if (working || isClosed) return
    working = takeAll().finally(() => {
      working = undefined
      holdUntilVisible()
    })
  }

  /** Nothing of a group passes a message that comes again. */
  function holdUntilVisible(): void {
    const [head] = messages
    if (!head || isClosed) return
    callOff?.()
    callOff = clock.at(Math.max(head.visibleAtMs, clock.now()), async () => {
      work()
      await working
    })
  }

  async function takeAll(): Promise<void> {
    for (let [head] = messages; head && !isClosed && head.visibleAtMs <= clock.now(); [head] = messages) {
      if (head.receives >= TURN_MAX_RECEIVES) bury(head)
      else await take(head)
    }
  }

  async function take(message: Message): Promise<void> {
    const visibleAtMs = clock.now() + VISIBILITY_MS
    const received = { ...message, receives: message.receives + 1, visibleAtMs }
    last = received
    replace(message, [received])
    if ((await isDone(received)) && !isDeleteLost()) replace(received, [])
  }

  async function isDone(message: Message): Promise<boolean> {
    try {
      const answer = Answer.parse(await target(eventOf(message)))
      return (answer?.batchItemFailures ?? []).length === 0
    } catch {
      // What it says is in the function's log, as with Lambda.
      return false
    }
  }

  function bury(message: Message): void {
    const { body, receives } = message
    const why = `a turn of a list: take-turns failed ${receives} times`
    const letter = { at: new Date(clock.now()).toISOString(), from: 'queue', why, event: body } as const
    box.put(letter, { body, attributes: {} }, LIST_LETTERS_NAME)
    replace(message, [])
  }

  return {
    send(body, deduplicationId) {
      const nowMs = clock.now()
      const earlier = sent.find((each) => each.deduplicationId === deduplicationId)
      if (earlier && nowMs - earlier.atMs < DEDUPLICATION_MS) return earlier.id
      const id = randomUUID()
      messages = [
        ...messages,
        { id, body, deduplicationId, receives: 0, sentAtMs: nowMs, visibleAtMs: nowMs },
      ]
      sent = [...sent, { id, deduplicationId, atMs: nowMs }]
      keep()
      work()
      return id
    },
    async redeliver() {
      if (!last) throw new Error('No turn has been handed on.')
      await target(eventOf({ ...last, receives: last.receives + 1 }))
    },
    resume: work,
    async idle() {
      while (working) await working
    },
    forget() {
      callOff?.()
      messages = []
      keep()
    },
    close() {
      isClosed = true
    },
  }
}

function eventOf({ id, body, receives, sentAtMs, deduplicationId }: Message) {
  const attributes = {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(sentAtMs),
    MessageGroupId: 'lists',
    MessageDeduplicationId: deduplicationId,
  }
  const source = {
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${TURNS_NAME}`,
  }
  return { Records: [{ messageId: id, receiptHandle: randomUUID(), body, attributes, ...source }] }
}

function readQueue(file: string | undefined): {
  readonly messages: readonly Message[]
  readonly sent: readonly Sent[]
} {
  if (file === undefined) return { messages: [], sent: [] }
  try {
    const found = readJsonFile(file)
    return found === undefined ? { messages: [], sent: [] } : z.parse(Saved, found)
  } catch (cause) {
    throw new StateError(`The turns of lists in ${file} are damaged.`, { cause })
  }
}
