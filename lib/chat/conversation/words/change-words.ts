/** A change in a line: what it is about, and how it stands. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { summaryOf } from '../../../changes/answers/summarize.ts'
import { nameOf } from '../../../people/tell-apart.ts'
import type { User } from '../../../people/user.ts'
import type { Reply } from './reply.ts'

/** How each state reads behind what the change is about. */
export const standings: Readonly<Record<Change['state'], readonly [sentence: string, tone: Reply['tone']]>> =
  {
    PLANNED: ['is planned', 'info'],
    AWAITING_APPROVAL: ['waits for an approver', 'question'],
    APPROVED: ['is approved and waits for its time', 'info'],
    CLAIMED: ['is under way', 'info'],
    SENT: ['is under way', 'info'],
    UNKNOWN: ['was sent, and what came of it is not known yet', 'warning'],
    APPLIED: ['done, and Genesys shows it', 'good'],
    PARTIAL: ['done in part', 'warning'],
    NO_EFFECT: ['had no effect: Genesys answered and switched nothing', 'warning'],
    FAILED: ['failed', 'bad'],
    NEEDS_ATTENTION: ['needs a person to look', 'bad'],
    NOOP: ['everything was so already', 'good'],
    REJECTED: ['was rejected', 'warning'],
    EXPIRED: ['came too late', 'warning'],
    CANCELLED: ['was called off', 'info'],
    SUPERSEDED: ['was not carried out: somebody has changed it meanwhile', 'warning'],
  }

/** @param users of whom names are known; where the one it is about is not among them, the record's own words stand. */
export function titleOf(change: Change, users: readonly User[] = []): string {
  const called = (userId: string) => {
    const user = users.find(({ id }) => id === userId)
    return user && nameOf(user)
  }
  const { desired } = change
  const isKnown =
    'assignments' in desired || ('userId' in desired && users.some(({ id }) => id === desired.userId))
  return users.length > 0 && isKnown ? summaryOf(change, called) : change.summary
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}
