/** What a plan takes from many, said before all else, and how the count of its people is typed back. */
import type { Change } from '../../../changes/answers/change-schemas.ts'
import { type Part, sayNote, sayText } from './reply.ts'

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
