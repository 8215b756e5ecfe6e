/** A plan as lines for a person. Pure. */
import type { Change } from '../../lib/changes/answers/change-schemas.ts'
import { requesterOf } from '../../lib/changes/answers/summarize.ts'
import type { NamedResult } from './changes.ts'
import { count, people, tableOf, utc } from './words.ts'

/** Of each kind that is found, so many are named. */
const MAX_NAMED = 5

/** More than these a list does not tell (lib/changes/plan/split-list.ts). */
const MAX_TOLD = 100

/** @param rows what is known of each pair. */
export function linesOfPlan(change: Change, rows: readonly NamedResult[]): string[] {
  const { id, summary, reason, impact, actor, createdAt } = change
  const idle = rows.filter(isIdle).length
  return [
    `${id}: ${summary}`,
    `planned ${utc(createdAt)} for ${requesterOf(actor)}${reason === undefined ? '' : `: ${reason}`}`,
    `changes ${people(impact?.people ?? 0)}; ${count(rows.length - idle, 'pair')} of a license and a person to change, ${idle === 0 ? 'none' : idle.toLocaleString('en')} as desired already`,
    ...timesOf(change),
    '',
    ...licensesOf(change, rows),
    ...findingsOf(change, rows),
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
    const { seats: paid, taken, after } = seats.get(license) ?? {}
    const ofSeats = seats.size > 0 ? [paid, taken, after] : []
    const figures = [given, work.length - given, ofLicense.length - work.length, ...ofSeats]
    return [license, ...figures.map(figure)]
  })
  const head = ['license', 'give', 'take', 'as is']
  return tableOf(seats.size > 0 ? [...head, 'seats', 'taken', 'then'] : head, table)
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

function findingsOf({ findings, impact, list }: Change, rows: readonly NamedResult[]): string[] {
  const {
    seats = [],
    missingPrerequisites = [],
    contradictions = [],
    overlaps = [],
    unknownUsers = [],
  } = findings ?? {}
  const who = new Map(rows.map(({ userId, userName }) => [userId, userName]))
  const named = (userId: string) => who.get(userId) ?? userId
  const isList = list !== undefined
  return [
    ...(impact?.massRemovals ?? []).map(
      ({ licenseId, people: taken, holders }) =>
        `ATTENTION: takes ${licenseId} from ${people(taken)}${holders === undefined ? '; how many hold it is not known' : ` of ${holders} who hold it`}`,
    ),
    ...seats
      .filter(({ isOver }) => isOver)
      .map(
        ({ licenseId, after, seats: paid }) =>
          `ATTENTION: ${licenseId} would be over its seats: ${after} of ${paid}`,
      ),
    ...foundOf(
      'would lack what a license needs',
      missingPrerequisites,
      isList,
      ({ userId, licenseId, prerequisites }) =>
        `${named(userId)}: ${licenseId} needs ${prerequisites.join(' or ')}`,
    ),
    ...foundOf(
      'would keep what needs a license that is taken',
      contradictions,
      isList,
      ({ userId, licenseId, neededBy }) =>
        `${named(userId)}: ${licenseId} is needed by ${neededBy.join(', ')}`,
    ),
    ...foundOf(
      'would hold a license twice',
      overlaps,
      isList,
      ({ userId, licenseId, comprises, comprisedBy }) =>
        comprisedBy.length > 0
          ? `${named(userId)}: ${licenseId} is part of ${comprisedBy.join(', ')}`
          : `${named(userId)}: ${licenseId} has ${comprises.join(', ')} in it`,
    ),
    ...foundOf('are not known in Genesys', unknownUsers, isList, named),
  ]
}

function foundOf<T>(
  what: string,
  found: readonly T[],
  isList: boolean,
  lineOf: (each: T) => string,
): string[] {
  if (found.length === 0) return []
  const all = isList && found.length >= MAX_TOLD ? `${found.length} or more` : String(found.length)
  const more = found.length > MAX_NAMED ? [`  and ${found.length - MAX_NAMED} more`] : []
  return [`found: ${all} ${what}`, ...found.slice(0, MAX_NAMED).map((each) => `  ${lineOf(each)}`), ...more]
}
