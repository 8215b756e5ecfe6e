/** All that a change's record says: why, what was before and after, each step. */

import type { Change } from '../../../../../lib/changes/answers/change-schemas.ts'
import { requesterOf } from '../../../../../lib/changes/answers/summarize.ts'
import type { Writes } from '../../../../../lib/changes/answers/write-schemas.ts'
import type { ChangeState } from '../../../../../lib/changes/model/transitions.ts'
import { element } from '../dom.ts'
import { dayTime, spokenDuration, wholeTime } from '../times.ts'
import { failureOf, onOff, stateChip } from './change-words.ts'

/** People shown one by one; the rest are counted. */
const MAX_PEOPLE = 20

/** Only while nothing has been sent does it matter until when that may be. */
const WAITING: readonly ChangeState[] = ['PLANNED', 'AWAITING_APPROVAL', 'APPROVED']

/** The ids of the users whose licenses it shows. */
export function usersIn({ before }: Change): string[] {
  return before && 'users' in before ? before.users.slice(0, MAX_PEOPLE).map(({ userId }) => userId) : []
}

/** @param called what a user is called, by id. */
export function changeDetails(change: Change, called: (userId: string) => string): Node[] {
  return [facts(change), ...beforeAndAfter(change, called), history(change)]
}

/** Why nothing is carried out, as long as that is so. */
export function pauseNotice({ state, since, by, reason }: Writes): string {
  if (state === 'running') return ''
  const who = by ? ` by ${requesterOf(by)}` : ' by the org file'
  return `Writes are paused${who}${since ? ` since ${dayTime(since)}` : ''}${reason ? `: ${reason}` : ''}. What is asked for waits, or is refused.`
}

function facts(change: Change): HTMLElement {
  const { state, reason, approval, notBefore, notAfter, revert, undoes, retries, retriedBy, supersededBy } =
    change
  const isWaiting = WAITING.includes(state)
  const rows: [name: string, value: string | undefined][] = [
    ['Because', reason],
    ['Failure', failureOf(change)],
    ['Approval', approval?.because.join('. ')],
    [
      approval?.isApproved === false ? 'Rejected by' : 'Approved by',
      approval?.by && requesterOf(approval.by),
    ],
    ['Rejected because', approval?.reason],
    ['Not before', isWaiting && notBefore ? wholeTime(notBefore) : undefined],
    ['Not after', isWaiting && notAfter ? wholeTime(notAfter) : undefined],
    [
      'Taken back',
      revert?.at
        ? wholeTime(revert.at)
        : revert?.after && `${spokenDuration(revert.after)} after it is applied`,
    ],
    ['Undoes', undoes],
    ['Retries', retries],
    ['Retried by', retriedBy],
    ['Left to', supersededBy],
  ]
  return element(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [element('dt', {}, name), element('dd', {}, value)],
    ),
  )
}

function beforeAndAfter(change: Change, called: (userId: string) => string): Node[] {
  const { before, after, desired } = change
  const isDone = after !== undefined
  const headings = [
    before && 'featureName' in before ? 'Toggle' : 'User',
    'Before',
    isDone ? 'After' : 'Desired',
  ]
  if (before && 'featureName' in before) {
    const later =
      after && 'featureName' in after ? after.enabled : 'featureName' in desired ? desired.enabled : undefined
    return [table(headings, [[before.featureName, onOff(before.enabled), onOff(later)]])]
  }
  if (!before || !('users' in before)) return []
  const later = after && 'users' in after ? after.users : 'assignments' in desired ? desired.users : undefined
  const rows = before.users.slice(0, MAX_PEOPLE).map(({ userId, licenses }) => {
    const next = later?.find((each) => each.userId === userId)?.licenses
    return [called(userId), listed(licenses), next ? listed(next) : 'unknown']
  })
  const rest = before.users.length - rows.length
  return [
    table(headings, rows),
    ...(rest > 0
      ? [
          element(
            'p',
            { class: 'note' },
            `And ${rest} more: /license change ${change.id} people lists them all.`,
          ),
        ]
      : []),
  ]
}

/** One on a line. */
const listed = (licenses: readonly string[]) => licenses.join('\n') || 'none'

function table(headings: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headings.map((each) => element('th', { scope: 'col' }, each)))),
    element(
      'tbody',
      {},
      ...rows.map(([first = '', ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, first),
          ...cells.map((cell) => element('td', {}, cell)),
        ),
      ),
    ),
  )
}

function history({ history }: Change): HTMLElement {
  return element(
    'ol',
    { class: 'history', 'aria-label': 'Steps' },
    ...history.map(({ state, at, by, note }) =>
      element(
        'li',
        {},
        stateChip(state),
        element('span', {}, by),
        element('time', { datetime: at, title: wholeTime(at) }, timeOf(at)),
        ...(note === undefined ? [] : [element('span', { class: 'note' }, note)]),
      ),
    ),
  )
}

const exact = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const timeOf = (at: string) => exact.format(new Date(at))
