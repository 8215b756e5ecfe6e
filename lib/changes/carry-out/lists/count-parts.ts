/** What a list has come to, from what its parts have come to. Pure. */
import { partResultsOf } from '../../answers/count-outcomes.ts'
import type { EvidenceRow, Failure, ListOutcomes, ListState, PlanRow } from '../../model/change.ts'
import type { Header } from '../../model/header.ts'
import { type ChangeState, isSettled } from '../../model/transitions.ts'

/** A part as it stands. */
export interface StandingPart {
  readonly n: number
  readonly header: Header
  readonly plan: PlanRow
  readonly evidence: EvidenceRow | undefined
}

/** What became of so many pairs of a part. */
function outcomesOf({ header, plan, evidence }: StandingPart): ListOutcomes {
  const outcomes: Record<string, number> = {}
  for (const { outcome } of partResultsOf(header, plan, evidence)) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  return outcomes
}

/** Whether nothing more happens to it by itself: a second look may still take back what was seen. */
export function isAtRest({ state, lookDueAtMs }: Pick<Header, 'state' | 'lookDueAtMs'>): boolean {
  return isSettled(state) && lookDueAtMs === undefined
}

/** The list as its next part begins. @param conflicts pairs that the part leaves alone, since they are as nobody planned them. */
export function withBegun(list: ListState, conflicts: number, atMs: number): ListState {
  const isStopping = list.onConflict === 'abort' && conflicts > 0
  return {
    ...list,
    next: list.next + 1,
    open: [...list.open, list.next],
    firstBegunAtMs: list.firstBegunAtMs ?? atMs,
    lastBegunAtMs: atMs,
    failing: undefined,
    // What was waited for is over: it has begun.
    waitUntilMs: list.failing ? undefined : list.waitUntilMs,
    stopped: isStopping ? { why: 'conflict', by: 'gateway', atMs } : list.stopped,
  }
}

/** The list once a part that it has begun has come to rest. */
export function withPart(list: ListState, part: StandingPart): ListState {
  return withOutcomes(list, part.n, outcomesOf(part), part.header.state === 'NEEDS_ATTENTION')
}

/** The same by what became of its pairs. A part that is not open has been counted. */
export function withOutcomes(
  list: ListState,
  n: number,
  ofPart: ListOutcomes,
  isForPerson: boolean,
): ListState {
  if (!list.open.includes(n)) return list
  const outcomes: Record<string, number> = { ...list.outcomes }
  for (const [outcome, pairs] of Object.entries(ofPart)) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + pairs
  }
  return {
    ...list,
    outcomes,
    open: list.open.filter((each) => each !== n),
    attention: isForPerson ? [...list.attention, n] : list.attention,
  }
}

/** Whether no further part begins. */
export function isRunOut({ next, parts, stopped }: ListState): boolean {
  return next >= parts || stopped !== undefined
}

/** Whether all of it that will ever begin has come to rest. */
export function isOver(list: ListState): boolean {
  return isRunOut(list) && list.open.length === 0
}

export interface ListEnd {
  readonly state: ChangeState
  readonly note: string
  readonly failure?: Failure | undefined
}

/** What a list that is over has come to. @param pairs of all of it. */
export function endOfList({ outcomes, attention, stopped }: ListState, pairs: number): ListEnd {
  const of = (outcome: keyof ListOutcomes) => outcomes[outcome] ?? 0
  const seen = Object.values(outcomes).reduce((sum, each) => sum + each, 0)
  const applied = of('applied')
  const note = noteOf(outcomes, pairs - seen, stopped)
  if (attention.length > 0) return { state: 'NEEDS_ATTENTION', note }
  if (applied + of('unchanged') === pairs) return { state: applied > 0 ? 'APPLIED' : 'NOOP', note }
  if (applied > 0) return { state: 'PARTIAL', note, failure: failureOfList(note) }
  if (stopped?.why === 'called off') return { state: 'CANCELLED', note }
  if (of('superseded') + of('unchanged') === pairs) return { state: 'SUPERSEDED', note }
  return { state: 'FAILED', note, failure: failureOfList(note) }
}

const words: Readonly<Record<keyof ListOutcomes, string>> = {
  applied: 'applied',
  unchanged: 'as desired already',
  'not.applied': 'not applied',
  unknown: 'unknown',
  superseded: 'left to newer changes',
  conflict: 'in conflict',
}

function whyStopped({ why, by }: NonNullable<ListState['stopped']>): string {
  switch (why) {
    case 'called off':
      return `called off by ${by}`
    case 'conflict':
      return 'stopped at a conflict'
    case 'failing':
      return 'stopped, since its next part could not be begun'
    case 'late':
      return by === 'gateway' ? 'stopped, since the time named for it was up' : `ended by ${by}`
  }
}

function noteOf(outcomes: ListOutcomes, unbegun: number, stopped: ListState['stopped']): string {
  const counts = Object.entries(words).flatMap(([outcome, word]) => {
    const pairs: number | undefined = outcomes[outcome as keyof ListOutcomes]
    return pairs ? [`${pairs} ${word}`] : []
  })
  if (unbegun > 0) counts.push(`${unbegun} not begun`)
  const why = stopped ? `${whyStopped(stopped)}: ` : ''
  return `${why}${counts.join(', ') || 'nothing to do'}`
}

/** An answer and no error: whoever asked is told by the state, and by what became of each pair. */
export function failureOfList(note: string): Failure {
  return {
    code: 'change.not.applied',
    status: 200,
    message: `Not all of the list came about: ${note}. Its results say what became of each`,
    isPassing: false,
  }
}
