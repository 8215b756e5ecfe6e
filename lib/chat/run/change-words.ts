/** A change in a line: what it is about, and how it stands. */
import type { Change } from '../../changes/models.ts'
import type { User } from '../../people/models.ts'
import type { Reply } from '../reply.ts'
import { nameOf } from './people.ts'

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

/**
 * `Give cloudCX3 to Ana Abebe`, `Switch agentAssist on`, `Undo ID` where nothing is left to undo.
 *
 * @param users of whom names are known; a list's changes name nobody.
 */
export function titleOf({ desired, undoes, kind }: Change, users: readonly User[] = []): string {
  if (kind === 'extend') return keptTitle(desired, users)
  const what =
    'featureName' in desired
      ? `Switch ${desired.featureName} ${onOff(desired.enabled)}`
      : 'pairs' in desired
        ? `Change ${desired.licenses.join(', ')} of ${people(desired.users)}`
        : assignmentsTitle(desired.assignments, users)
  if (undoes === undefined) return what || 'Nothing'
  return what === '' ? `Undo ${undoes}` : `${what}, undoing ${undoes}`
}

/** `Keep cxCloudSN with Ana Abebe for good`: what was to be taken back stays. */
function keptTitle(desired: Change['desired'], users: readonly User[]): string {
  if ('featureName' in desired) return `Keep ${desired.featureName} ${onOff(desired.enabled)} for good`
  if ('pairs' in desired) {
    return `Keep what was changed of ${desired.licenses.join(', ')} for ${people(desired.users)} for good`
  }
  const parts = desired.assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
    ...(userIdsAdd.length > 0 ? [`${licenseId} with ${whom(userIdsAdd, users)}`] : []),
    ...(userIdsRemove.length > 0 ? [`${licenseId} from ${whom(userIdsRemove, users)}`] : []),
  ])
  return `Keep ${parts.join(', ')} for good`
}

type Assignments = Extract<Change['desired'], { assignments: unknown }>['assignments']

function assignmentsTitle(assignments: Assignments, users: readonly User[]): string {
  const parts = assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
    ...(userIdsAdd.length > 0 ? [`Give ${licenseId} to ${whom(userIdsAdd, users)}`] : []),
    ...(userIdsRemove.length > 0 ? [`Take ${licenseId} from ${whom(userIdsRemove, users)}`] : []),
  ])
  return parts.join(', ')
}

/** One is named, where the name is known; several are counted. */
function whom(ids: readonly string[], users: readonly User[]): string {
  const [only] = ids
  const user = ids.length === 1 ? users.find(({ id }) => id === only) : undefined
  return user ? nameOf(user) : people(ids.length)
}

function people(n: number): string {
  return n === 1 ? '1 person' : `${n} people`
}

export function onOff(enabled: boolean | undefined): string {
  return enabled === undefined ? 'unknown' : enabled ? 'on' : 'off'
}
