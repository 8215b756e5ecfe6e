/** A plan as lines for a person. Pure. */
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { requesterOf } from '../../lib/changes/answers/summarize.ts'
import { foundTextsOf } from '../../lib/changes/answers/words/found-words.ts'
import { seatVerdictOf, unsureTextOf } from '../../lib/changes/answers/words/seat-verdict.ts'
import type { NamedResult } from './changes.ts'
import { count, people, tableOf, utc } from './words.ts'

/** People who are shown, licenses of each, people of a kind that is found, and such kinds. */
const MAX_NAMED = 5

/** @param rows what is known of each pair. @param leftAlone what an undo leaves as it is. */
export function linesOfPlan(change: Change, rows: readonly NamedResult[], leftAlone?: string): string[] {
  const { id, summary, reason, impact, actor, createdAt, findings } = change
  const idle = rows.filter(isIdle).length
  const { repeatedRows = 0 } = findings ?? {}
  return [
    `${id}: ${summary}`,
    `planned ${utc(createdAt)} for ${requesterOf(actor)}${reason === undefined ? '' : `: ${reason}`}`,
    `changes ${people(impact?.people ?? 0)}; ${count(rows.length - idle, 'pair')} of a license and a person to change, ${idle === 0 ? 'none' : idle.toLocaleString('en')} as desired already`,
    ...(repeatedRows > 0
      ? [
          `${count(repeatedRows, 'row')} more said the same as another, and ${repeatedRows === 1 ? 'counts' : 'count'} once`,
        ]
      : []),
    ...timesOf(change),
    '',
    ...licensesOf(change, rows),
    ...firstPeopleOf(rows),
    ...findingsOf(change, rows),
    ...(leftAlone === undefined ? [] : [leftAlone]),
  ]
}

function isIdle({ before, desired }: NamedResult): boolean {
  return before === desired
}

function licensesOf({ findings }: Change, rows: readonly NamedResult[]): string[] {
  const byLicense = Map.groupBy(rows, ({ licenseId = '' }) => licenseId)
  const seats = new Map(findings?.seats?.map((each) => [each.licenseId, each]))
  const figure = (each: number | undefined) => each?.toLocaleString('en') ?? '-'
  const table = [...byLicense].map(([license, ofLicense]) => {
    const work = ofLicense.filter((row) => !isIdle(row))
    const given = work.filter(({ desired }) => desired === true).length
    const { seats: paid, taken, after, open } = seats.get(license) ?? {}
    const ofSeats = seats.size > 0 ? [paid, taken, after, open] : []
    const figures = [given, work.length - given, ofLicense.length - work.length, ...ofSeats]
    return [license, ...figures.map(figure)]
  })
  const head = ['license', 'give', 'take', 'as is']
  return tableOf(seats.size > 0 ? [...head, 'seats', 'taken', 'then', 'open'] : head, table)
}

/** Before and after of the first whom it changes: that the file says what was meant. */
function firstPeopleOf(rows: readonly NamedResult[]): string[] {
  const work = rows.filter((row) => !isIdle(row))
  const changed = [...Map.groupBy(work, ({ userId }) => userId)]
  const more = changed.length - MAX_NAMED
  const held = (each: boolean | undefined) => (each === undefined ? 'not known' : each ? 'yes' : 'no')
  return [
    ...changed.slice(0, MAX_NAMED).map(([userId = '', ofPerson]) => {
      const pairs = ofPerson
        .slice(0, MAX_NAMED)
        .map(({ licenseId, before, desired }) => `${licenseId} ${held(before)} -> ${held(desired)}`)
      const others = ofPerson.length - pairs.length
      return `  ${ofPerson[0]?.userName ?? userId}: ${[...pairs, ...(others > 0 ? [`${others} more`] : [])].join(', ')}`
    }),
    ...(more > 0 ? [`  and ${people(more)} more`] : []),
  ]
}

function timesOf({ notBefore, notAfter, revert }: Change): string[] {
  const back = revert?.at === undefined ? revert?.after : utc(revert.at)
  return [
    ...(notBefore === undefined ? [] : [`not before ${utc(notBefore)}`]),
    ...(notAfter === undefined ? [] : [`not after ${utc(notAfter)}`]),
    ...(back === undefined
      ? []
      : [`taken back ${revert?.at === undefined ? `${back} after it was applied` : back}`]),
  ]
}

function findingsOf(change: Change, rows: readonly NamedResult[]): string[] {
  const { findings, impact } = change
  const { seats = [], unknownUsers = [], counts, changedOutside, changedSince } = findings ?? {}
  const who = new Map(rows.map(({ userId, userName }) => [userId, userName]))
  const named = (userId: string) => who.get(userId) ?? userId
  const found = foundTextsOf(change, named)
  const unsure = unsureTextOf(seats)
  return [
    ...(impact?.massRemovals ?? []).map(
      ({ licenseId, people: taken, holders }) =>
        `ATTENTION: takes ${licenseId} from ${people(taken)}${holders === undefined ? '; how many hold it is not known' : ` of ${holders} who hold it`}`,
    ),
    ...seats
      .filter((each) => seatVerdictOf(each) === 'takenOver')
      .map(
        ({ licenseId, after, seats: paid, open = 0 }) =>
          `ATTENTION: ${licenseId} would be over its seats: ${after} of ${paid}${open > 0 ? `, and ${open} by changes that are open` : ''}`,
      ),
    ...(unsure === undefined ? [] : [unsure]),
    ...seats.flatMap(({ licenseId, unknown = 0 }) =>
      unknown > 0 ? [`of ${people(unknown)} it is not known whether they hold ${licenseId}`] : [],
    ),
    ...changedOf('changed outside the gateway between the last reading and this plan', changedOutside, named),
    ...(changedSince?.users === undefined
      ? []
      : changedOf('changed by others since it was planned', changedSince, named)),
    ...found.slice(0, MAX_NAMED).map((each) => `found: ${each}`),
    ...(found.length > MAX_NAMED ? [`found: ${count(found.length - MAX_NAMED, 'more such thing')}`] : []),
    ...unknownOf(unknownUsers, counts?.unknownUsers),
  ]
}

type Changed = NonNullable<NonNullable<Change['findings']>['changedOutside']>

function changedOf(what: string, changed: Changed | undefined, named: (userId: string) => string): string[] {
  if (changed?.users === undefined) {
    return changed?.isKnown === false && changed.asOf === undefined
      ? [`not known: who was ${what}, since no reading from before it says who held what`]
      : []
  }
  const { users, people: first, asOf } = changed
  if (users === 0) return []
  const more = users - MAX_NAMED
  return [
    `found: ${people(users)} ${what}${asOf === undefined ? '' : `, by the reading of ${utc(asOf)}`}`,
    ...first.slice(0, MAX_NAMED).map(({ userId, given, taken }) => {
      const had = [...given.map((each) => `+${each}`), ...taken.map((each) => `-${each}`)]
      return `  ${named(userId)}: ${had.join(', ')}`
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

/** @param all how many there are, where that is more than what is told of each. */
function unknownOf(users: readonly string[], all = users.length): string[] {
  if (users.length === 0) return []
  const more = all > MAX_NAMED ? ` and ${(all - MAX_NAMED).toLocaleString('en')} more` : ''
  return [`found: ${people(all)} not known in Genesys: ${users.slice(0, MAX_NAMED).join(', ')}${more}`]
}
