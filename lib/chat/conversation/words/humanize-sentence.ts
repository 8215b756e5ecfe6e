import { sayPlainly } from '../../../changes/answers/words/say-plainly.ts'
import { nameOf } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import { timeTextOf } from './times.ts'

interface Reader {
  readonly timeZone: string
  readonly users?: readonly User[]
}

/** A sentence of an error or a record, as a person in chat reads it. */
export function humanizeSentence(sentence: string, { timeZone, users = [] }: Reader): string {
  return sayPlainly(sentence, {
    timeTextOf: (atMs) => timeTextOf(atMs, timeZone),
    nameOf: (userId) => {
      const user = users.find(({ id }) => id === userId)
      return user && nameOf(user)
    },
  })
}
