/** Somebody as the gateway and Genesys know them: a name from the newest reading, and what they hold by Genesys itself. */
import type { LicenseUser } from '../../../genesys/models/licenses.ts'
import type { User, UserListing } from '../../../people/user.ts'
import { type AnswerState, useAnswer } from '../api/use-answer.ts'

/** While somebody is looked at, others may change them: each look is one question to Genesys. */
export const PERSON_EVERY_MS = 20_000

export interface Person {
  readonly id: string
  /** What they are called; the id has to do where nobody knows, and is not shown for a moment where it is not known yet. */
  readonly name: string
  /** Undefined where the newest reading knows nobody of that id, or has not answered. */
  readonly known: User | undefined
  /** License ids; undefined before either has answered. */
  readonly held: readonly string[] | undefined
  readonly live: AnswerState<LicenseUser>
  readonly reading: AnswerState<UserListing>
}

/** @param id undefined where nobody is looked at. */
export function usePerson(id: string | undefined): Person {
  const at = id === undefined ? undefined : encodeURIComponent(id)
  const reading = useAnswer<UserListing>(at && `v1/users?id=${at}`, { everyMs: PERSON_EVERY_MS })
  const live = useAnswer<LicenseUser>(at && `api/v2/license/users/${at}`, { everyMs: PERSON_EVERY_MS })
  const known = reading.value?.entities.find((each) => each.id === id)
  const held = live.value?.licenses?.map((license) => license.id) ?? known?.licenses
  const isRead = (reading.value ?? reading.problem) !== undefined
  return {
    id: id ?? '',
    name: known?.name?.trim() || known?.email || (isRead ? id : 'Somebody') || '',
    known,
    held,
    live,
    reading,
  }
}
