/**
 * What to know of a plan before it goes ahead: what it takes from many, said before all else, and how the count of its
 * people is typed back; how many seats it takes; what people would lack or hold twice.
 */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { changedTextsOf, foundTextsOf } from '../../../changes/answers/words/found-words.ts'
import { type SeatsOfPlan, seatVerdictOf, unsureTextOf } from '../../../changes/answers/words/seat-verdict.ts'
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

/** Sentences of what was found; the rest are counted. */
const MAX_FOUND = 5

/** A sentence for all of whom the same was found. */
export function sayFindings(change: Change, called: (userId: string) => string): Part[] {
  const found = foundTextsOf(change, called)
  const unsure = unsureTextOf(countsOf(change))
  const more = found.length - MAX_FOUND
  // Of a list that has begun none of it is news.
  const changed = change.list?.beganAt === undefined ? changedTextsOf(change, called, utcTextOf) : []
  return [
    ...[...(unsure === undefined ? [] : [unsure]), ...changed, ...found.slice(0, MAX_FOUND)].map((each) =>
      sayNote(each),
    ),
    ...(more > 0
      ? [
          sayNote(
            `${more} more such ${more === 1 ? 'thing' : 'things'}: GET /v1/changes/${change.id} says who and what.`,
          ),
        ]
      : []),
  ]
}

/** In a channel many read it, in zones of their own. */
function utcTextOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

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
  return countsOf(change).flatMap((count) => {
    const { licenseId, seats, after, unknown = 0, open = 0 } = count
    const besides = open === 0 ? '' : `, and ${open} by changes that are open`
    switch (seatVerdictOf(count)) {
      case 'takenOver':
        return [
          sayText(`This takes ${licenseId} over its seats: ${after} of ${seats} would be taken${besides}.`),
        ]
      case 'mayBeOver':
        return [
          sayText(
            `This may take ${licenseId} over its seats: ${after} of ${seats}, and ${unknown} not known.`,
          ),
        ]
      default:
        return []
    }
  })
}

/** A warning where a change takes a license over its seats, or may, or takes one from many. */
export function toneOfWarnings(change: Change, tone: Reply['tone']): Reply['tone'] {
  return warnOverSeats(change).length > 0 || isCountAsked(change) ? 'warning' : tone
}

/** Those that are weighed against anything. */
function countsOf({ findings, state }: Change): readonly SeatsOfPlan[] {
  return isSettled(state) ? [] : (findings?.seats ?? []).filter(({ seats }) => seats !== undefined)
}

function openOf(count: number): string[] {
  return count === 0 ? [] : [`${count} more by changes that are open`]
}

export function unknownOf(count: number): string[] {
  return count === 0 ? [] : [`${count} not known`]
}
