import { type Arrow, type ChangeState, changeStates } from '../../lib/changes/model/transitions.ts'

/** What each says of its change, in the words of the documentation. */
const stateMeanings: Readonly<Record<ChangeState, string>> = {
  PLANNING:
    'a list that is on record as it came; it is planned from a reading that begins after it was asked for',
  INVALID:
    'a list with rows that name nobody, or nothing that can be done; its results say which, and nothing of it is planned',
  PLANNED: 'on record; waits to be applied, for `notBefore`, or to be tried again',
  AWAITING_APPROVAL: 'a second person decides',
  APPROVED: 'a second person has approved it',
  CLAIMED: 'under way; nothing has been sent',
  SENT: 'one write is permitted, and sent',
  UNKNOWN: 'sent without a clear answer; looked at again when nothing can land any more',
  RUNNING: 'a list under way: its parts are carried out one after the other',
  PAUSED: 'a list that somebody has paused: what is under way ends, and no part is begun',
  APPLIED: 'read back as desired',
  PARTIAL: 'some of it reads as desired, or was left to a newer wish',
  NO_EFFECT: 'Genesys answered and switched nothing',
  FAILED: 'refused, nothing was sent, or it did not take effect; `failure` says why',
  NEEDS_ATTENTION: 'a person must look: settle it',
  NOOP: 'everything was as desired already; nothing was sent',
  REJECTED: 'decided against',
  EXPIRED: 'too late; nothing was sent',
  CANCELLED: 'called off',
  SUPERSEDED:
    'a newer wish decides (`supersededBy`), or somebody changed what the confirmed plan showed as done; nothing was sent',
}

/** One row for each state of a change, as Markdown: what it means, and what may come of it. */
export function statesTable(arrows: readonly Arrow[]): string {
  const rows = changeStates.map(
    (state) => `| \`${state}\` | ${stateMeanings[state]} | ${nextOf(state, arrows)} |`,
  )
  return ['| state | means | may become |', '|---|---|---|', ...rows, ''].join('\n')
}

function nextOf(state: ChangeState, arrows: readonly Arrow[]): string {
  const next = new Set(arrows.filter(({ from, to }) => from === state && to !== state).map(({ to }) => to))
  return changeStates
    .filter((each) => next.has(each))
    .map((each) => `\`${each}\``)
    .join(', ')
}
