/** Who can sign in on the laptop: the three callers, as policy.json has them. */
import type { Policy } from '../../../lib/changes/model/policy.ts'
import { type Role, roles } from '../../../lib/roles.ts'
import { subjectOf } from '../identity.ts'
import { personAddressed } from '../org/people/people.ts'

export interface SignInPerson {
  /** The `sub` of their tokens. */
  readonly subject: string
  readonly role: Role
  readonly name: string
  readonly email?: string
}

/** @returns one of each role, named as in the org's directory, else as policy.json calls them. */
export function signInPeople({ people }: Pick<Policy, 'people'>): readonly SignInPerson[] {
  return roles.map((role) => {
    const subject = subjectOf(role)
    const [key = subject, entry] = Object.entries(people).find(([, { jwt }]) => jwt?.includes(subject)) ?? []
    const email = entry?.email
    const name = entry?.name ?? (email === undefined ? undefined : personAddressed(email)?.name) ?? key
    return { subject, role, name, ...(email === undefined ? {} : { email }) }
  })
}
