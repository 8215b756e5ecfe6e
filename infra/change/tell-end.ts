/** What a change has come to, and what can be done about it now, as lines for a person. */
import type { Change, ChangeResult } from '../../lib/changes/answers/change-schemas.ts'
import { requesterOf, stateWords } from '../../lib/changes/answers/summarize.ts'
import { isSettled } from '../../lib/changes/model/transitions.ts'
import type { Gateway } from './place.ts'
import { tableOf, utc } from './words.ts'

type Outcome = ChangeResult['outcome']
export type Outcomes = ReadonlyMap<Outcome, number>

/** In the order in which they are told. */
const meanings: readonly (readonly [Outcome, string])[] = [
  ['applied', 'done, and read back'],
  ['unchanged', 'as desired already'],
  ['not.applied', 'refused, or not so when it was read back'],
  ['conflict', 'not seen as it was when it was planned, or protected by now: left alone'],
  ['superseded', 'left to a newer change'],
  ['unknown', 'what came of it is not known'],
  ['not.sent', 'nothing was sent'],
  ['invalid', 'a bad row'],
]

/** What `retry` plans anew (lib/changes/plan/plan-retry.ts). */
const RETRIED: readonly Outcome[] = ['not.applied', 'conflict', 'unknown', 'not.sent']

export function isDone({ state }: Pick<Change, 'state'>): boolean {
  return state === 'APPLIED' || state === 'NOOP'
}

/** @param rows of a change that is no list, which counts its own. */
export function outcomesOf({ list }: Change, rows: readonly ChangeResult[]): Outcomes {
  const counts = new Map<Outcome, number | undefined>()
  if (list) {
    const { notApplied, notSent, notSettled, ...others } = list.outcomes
    for (const [outcome] of meanings)
      counts.set(outcome, Object.entries(others).find(([name]) => name === outcome)?.[1])
    counts.set('not.applied', notApplied).set('not.sent', notSent ?? notSettled)
  } else for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return new Map(
    meanings.flatMap(([outcome]): [Outcome, number][] => {
      const pairs = counts.get(outcome) ?? 0
      return pairs > 0 ? [[outcome, pairs]] : []
    }),
  )
}

interface Beside {
  /** What has taken it back since. */
  readonly undo?: Change | undefined
  /** What it left as it is. */
  readonly leftAlone?: string | undefined
}

export function linesOfEnd(change: Change, outcomes: Outcomes, { undo, leftAlone }: Beside = {}): string[] {
  const { id, state, failure, approval, supersededBy, revert, partOf } = change
  const table = meanings.flatMap(([outcome, meaning]) => {
    const pairs = outcomes.get(outcome)
    return pairs === undefined ? [] : [[outcome, pairs.toLocaleString('en'), meaning]]
  })
  return [
    undo === undefined
      ? `${id} is ${state}: ${stateWords[state].standing}`
      : `${id} was ${state}, and ${undoneText(change, undo)} by ${undo.id}, which is ${undo.state}; it had come to:`,
    ...(table.length > 0 ? tableOf(['outcome', 'pairs'], table) : []),
    ...(partOf === undefined
      ? []
      : [`It is a part of the list ${partOf.changeId}, which is decided about as a whole`]),
    ...(leftAlone === undefined ? [] : [leftAlone]),
    ...(approval?.isApproved === false ? [rejectionText(approval)] : []),
    ...(failure === undefined ? [] : [failure.message]),
    ...(supersededBy === undefined ? [] : [`The newer change is ${supersededBy}`]),
    ...(revert?.changeId === undefined || undo !== undefined
      ? []
      : [`It was taken back by ${revert.changeId}`]),
    ...(revert?.dueAt === undefined ? [] : [`It is taken back ${utc(revert.dueAt)}`]),
  ]
}

/** Others than lists do not say whether some of what they did still stands. */
function undoneText({ undone }: Change, undo: Change): string {
  if (!isSettled(undo.state)) return 'is being UNDONE'
  return `has been UNDONE${undone?.isInPart || undo.state !== 'APPLIED' ? ' IN PART' : ''} since`
}

function rejectionText({ by, reason }: NonNullable<Change['approval']>): string {
  return `Rejected by ${by === undefined ? 'an approver' : requesterOf(by)}${reason === undefined ? '' : `: ${reason}`}`
}

interface Now {
  /** What has asked again for what did not come about. */
  readonly retry: Change | undefined
  readonly nowMs: number
}

/** What to do next about a change that was not done, each with the line to type. */
export function linesOfNext(
  { id, state, kind, list, revert }: Change,
  outcomes: Outcomes,
  gateway: Gateway,
  { retry, nowMs }: Now,
): string[] {
  const failed = RETRIED.filter((each) => outcomes.has(each))
  const isTold = failed.length > 0 && [...outcomes.keys()].some((each) => each !== 'not.sent')
  const settled = state === 'NEEDS_ATTENTION' ? (list?.needAttention ?? [id]) : []
  const isOver = revert?.at !== undefined && Date.parse(revert.at) <= nowMs
  const isRetriable =
    failed.length > 0 && state !== 'SUPERSEDED' && kind !== 'extend' && settled.length === 0 && !isOver
  return [
    ...(isTold
      ? [
          'Which they are:',
          ...failed.map((each) => `  ${gateway.commandFor(`results ${id} --outcome ${each}`)}`),
        ]
      : []),
    ...settled.flatMap((each, at) => [
      ...(at === 0 ? ['Have it looked at, once nothing can land any more:'] : []),
      `  ${gateway.lineFor('operator', `/v1/changes/${each}/settle`)}`,
    ]),
    ...(retry
      ? [
          `What did not come about was asked for again by ${requesterOf(retry.actor)}, as ${retry.id}, which is ${retry.state}:`,
          `  ${gateway.commandFor(`watch ${retry.id}`)}`,
        ]
      : isRetriable
        ? [
            'Plan anew what did not come about, as a change of its own, and apply that by its id:',
            `  ${gateway.lineFor('operator', `/v1/changes/${id}/retry`)}`,
          ]
        : []),
  ]
}

/** A line that can be pasted whole asks nobody anything. */
export const COUNT_IS_TYPED =
  'N is for whoever types it: the number of people whom the plan above changes, once they are looked at'

/** Who is waited for, and what they type. */
export function linesOfApproval({ id, digest, approval, impact, actor }: Change, gateway: Gateway): string[] {
  const isCounted = impact?.massRemovals !== undefined
  const body = `{"digest":${JSON.stringify(digest)}${isCounted ? ',"confirmPeople":N' : ''}}`
  const { expiresAt, because = [] } = approval ?? {}
  return [
    `${id} waits for an approver${expiresAt === undefined ? '' : ` until ${utc(expiresAt)}, because: ${because.join('; ')}`}`,
    `An approver who is not ${requesterOf(actor)}, nor any other who has asked for it, presses Approve in chat, or:`,
    `  ${gateway.lineFor('approver', `/v1/changes/${id}/approve`, body)}`,
    ...(isCounted ? [COUNT_IS_TYPED] : []),
    `It is carried out then, whether anybody watches or not: ${gateway.commandFor(`watch ${id}`)}`,
  ]
}
