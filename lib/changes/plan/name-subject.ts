/** Whom a change is about, as the directory says it now: one person by name, and who of them has left. */
import { GatewayError } from '../../errors.ts'
import { nameOf, tellApart } from '../../people/find-users.ts'
import { userOf } from '../../people/user.ts'
import type { Reading, Target } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import type { PlanningDesk } from '../record/desk.ts'
import type { StateOf } from './guards/find-not-active.ts'
import { nameSubjectBy } from './read-order.ts'

/** A change's subject with the name of its one user, and what the directory has told of them besides. */
export interface NamedSubject {
  readonly subject: Header['subject']
  readonly stateOf: StateOf
}

/** Who its one user is, told apart from any namesake, by two requests; a plan is none the worse where nobody says. */
export async function nameSubject(
  { genesys }: Pick<PlanningDesk, 'genesys'>,
  subject: Header['subject'],
): Promise<NamedSubject> {
  const unread: NamedSubject = { subject, stateOf: () => undefined }
  if (!('userId' in subject) || subject.userId === undefined || subject.userName !== undefined) return unread
  try {
    const found = await genesys.getDirectoryUsers([subject.userId])
    const users = await tellApart(
      genesys,
      found.map((known) => userOf(known.id, known, [])),
    )
    const userBy = (userId: string) => users.find(({ id }) => id === userId)
    return {
      subject: nameSubjectBy(subject, (userId) => {
        const user = userBy(userId)
        return user?.name && nameOf(user)
      }),
      stateOf: (userId) => userBy(userId)?.state,
    }
  } catch (error) {
    if (error instanceof GatewayError) return unread
    throw error
  }
}

/** People of one look into the directory: as many as Genesys takes. */
const MAX_DIRECTORY_IDS = 100

/** As many as the pairs that are read for a plan which is made at once; of what is more, a reading has to do. */
const MAX_LOOKED_UP = 2_000

/**
 * How those who would be given something stand now, a hundred by a request: a reading is older, and a seat given to somebody
 * who has left since is paid for. A plan is none the worse where nobody says.
 *
 * @param knownOf of whom that was read already.
 */
export async function readStates(
  { genesys }: Pick<PlanningDesk, 'genesys'>,
  targets: readonly Target[],
  values: readonly Reading[],
  knownOf: StateOf,
): Promise<StateOf> {
  const given = targets.flatMap((target, index) =>
    'userId' in target && target.desired && values[index] !== true ? [target.userId] : [],
  )
  const asked = [...new Set(given)].filter((userId) => knownOf(userId) === undefined).slice(0, MAX_LOOKED_UP)
  const states = new Map<string, string | null | undefined>()
  try {
    for (let start = 0; start < asked.length; start += MAX_DIRECTORY_IDS) {
      const found = await genesys.getDirectoryUsers(asked.slice(start, start + MAX_DIRECTORY_IDS))
      for (const { id, state } of found) states.set(id.toLowerCase(), state)
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
  }
  return (userId) => knownOf(userId) ?? states.get(userId.toLowerCase()) ?? undefined
}
