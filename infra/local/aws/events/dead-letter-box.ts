import * as z from 'zod/mini'
import { shallowOf } from '../../../../lib/json.ts'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'

const DeadLetter = z.strictObject({
  /** ISO 8601. */
  at: z.string(),
  from: z.enum(['rule', 'schedule', 'queue']),
  why: z.string(),
  event: z.unknown(),
})
/** What could not be delivered by a rule or a schedule, or was put into the queue by a function. */
export type DeadLetter = z.output<typeof DeadLetter>

const Saved = z.strictObject({ version: z.literal(1), deadLetters: z.array(DeadLetter) })

/** The oldest go beyond that many. */
const MAX_KEPT = 1_000

export interface DeadLetterBox {
  readonly put: (letter: DeadLetter) => void
  /** Oldest first. */
  readonly list: () => DeadLetter[]
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
  let letters = file === undefined ? [] : readLetters(file)
  return {
    put(letter) {
      letters = [...letters, { ...letter, event: shallowOf(letter.event) }].slice(-MAX_KEPT)
      if (file !== undefined)
        writeJsonFile(file, { version: 1, deadLetters: letters } satisfies z.output<typeof Saved>)
      onPut(`dead letter from a ${letter.from}: ${letter.why}`)
    },
    list: () => [...letters],
  }
}

function readLetters(file: string): DeadLetter[] {
  try {
    const found = readJsonFile(file)
    return found === undefined ? [] : z.parse(Saved, found).deadLetters
  } catch (cause) {
    throw new StateError(`The dead letters in ${file} are damaged.`, { cause })
  }
}
