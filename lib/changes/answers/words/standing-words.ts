/** How a change stands, and that what it did was taken back since: the same in chat and on the page. Pure. */
import { isSettled, listStates } from '../../model/transitions.ts'
import type { Change } from '../change-schemas.ts'
import { type StateWords, wordsOfState } from '../summarize.ts'

export type StandingChange = Pick<Change, 'state' | 'undone' | 'revert' | 'list'>

/** Its state's words stay where something of what it did may still stand. */
export function wordsOfStanding({ state, undone, revert, list }: StandingChange): StateWords {
  // Called off, it stays as it was, paused or not, until what is open of it is settled.
  if (list?.stopped && listStates.includes(state))
    return { name: 'Ending', standing: 'is ending', tone: 'info' }
  const words = wordsOfState(state)
  const past = state === 'APPLIED' ? 'was done' : words.standing
  if (undone) {
    const { by, isInPart } = undone
    if (undone.state === 'AWAITING_APPROVAL') {
      return {
        name: `${words.name}, undo waits for approval`,
        standing: `${past}, and ${by} is to undo it, which waits for an approver`,
        tone: 'info',
      }
    }
    const part = isInPart ? ' in part' : ''
    const isOver = isSettled(undone.state)
    const since = isOver ? `has been undone${part} since` : 'is being undone'
    return {
      name:
        isOver && !isInPart ? 'Undone since' : `${words.name}, ${isOver ? 'undone in part' : 'being undone'}`,
      standing: `${past}, and ${since} by ${by}`,
      tone: 'info',
    }
  }
  // Of what is no list its own record does not say what came of that.
  const takenBackBy = list ? undefined : revert?.changeId
  if (takenBackBy === undefined) return words
  return {
    name: `${words.name}, its time is up`,
    standing: `${past}; its time has come, and ${takenBackBy} takes it back`,
    tone: 'info',
  }
}
