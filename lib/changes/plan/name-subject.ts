/** Whom a change of one person is about: by name, and whether they have left. */
import { GatewayError } from '../../errors.ts'
import { nameOf, tellApart } from '../../people/find-users.ts'
import { userOf } from '../../people/user.ts'
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
