/**
 * What to know of a plan before it goes ahead: what it takes from many, said before all else, and how the count of its
 * people is typed back; how many seats it takes; what people would lack or hold twice.
 */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { MAX_FINDINGS } from '../../../changes/model/change-order.ts'
import { isSettled } from '../../../changes/model/transitions.ts'
import { type Part, type Reply, sayNote, sayText } from './reply.ts'
import { ageTextOf } from './times.ts'

/** Whether a decision about it asks for the count, so that no button passes. */
export function isCountAsked({ state, isReleased, impact }: Change): boolean {
  const isUndecided = state === 'AWAITING_APPROVAL' || (state === 'PLANNED' && !isReleased)
  return isUndecided && impact?.massRemovals !== undefined
}

export function warnOfRemovals(change: Change): Part[] {
  const { impact } = change
  if (!isCountAsked(change) || impact === undefined) return []
  const taken = (impact.massRemovals ?? []).map(({ licenseId, people, holders }) => {
    const of =
      holders === undefined
        ? `${people} people; how many hold it nobody has read lately`
        : `${people} of the ${holders} people who hold it`
    return sayText(`This takes ${licenseId} from ${of}.`)
  })
  return [...taken, sayText(`In all it changes ${impact.people} people.`)]
}

/** In place of the button that does not pass. */
export function askForCount(change: Change): Part[] {
  if (!isCountAsked(change)) return []
  const what = change.state === 'AWAITING_APPROVAL' ? 'approve' : 'confirm'
  return [
    sayNote(`To ${what} it, type how many people it changes in all behind this:`, `confirm ${change.id}`),
  ]
}

/** People who are named in a reply of many; the rest are counted. */
export const MAX_NAMED = 5

/** Sentences of what was found; the rest are counted. */
const MAX_FOUND = 5

interface Found {
  readonly userId: string
  readonly ofOne: string
  /** Where it reads otherwise of several. */
  readonly ofMany?: string
  /** Whether more was found of its kind than is on record. */
  readonly isCut: boolean
}

/** A sentence for all of whom the same was found. Of a list that has begun it is no news. */
export function sayFindings(change: Change, called: (userId: string) => string): Part[] {
  const { id, list } = change
  if (list?.beganAt !== undefined) return []
  const alike = [...Map.groupBy(findingsOf(change), ({ ofOne }) => ofOne).values()]
  const most = alike.toSorted((a, b) => b.length - a.length)
  const more = most.length - MAX_FOUND
  return [
    ...sayChanged(change, called),
    ...most.slice(0, MAX_FOUND).flatMap((found) => sayFound(found, called)),
    ...(more > 0
      ? [
          sayNote(
            `${more} more such ${more === 1 ? 'thing' : 'things'}: GET /v1/changes/${id} says who and what.`,
          ),
        ]
      : []),
  ]
}

type Changed = NonNullable<NonNullable<Change['findings']>['changedOutside']>

/** Who of its people is not as they were: before it was planned, and since. */
function sayChanged({ findings, state }: Change, called: (userId: string) => string): Part[] {
  if (isSettled(state)) return []
  const { changedOutside, changedSince } = findings ?? {}
  const readAt = changedOutside?.asOf === undefined ? '' : ` (${utcTextOf(changedOutside.asOf)})`
  return [
    ...(changedOutside?.isKnown === false
      ? [
          sayNote(
            'Whether others have changed these people meanwhile is not known: no reading from before this plan says who held what.',
          ),
        ]
      : sayWho(
          changedOutside,
          called,
          `changed outside the gateway between the last reading${readAt} and this plan`,
        )),
    ...sayWho(changedSince, called, 'changed by others since it was planned'),
  ]
}

function sayWho(
  { users = 0, people }: Changed = { isKnown: true, people: [] },
  called: (userId: string) => string,
  what: string,
): Part[] {
  if (users === 0) return []
  const named = people.slice(0, MAX_NAMED).map(({ userId }) => called(userId))
  const more = users - named.length
  return [
    sayNote(
      `${users} of its people ${users === 1 ? 'was' : 'were'} ${what}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    ),
  ]
}

/** In a channel many read it, in zones of their own. */
function utcTextOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

function sayFound(found: readonly Found[], called: (userId: string) => string): Part[] {
  const names = found.slice(0, MAX_NAMED).map(({ userId }) => called(userId))
  const more = found.length - names.length
  return found.slice(0, 1).map(({ ofOne, ofMany = ofOne, isCut }) => {
    if (names.length === 1) return sayNote(`${names[0]} ${ofOne}`)
    const others = more > 0 ? [`${isCut ? 'at least ' : ''}${more} more`] : []
    const all = [...names, ...others]
    return sayNote(`${all.slice(0, -1).join(', ')} and ${all.at(-1)} ${ofMany}`)
  })
}

/** Whom the reply names of what was found. */
export function namedInFindings(change: Change): string[] {
  const alike = Map.groupBy(findingsOf(change), ({ ofOne }) => ofOne)
  const { changedOutside, changedSince } = change.findings ?? {}
  const changed = [changedOutside, changedSince].map((each) => each?.people ?? [])
  return [...alike.values(), ...changed].flatMap((found) =>
    found.slice(0, MAX_NAMED).map(({ userId }) => userId),
  )
}

function findingsOf({ findings, list }: Change): Found[] {
  const { missingPrerequisites = [], contradictions = [], overlaps = [] } = findings ?? {}
  const isCut = (found: readonly unknown[]) => list !== undefined && found.length >= MAX_FINDINGS
  return [
    ...missingPrerequisites.map(({ userId, licenseId, prerequisites }) => ({
      userId,
      ofOne: `would lack ${prerequisites.join(', ')}, which ${licenseId} needs.`,
      isCut: isCut(missingPrerequisites),
    })),
    ...contradictions.map(({ userId, licenseId, neededBy }) => {
      const needed = `${neededBy.join(', ')}, which needs ${licenseId}.`
      return { userId, ofOne: `keeps ${needed}`, ofMany: `keep ${needed}`, isCut: isCut(contradictions) }
    }),
    ...overlaps.flatMap(({ userId, licenseId, comprises, comprisedBy }) => {
      const keep = (what: string) => ({ userId, ofOne: `would also keep ${what}.`, isCut: isCut(overlaps) })
      return [
        ...(comprises.length > 0 ? [keep(`${comprises.join(', ')}, which ${licenseId} comprises`)] : []),
        ...(comprisedBy.length > 0 ? [keep(`${comprisedBy.join(', ')}, which comprises ${licenseId}`)] : []),
      ]
    }),
  ]
}

type Counts = NonNullable<NonNullable<Change['findings']>['seats']>

interface ShownSeats {
  readonly change: Change
  readonly timeZone: string
  readonly nowMs?: number | undefined
}

/** How many seats are taken once a change is carried out; of one that has settled nothing is said. */
export function seatFactsOf({ change, timeZone, nowMs }: ShownSeats): (readonly [string, string])[] {
  const counts = countsOf(change)
  return counts.map(({ licenseId, seats, after, unknown = 0, open = 0, asOf }) => {
    const name = counts.length > 1 ? `seats of ${licenseId}` : 'seats'
    if (after === undefined || asOf === undefined) {
      const why = `no reading yet says who holds ${licenseId}`
      return [name, `how many of ${seats} are taken is not known: ${why}`]
    }
    const said = [
      `${after} of ${seats} taken after it`,
      ...openOf(open),
      ...unknownOf(unknown),
      `as of ${ageTextOf(Date.parse(asOf), timeZone, nowMs)}`,
    ]
    return [name, said.join(', ')]
  })
}

/** Said before all else: that a license would be given beyond its seats, or may be. */
export function warnOverSeats(change: Change): Part[] {
  return countsOf(change).flatMap(
    ({ licenseId, seats, taken = 0, after = 0, unknown = 0, open = 0, isOver }) => {
      if (isOver) {
        const besides = open === 0 ? '' : `, and ${open} by changes that are open`
        return [
          sayText(`This takes ${licenseId} over its seats: ${after} of ${seats} would be taken${besides}.`),
        ]
      }
      return after > taken && after + open + unknown > seats
        ? [
            sayText(
              `This may take ${licenseId} over its seats: ${after} of ${seats}, and ${unknown} not known.`,
            ),
          ]
        : []
    },
  )
}

/** A warning where a change takes a license over its seats, or may, or takes one from many. */
export function toneOfWarnings(change: Change, tone: Reply['tone']): Reply['tone'] {
  return warnOverSeats(change).length > 0 || isCountAsked(change) ? 'warning' : tone
}

function countsOf({ findings, state }: Change): Counts {
  return isSettled(state) ? [] : (findings?.seats ?? [])
}

function openOf(count: number): string[] {
  return count === 0 ? [] : [`${count} more by changes that are open`]
}

export function unknownOf(count: number): string[] {
  return count === 0 ? [] : [`${count} not known`]
}
