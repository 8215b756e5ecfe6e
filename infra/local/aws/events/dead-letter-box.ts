/** What lies in the queues of dead letters: each message as SQS has it, and what it says for whoever looks at the list. */
import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { shallowOf } from '../../../../lib/json.ts'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'

const from = z.enum(['rule', 'schedule', 'function', 'queue'])

const DeadLetter = z.strictObject({
  /** ISO 8601. */
  at: z.string(),
  from,
  why: z.string(),
  event: z.unknown(),
})
/** What could not be delivered by a rule or a schedule, failed in a function, or was put into the queue by one. */
export type DeadLetter = z.output<typeof DeadLetter>

/** The same as a message of SQS. */
const Kept = z.extend(DeadLetter, {
  id: z.string(),
  body: z.string(),
  attributes: z.record(z.string(), z.string()),
  /** Which queue it is in, where that is not the one that most are in. */
  queue: z.optional(z.string()),
})
type Kept = z.output<typeof Kept>

const Saved = z.strictObject({ version: z.literal(2), deadLetters: z.array(Kept) })
/** What was kept before messages had a form. */
const SavedBefore = z.strictObject({ version: z.literal(1), deadLetters: z.array(DeadLetter) })

/** The oldest go beyond that many. */
const MAX_KEPT = 1_000

/** Of a message, what its sender makes of it. */
export interface MessageForm {
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface DeadLetterBox {
  /** @returns the message's id. */
  readonly put: (letter: DeadLetter, form: MessageForm, queue?: string) => string
  /** Of all queues, oldest first. */
  readonly list: () => DeadLetter[]
  /** @param queue undefined for the one that most are in. */
  readonly messages: (queue?: string) => readonly Kept[]
  readonly remove: (id: string) => void
}

/**
 * With a file they survive a restart.
 *
 * @param onPut told of each, in a sentence.
 * @throws Error with a sentence where the file is damaged.
 */
export function createDeadLetterBox(
  file: string | undefined,
  onPut: (sentence: string) => void,
): DeadLetterBox {
  let letters: readonly Kept[] = file === undefined ? [] : readLetters(file)

  function keep(next: readonly Kept[]): void {
    letters = next
    if (file !== undefined)
      writeJsonFile(file, { version: 2, deadLetters: [...letters] } satisfies z.output<typeof Saved>)
  }

  return {
    put(letter, { body, attributes }, queue) {
      const id = randomUUID()
      const event = shallowOf(letter.event)
      const kept = { ...letter, event, id, body, attributes: { ...attributes } }
      keep([...letters, queue === undefined ? kept : { ...kept, queue }].slice(-MAX_KEPT))
      onPut(`dead letter from a ${letter.from}: ${letter.why}`)
      return id
    },
    list: () => letters.map(({ at, from, why, event }) => ({ at, from, why, event })),
    messages: (queue) => letters.filter((letter) => letter.queue === queue),
    remove(id) {
      keep(letters.filter((letter) => letter.id !== id))
    },
  }
}

function readLetters(file: string): readonly Kept[] {
  try {
    const found = readJsonFile(file)
    if (found === undefined) return []
    const before = SavedBefore.safeParse(found)
    if (!before.success) return z.parse(Saved, found).deadLetters
    return before.data.deadLetters.map((letter) => ({
      ...letter,
      id: randomUUID(),
      body: JSON.stringify({ why: letter.why, event: letter.event }),
      attributes: {},
    }))
  } catch (cause) {
    throw new StateError(`The dead letters in ${file} are damaged.`, { cause })
  }
}
