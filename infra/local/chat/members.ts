/** Who is in the laptop's chats: the people of policy.json, and in Slack also colleagues whom the org file does not know. */
import type { Policy } from '../../../lib/changes/model/policy.ts'
import type { Role } from '../../../lib/roles.ts'
import { person } from '../org/people/people.ts'

/** One who can type. */
export interface Member {
  /** The key of policy.json's `people`, or a colleague's handle. */
  readonly name: string
  readonly role?: Role
  readonly slack?: string
  readonly teams?: string
  readonly email?: string
}

/** Colleagues with a short address (infra/local/org/people/people.ts): ana is U0ANA. */
const COLLEAGUES = 64

export interface Members {
  readonly people: readonly Member[]
  /** By a name, a role, a Slack id or a Teams id, letter case aside; undefined where nobody is called so. */
  find(called: string): Member | undefined
  bySlackId(id: string): Member | undefined
}

/** @param users how many people the embedded org has. */
export function membersOf({ people }: Pick<Policy, 'people'>, users: number): Members {
  const known = Object.entries(people).map(([name, entry]): Member => {
    const [slack] = entry.slack ?? []
    const [teams] = entry.teams ?? []
    return {
      name,
      role: entry.role,
      ...(slack === undefined ? {} : { slack }),
      ...(teams === undefined ? {} : { teams }),
      ...(entry.email === undefined ? {} : { email: entry.email }),
    }
  })
  const colleagues = Array.from({ length: Math.min(COLLEAGUES, users) }, (_, index): Member => {
    const { email = '' } = person(index)
    const [handle = ''] = email.split('@')
    return { name: handle, slack: `U0${handle.toUpperCase()}`, email }
  })
  const everybody = [...known, ...colleagues]
  return {
    people: known.filter(({ slack, teams }) => slack !== undefined || teams !== undefined),
    find(called) {
      const wanted = called.replace(/^@/, '').toLowerCase()
      const isCalled = ({ name, slack, teams }: Member) =>
        [name, slack, teams].some((each) => each?.toLowerCase() === wanted)
      return everybody.find(isCalled) ?? known.find(({ role }) => role === wanted)
    },
    bySlackId: (id) => everybody.find(({ slack }) => slack === id),
  }
}
