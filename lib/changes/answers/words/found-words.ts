/** What a plan would leave people with, who of them has left, and who of them is not as they were: sentences, the same in chat and on the page. Pure. */
import { isSettled } from '../../model/transitions.ts'
import type { Change } from '../change-schemas.ts'

/** People who are named of many; the rest are counted. */
export const MAX_NAMED = 5

type Called = (userId: string) => string

/** A sentence of what was found, and whether it warns of a license that costs and brings nothing. */
export interface FoundLine {
  readonly text: string
  readonly isWarning: boolean
}

interface Found {
  readonly userId: string
  readonly ofOne: string
  /** Where it reads otherwise of several. */
  readonly ofMany?: string
  readonly isWarning: boolean
  /** Whether more was found of its kind than is on record. */
  readonly isCut: boolean
}

/** The sentences alone. */
export function foundTextsOf(change: Change, called: Called): string[] {
  return foundLinesOf(change, called).map(({ text }) => text)
}

/** A sentence for all of whom the same was found, what was found of most first. Of a list that has begun it is no news. */
export function foundLinesOf(change: Change, called: Called): FoundLine[] {
  if (change.list?.beganAt !== undefined) return []
  const alike = [...Map.groupBy(findingsOf(change), ({ ofOne }) => ofOne).values()]
  return alike.toSorted((a, b) => b.length - a.length).flatMap((found) => foundLineOf(found, called))
}

type Changed = NonNullable<NonNullable<Change['findings']>['changedOutside']>

/** Who of its people is not as they were: before it was planned, and since. @param timeTextOf a time that the sentence names. */
export function changedTextsOf(
  { findings, state }: Change,
  called: Called,
  timeTextOf: (iso: string) => string,
): string[] {
  if (isSettled(state)) return []
  const { changedOutside, changedSince } = findings ?? {}
  const readAt = changedOutside?.asOf === undefined ? '' : ` (${timeTextOf(changedOutside.asOf)})`
  return [
    ...(changedOutside?.isKnown === false
      ? [
          'Whether others have changed these people meanwhile is not known: no reading from before this plan says who held what.',
        ]
      : whoTextOf(
          changedOutside,
          called,
          `changed outside the gateway between the last reading${readAt} and this plan`,
        )),
    ...whoTextOf(changedSince, called, 'changed by others since it was planned'),
  ]
}

function whoTextOf(
  { users = 0, people }: Changed = { isKnown: true, people: [] },
  called: Called,
  what: string,
): string[] {
  if (users === 0) return []
  const named = people.slice(0, MAX_NAMED).map(({ userId }) => called(userId))
  const more = users - named.length
  return [
    `${users} of its people ${users === 1 ? 'was' : 'were'} ${what}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  ]
}

function foundLineOf(found: readonly Found[], called: Called): FoundLine[] {
  const names = found.slice(0, MAX_NAMED).map(({ userId }) => called(userId))
  const more = found.length - names.length
  return found.slice(0, 1).map(({ ofOne, ofMany = ofOne, isWarning, isCut }) => {
    if (names.length === 1) return { text: `${names[0]} ${ofOne}`, isWarning }
    const others = more > 0 ? [`${isCut ? 'at least ' : ''}${more} more`] : []
    const all = [...names, ...others]
    return { text: `${all.slice(0, -1).join(', ')} and ${all.at(-1)} ${ofMany}`, isWarning }
  })
}

/** Pairs named of those that an undoing leaves alone; of more a step of it has the count. */
export const MAX_LEFT_ALONE = 1_000

type LeftAlone = Change['leftAlone']

/** What an undo leaves as it is. */
export function leftAloneTextOf(leftAlone: LeftAlone = [], called: Called): string | undefined {
  if (leftAlone.length === 0) return undefined
  const named = leftAlone.slice(0, MAX_NAMED).map(({ featureName, licenseId, userId }) => {
    return userId === undefined ? featureName : `${licenseId} of ${called(userId)}`
  })
  const more = leftAlone.length - named.length
  const isCut = leftAlone.length >= MAX_LEFT_ALONE
  const which = `${named.join(', ')}${more > 0 ? ` and ${isCut ? 'at least ' : ''}${more} more` : ''}`
  return `${isCut ? 'At least ' : ''}${leftAlone.length} left alone, since somebody has changed ${leftAlone.length === 1 ? 'it' : 'them'} meanwhile: ${which}.`
}

export function namedInLeftAlone(leftAlone: LeftAlone = []): string[] {
  const ids = leftAlone.slice(0, MAX_NAMED).map(({ userId }) => userId)
  return [...new Set(ids.filter((userId) => userId !== undefined))]
}

/** Whom the sentences name. */
export function namedInFindings(change: Change): string[] {
  const alike = Map.groupBy(findingsOf(change), ({ ofOne }) => ofOne)
  const { changedOutside, changedSince } = change.findings ?? {}
  const changed = [changedOutside, changedSince].map((each) => each?.people ?? [])
  const found = [...alike.values(), ...changed].flatMap((each) =>
    each.slice(0, MAX_NAMED).map(({ userId }) => userId),
  )
  return [...found, ...namedInLeftAlone(change.leftAlone)]
}

function findingsOf({ findings }: Change): Found[] {
  const {
    missingPrerequisites = [],
    contradictions = [],
    overlaps = [],
    notActive = [],
    counts,
  } = findings ?? {}
  return [
    ...[...Map.groupBy(notActive, ({ userId }) => userId)].map(([userId, licenses]) => {
      const given = `${licenses[0]?.state} in Genesys and would be given ${licenses.map(({ licenseId }) => licenseId).join(', ')}.`
      return {
        userId,
        ofOne: `is ${given}`,
        ofMany: `are ${given}`,
        isWarning: true,
        isCut: isCut(notActive, counts?.notActive),
      }
    }),
    ...missingPrerequisites.map(({ userId, licenseId, prerequisites }) => ({
      userId,
      ofOne: `would lack ${prerequisites.join(', ')}, which ${licenseId} needs.`,
      isWarning: true,
      isCut: isCut(missingPrerequisites, counts?.missingPrerequisites),
    })),
    ...contradictions.map(({ userId, licenseId, neededBy }) => {
      const needed = `${neededBy.join(', ')}, which needs ${licenseId}.`
      return {
        userId,
        ofOne: `keeps ${needed}`,
        ofMany: `keep ${needed}`,
        isWarning: true,
        isCut: isCut(contradictions, counts?.contradictions),
      }
    }),
    ...overlaps.flatMap(({ userId, licenseId, comprises, comprisedBy }) => {
      const keep = (what: string) => ({
        userId,
        ofOne: `would also keep ${what}.`,
        isWarning: false,
        isCut: isCut(overlaps, counts?.overlaps),
      })
      return [
        ...(comprises.length > 0 ? [keep(`${comprises.join(', ')}, which ${licenseId} comprises`)] : []),
        ...(comprisedBy.length > 0 ? [keep(`${comprisedBy.join(', ')}, which comprises ${licenseId}`)] : []),
      ]
    }),
  ]
}

function isCut(told: readonly unknown[], count = told.length): boolean {
  return count > told.length
}
