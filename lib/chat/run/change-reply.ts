/** A change as a person in chat sees it: a plan with its buttons, or how it stands. */
import type { Change } from '../../changes/models.ts'
import type { User } from '../../people/models.ts'
import type { Button, Part, Reply } from '../reply.ts'
import { spokenTime } from '../times.ts'
import { nameOf } from './people.ts'
import { note, text } from './said.ts'

/** People shown one by one; longer lists are cut with a count. */
const MAX_ROWS = 15

export interface Shown {
  readonly change: Change
  /** Names of the users it is about, as far as they are known. */
  readonly users: readonly User[]
  readonly timeZone: string
  /** Seats of the contract and how many are taken, where the operator has told the first. */
  readonly seats?: string
}

/** What would happen, to be confirmed or called off by whoever asked. */
export function planReply(shown: Shown): Reply {
  const { change } = shown
  return {
    title: `${titleOf(change)}?`,
    tone: 'question',
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...(isNothingToDo(change) ? [text('Everything is so already: nothing would be sent.')] : []),
      ...(change.approval ? [text(`${change.approval.because.join('. ')}.`)] : []),
      note(`Change ${change.id}. Nothing has happened yet.`),
    ],
    buttons: [button('Confirm', 'primary', 'apply', change), button('Cancel', 'plain', 'cancel', change)],
  }
}

/** What approvers are asked. */
export function requestReply(shown: Shown, isReminder: boolean): Reply {
  const { change, timeZone } = shown
  const who = change.actor.person ?? change.actor.id
  const until = change.approval ? spokenTime(Date.parse(change.approval.expiresAt), timeZone) : ''
  return {
    title: `${isReminder ? 'Still waiting: ' : ''}${who} asks: ${titleOf(change)}`,
    tone: 'question',
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...(change.approval ? [text(`${change.approval.because.join('. ')}.`)] : []),
      note(`Change ${change.id}. The request lapses ${until}.`),
    ],
    buttons: [button('Approve', 'primary', 'approve', change), button('Reject', 'danger', 'reject', change)],
  }
}

const endings: Readonly<Record<Change['state'], readonly [sentence: string, tone: Reply['tone']]>> = {
  PLANNED: ['is planned', 'info'],
  AWAITING_APPROVAL: ['waits for an approver', 'question'],
  APPROVED: ['is approved and waits for its time', 'info'],
  CLAIMED: ['is under way', 'info'],
  SENT: ['is under way', 'info'],
  UNKNOWN: ['was sent, and what came of it is not known yet', 'warning'],
  APPLIED: ['done, and read back', 'good'],
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

/** How a change stands. */
export function standingReply(shown: Shown): Reply {
  const { change } = shown
  const [sentence, tone] = endings[change.state]
  const decision = change.approval?.by
  return {
    title: `${titleOf(change)}: ${sentence}`,
    tone,
    isPrivate: false,
    parts: [
      ...factsOf(shown),
      ...(change.failure ? [text(change.failure.message)] : []),
      ...lastWordOf(change),
      ...(decision
        ? [
            note(
              `${change.approval?.isApproved ? 'Approved' : 'Rejected'} by ${decision.person ?? decision.id}.`,
            ),
          ]
        : []),
      note(`Change ${change.id}. To see it: /license change ${change.id}`),
    ],
  }
}

/** Who called it off, or why it waits once more. */
function lastWordOf({ state, history }: Change): Part[] {
  const last = history.at(-1)
  if (state === 'CANCELLED' && last) return [note(`Called off by ${last.by}.`)]
  const isGivenBack = (state === 'PLANNED' || state === 'APPROVED') && last?.by === 'gateway'
  return isGivenBack && last.note !== undefined ? [note(`So far ${last.note}.`)] : []
}

/** `Give cloudCX3 to 2 people`, `Switch agentAssist on`. */
export function titleOf({ desired, undoes }: Change): string {
  const what =
    'featureName' in desired
      ? `Switch ${desired.featureName} ${desired.enabled ? 'on' : 'off'}`
      : 'pairs' in desired
        ? `Change ${desired.licenses.join(', ')} of ${count(desired.users, 'person', 'people')}`
        : assignmentsTitle(desired.assignments)
  return undoes === undefined ? what : `${what}, undoing ${undoes}`
}

function assignmentsTitle(
  assignments: Extract<Change['desired'], { assignments: unknown }>['assignments'],
): string {
  const parts = assignments.flatMap(({ licenseId, userIdsAdd, userIdsRemove }) => [
    ...(userIdsAdd.length > 0
      ? [`Give ${licenseId} to ${count(userIdsAdd.length, 'person', 'people')}`]
      : []),
    ...(userIdsRemove.length > 0
      ? [`Take ${licenseId} from ${count(userIdsRemove.length, 'person', 'people')}`]
      : []),
  ])
  return parts.join(', ') || 'Nothing'
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}

function factsOf({ change, users, timeZone, seats }: Shown): Part[] {
  const { before, after, desired, reason, notBefore, revert, findings, leftAlone } = change
  const facts: [string, string][] = []
  if (before && 'featureName' in before) facts.push(['before', onOff(before.enabled)])
  if ('featureName' in desired) facts.push(['desired', onOff(desired.enabled)])
  if (after && 'featureName' in after) facts.push(['now', onOff(after.enabled)])
  if (reason !== undefined) facts.push(['because', reason])
  if (notBefore !== undefined) facts.push(['not before', spokenTime(Date.parse(notBefore), timeZone)])
  if (revert?.at !== undefined) facts.push(['taken back', spokenTime(Date.parse(revert.at), timeZone)])
  if (revert?.after !== undefined) facts.push(['taken back', `${revert.after} after it is done`])
  if (seats !== undefined) facts.push(['seats', seats])
  return [
    ...(facts.length > 0 ? [{ kind: 'facts', facts } as const] : []),
    ...peopleTable(change, users),
    ...(findings?.missingPrerequisites ?? []).map(({ userId, licenseId, prerequisites }) =>
      note(`${nameIn(users, userId)} would lack ${prerequisites.join(', ')}, which ${licenseId} needs.`),
    ),
    ...(findings?.contradictions ?? []).map(({ userId, licenseId, neededBy }) =>
      note(`${nameIn(users, userId)} keeps ${neededBy.join(', ')}, which needs ${licenseId}.`),
    ),
    ...(leftAlone && leftAlone.length > 0
      ? [
          note(
            `Left alone, since somebody has changed it meanwhile: ${count(leftAlone.length, 'entry', 'entries')}.`,
          ),
        ]
      : []),
  ]
}

const onOff = (enabled: boolean | undefined) => (enabled === undefined ? 'unknown' : enabled ? 'on' : 'off')

function peopleTable({ id, before, after, desired, results }: Change, users: readonly User[]): Part[] {
  if (!before || !('users' in before)) return []
  const later = after && 'users' in after ? after.users : 'assignments' in desired ? desired.users : undefined
  const rows = before.users.map(({ userId, licenses }) => {
    const next = later?.find((each) => each.userId === userId)?.licenses
    const outcomes = results?.filter((each) => each.userId === userId).map(({ outcome }) => outcome)
    return [
      nameIn(users, userId),
      licenses.join(', ') || 'none',
      next?.join(', ') || 'none',
      ...(outcomes ? [[...new Set(outcomes)].join(', ')] : []),
    ]
  })
  return [
    {
      kind: 'table',
      headings: ['who', 'before', 'after', ...(results ? ['result'] : [])],
      rows: rows.slice(0, MAX_ROWS),
      ...(rows.length > MAX_ROWS ? { total: rows.length, rest: `GET /v1/changes/${id}/results` } : {}),
    },
  ]
}

function nameIn(users: readonly User[], userId: string): string {
  const user = users.find(({ id }) => id === userId)
  return user ? nameOf(user) : userId
}

function isNothingToDo({ before, desired, findings }: Change): boolean {
  if (before && 'featureName' in before && 'featureName' in desired) return before.enabled === desired.enabled
  if (!('assignments' in desired)) return false
  const pairs = desired.assignments.reduce(
    (sum, each) => sum + each.userIdsAdd.length + each.userIdsRemove.length,
    0,
  )
  return pairs === (findings?.noOps.length ?? -1)
}

function button(
  label: string,
  style: Button['style'],
  act: Button['action']['do'],
  { id, digest }: Change,
): Button {
  return { label, style, action: { do: act, changeId: id, digest } }
}
