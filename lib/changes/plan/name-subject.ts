/** Whom a change of one person is about, by name. */
import { GatewayError } from '../../errors.ts'
import { nameOf, tellApart } from '../../people/find-users.ts'
import { userOf } from '../../people/user.ts'
import type { Header } from '../model/header.ts'
import type { PlanningDesk } from '../record/desk.ts'
import { nameSubjectBy } from './read-order.ts'

/** Who its one user is, told apart from any namesake, by two requests; a plan is none the worse where nobody says. */
export async function nameSubject(
  { genesys }: Pick<PlanningDesk, 'genesys'>,
  subject: Header['subject'],
): Promise<Header['subject']> {
  if (!('userId' in subject) || subject.userId === undefined || subject.userName !== undefined) return subject
  try {
    const found = await genesys.getDirectoryUsers([subject.userId])
    const users = await tellApart(
      genesys,
      found.map((known) => userOf(known.id, known, [])),
    )
    return nameSubjectBy(subject, (userId) => {
      const user = users.find(({ id }) => id === userId)
      return user?.name && nameOf(user)
    })
  } catch (error) {
    if (error instanceof GatewayError) return subject
    throw error
  }
}
