/**
 * A change in a line: what it is about, and how it stands. And what it would do, or has done: for each person before
 * and after, when, why, what to know about it, and how many seats of the contract are taken and would be, as of
 * when.
 */
import type { Change, ChangeOutcomes, ChangeResult } from '../../../changes/answers/change-schemas.ts'
import type { Decidable } from '../../../changes/answers/decision-schemas.ts'
import {
  countNames,
  handsOf,
  isCounted,
  onOff,
  outcomeNameOf,
  requesterOf,
  summaryOf,
} from '../../../changes/answers/summarize.ts'
import { leftAloneTextOf, MAX_NAMED, namedInFindings } from '../../../changes/answers/words/found-words.ts'
import { durationMs } from '../../../changes/model/duration.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { isUndone } from '../../../changes/model/verdict.ts'
import { nameOf } from '../../../people/find-users.ts'
import type { User } from '../../../people/user.ts'
import { sayFindings, seatFactsOf, warnOfRemovals, warnOverSeats } from './plan-warnings.ts'
import { cut, type Part, sayNote, sayText } from './reply.ts'
import { lengthTextOf, timeTextOf } from './times.ts'

/** People on a page of them. */
export const MAX_PEOPLE = 15

export interface ShownChange {
  readonly change: Change
  /** Names of the users it is about, as far as they are known. */
  readonly users: readonly User[]
  readonly timeZone: string
  /** Now, for how old a count is; without it the day is told too. */
  readonly nowMs?: number | undefined
  /** What whoever is shown it may do about it; nothing where absent. */
  readonly may?: readonly Decidable[] | undefined
}

export type Fact = readonly [name: string, value: string]

export function factsOf(shown: ShownChange): Part[] {
  const { change, users, timeZone } = shown
  const { reason, notBefore, revert } = change
  const at = (iso: string) => timeTextOf(Date.parse(iso), timeZone)
  const facts: readonly Fact[] = [
    ...toggleFactsOf(change),
    ...licenseFactsOf(change),
    ...countFactsOf(change),
    ...peopleFactsOf(firstOf(change), users),
    ...factsNamed('because', reason),
    ...factsNamed('not before', notBefore && at(notBefore)),
    ...(change.state === 'NOOP' || isUndone(change.undone) ? [] : revertFactsOf(revert, at)),
    ...seatFactsOf(shown),
  ]
  return [
    ...pausedPartsOf(change, timeZone),
    ...warnOfRemovals(change),
    ...warnOverSeats(change),
    ...(facts.length > 0 ? [{ kind: 'facts', facts } as const] : []),
    ...notesOf(change, users),
  ]
}

/** Before all else: it is not carried out before somebody resumes writes. */
function pausedPartsOf({ writesPaused }: Change, timeZone: string): Part[] {
  if (writesPaused === undefined) return []
  const { since, by, reason } = writesPaused
  if (since === undefined || by === undefined) {
    return [sayText('The org file has paused writes: this waits until they are resumed there.')]
  }
  const why = reason === undefined ? '' : `: ${reason}`
  const who = `${requesterOf(by)} has paused writes since ${timeTextOf(Date.parse(since), timeZone)}${why}`
  return [sayText(`${who}. This waits until they are resumed.`)]
}

/** What found all as asked for, or is undone, has nothing to take back. */
function revertFactsOf(revert: Change['revert'], at: (iso: string) => string): Fact[] {
  if (revert?.isCancelled) return []
  const { dueAt } = revert ?? {}
  return [
    ...factsNamed('taken back', (dueAt ?? revert?.at) && at(dueAt ?? revert?.at ?? '')),
    ...factsNamed(
      'taken back',
      dueAt !== undefined || revert?.after === undefined
        ? undefined
        : `${lengthTextOf(durationMs(revert.after) ?? 0)} after it is done`,
    ),
    ...factsNamed('waits with that until', revert?.heldUntil && at(revert.heldUntil)),
  ]
}

function factsNamed(name: string, value: string | undefined): Fact[] {
  return value === undefined ? [] : [[name, value]]
}

function toggleFactsOf({ before, after, desired }: Change): Fact[] {
  return [
    ...('featureName' in desired ? factsNamed('toggle', desired.featureName) : []),
    ...(before && 'featureName' in before ? factsNamed('before', onOff(before.enabled)) : []),
    ...('featureName' in desired ? factsNamed('desired', onOff(desired.enabled)) : []),
    ...(after && 'featureName' in after ? factsNamed('now', onOff(after.enabled)) : []),
  ]
}

/** Which licenses, however long the heading that names them too. */
function licenseFactsOf(change: Change): Fact[] {
  const { desired } = change
  if ('featureName' in desired) return []
  const { gives, takes } = handsOf({ ...change, desired })
  const counted = (hands: typeof gives, word: string) =>
    hands.map(({ licenseId, users }) => `${licenseId} ${word} ${peopleTextOf(users)}`).join(', ')
  return [
    ...factsNamed('gives', counted(gives, 'to') || undefined),
    ...factsNamed('takes', counted(takes, 'from') || undefined),
  ]
}

const peopleTextOf = (count: number) => (count === 1 ? '1 person' : `${count} people`)

/** One page of the people whom a change is about, as its facts show them. */
export function pageOfPeople(change: Change, page: number): Change {
  const { before } = change
  if (!before || !('users' in before)) return change
  return { ...change, before: { users: before.users.slice((page - 1) * MAX_PEOPLE, page * MAX_PEOPLE) } }
}

/** How each outcome but a good one reads behind what the person holds. */
const outcomes: Readonly<Record<string, string>> = {
  'not.applied': 'not done',
  unknown: 'not known',
  superseded: 'left to a newer change',
}

export function peopleFactsOf({ before, after, desired, results }: Change, users: readonly User[]): Fact[] {
  if (!before || !('users' in before)) return []
  const later = after && 'users' in after ? after.users : 'assignments' in desired ? desired.users : undefined
  return before.users.slice(0, MAX_PEOPLE).map(({ userId, licenses }): Fact => {
    const next = later?.find((each) => each.userId === userId)?.licenses
    const own =
      results?.filter((each) => each.userId === userId).map(({ outcome }) => outcomes[outcome]) ?? []
    const wrong = [...new Set(own)].filter((each) => each !== undefined)
    const held = licenses.join(', ') || 'nothing'
    // Of what was sent and not seen, what is read now does not tell what will be.
    const isUnknown = wrong.includes(outcomes.unknown ?? '')
    if (isUnknown) return [nameIn(users, userId), `before ${held} → after not known`]
    const isSame = next !== undefined && next.join() === licenses.join()
    const change = isSame
      ? `${held}, as before`
      : `before ${held} → after ${next === undefined ? 'not known' : next.join(', ') || 'nothing'}`
    return [nameIn(users, userId), wrong.length === 0 ? change : `${change} (${wrong.join(', ')})`]
  })
}

/** Of many people how many they are and, once it has ended, what became of how many. */
function countFactsOf({ state, list, before, impact, outcomes }: Change): Fact[] {
  if (list) return impact ? [['people', String(impact.people)]] : []
  const isOfMany = before !== undefined && 'users' in before && before.users.length > MAX_NAMED
  return isOfMany && outcomes && state !== 'NOOP' && isSettled(state) ? outcomeFactsOf(outcomes) : []
}

/** Whom a reply about it names. */
export function namedIn(change: Change): string[] {
  const { before } = firstOf(change)
  const first = before && 'users' in before ? before.users.map(({ userId }) => userId) : []
  return [...first, ...namedInFindings(change)]
}

/** The few who are named in a reply of many: first those for whom it did not come about. */
function firstOf(change: Change): Change {
  const { before, results = [] } = change
  if (!before || !('users' in before)) return change
  const wrong = new Set(results.flatMap(({ userId, outcome }) => (outcomes[outcome] ? [userId] : [])))
  const first = before.users.toSorted((a, b) => Number(wrong.has(b.userId)) - Number(wrong.has(a.userId)))
  return { ...change, before: { users: first.slice(0, MAX_NAMED) } }
}

export function outcomeFactsOf(outcomes: ChangeOutcomes): Fact[] {
  return Object.keys(countNames)
    .filter(isCounted)
    .flatMap((name): Fact[] => {
      const count = outcomes[name] ?? 0
      return count > 0 ? [[countNames[name], String(count)]] : []
    })
}

/** Characters of what Genesys, or the gateway, said of one person; the file has all. */
const MAX_SAID = 120

/** Of one person: `done: give cloudCX3, take cloudCX1`, and why not. @param hasEnded whether the change has. */
export function outcomeTextOf(results: readonly ChangeResult[], hasEnded: boolean): string {
  const alike = Map.groupBy(results, ({ outcome }) => outcome)
  return [...alike]
    .map(([outcome, each]) => {
      const pairs = each.map(({ licenseId, featureName, desired }) =>
        featureName === undefined ? `${desired ? 'give' : 'take'} ${licenseId}` : `switch ${onOff(desired)}`,
      )
      // What stands before Genesys's own text is for those who read it alone.
      const said = each.flatMap(({ result }) => result?.replace(/^(?:NOT_APPLIED|UNKNOWN): /, '') || [])
      const why =
        isWell(outcome) || said.length === 0 ? '' : ` (${cut([...new Set(said)].join('; '), MAX_SAID)})`
      return `${outcomeNameOf(outcome, hasEnded)}: ${pairs.join(', ')}${why}`
    })
    .join('; ')
}

const isWell = (outcome: string) => outcome === 'applied' || outcome === 'unchanged'

function notesOf(change: Change, users: readonly User[]): Part[] {
  const { id, list, before } = change
  const called = (userId: string) => nameIn(users, userId)
  const leftAlone = leftAloneTextOf(change.leftAlone, called)
  const more = before && 'users' in before ? before.users.length - MAX_NAMED : 0
  return [
    ...(more > 0
      ? [sayNote(`And ${more} more ${more === 1 ? 'person' : 'people'}:`, `change ${id} people`)]
      : []),
    ...(list && list.beganAt === undefined ? [sayNote('To see them all:', `change ${id} people`)] : []),
    ...sayFindings(change, called),
    ...(leftAlone === undefined ? [] : [sayNote(leftAlone)]),
  ]
}

export function nameIn(users: readonly User[], userId: string): string {
  const user = users.find(({ id }) => id === userId)
  return user ? nameOf(user) : userId
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
