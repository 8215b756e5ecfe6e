/** Rules of a list left out or turned round, each with the promise that breaks, and where. */
import type { LIST_SCENARIOS, ListDesign } from './list-design.ts'
import type { ListPromised } from './list-promises.ts'

export interface ListMutation {
  readonly title: string
  readonly turned: Partial<ListDesign>
  readonly scenario: keyof typeof LIST_SCENARIOS
  readonly breaks: ListPromised
}

const COUNTED = 'at every moment each pair is counted once: as come out, as under way, or as not begun'
const CALLED_OFF = 'no part begins of a list that is called off'
const PAUSED = 'no part begins of a list that is paused, or has ended'
const AT_REST = 'at rest a list has ended, or somebody has paused it and no part of it is under way'
const ENDS_LAST = 'a list ends when all parts that have begun have come to rest, and not before'

export const LIST_MUTATIONS: readonly ListMutation[] = [
  {
    title: 'a part is put on record, and noted in its list afterwards, while somebody calls it off',
    turned: { isBegunByOneWrite: false },
    scenario: 'listDecided',
    breaks: CALLED_OFF,
  },
  {
    title: 'a part is put on record, and noted in its list afterwards, while somebody pauses it',
    turned: { isBegunByOneWrite: false },
    scenario: 'listDecided',
    breaks: PAUSED,
  },
  {
    title: 'a part is put on record, and noted in its list afterwards, which has ended by then',
    turned: { isBegunByOneWrite: false },
    scenario: 'listDecided',
    breaks: 'a list that has ended stays so, and begins nothing',
  },
  {
    title: 'each turn makes a change of its own for its part',
    turned: { isBegunByOneWrite: false, isOneOfEach: false },
    scenario: 'listOfCrashes',
    breaks: 'no part is begun twice',
  },
  {
    title: 'a turn counts its part though the tick has done so',
    turned: { isCountedOnce: false },
    scenario: 'listOfCrashes',
    breaks: COUNTED,
  },
  {
    title: 'the list is written whatever stands there, so that calling off is forgotten',
    turned: { isFenced: false },
    scenario: 'listDecided',
    breaks: 'a list that has ended stays so, and begins nothing',
  },
  {
    title: 'the list is written whatever stands there, so that one that has ended is under way again',
    turned: { isFenced: false },
    scenario: 'listDecided',
    breaks: 'a list moves by the arrows of the table alone',
  },
  {
    title: 'a part that is seen as applied is counted before the second look',
    turned: { isLookWaitedFor: false },
    scenario: 'listLeftOpen',
    breaks: 'what is told of a part is what became of it',
  },
  {
    title: 'a list ends as what was seen before the second look',
    turned: { isLookWaitedFor: false },
    scenario: 'listLeftOpen',
    breaks: 'a list ends as what its parts came to',
  },
  {
    title: 'the list ends while a part of it is open',
    turned: { isRestWaitedFor: false },
    scenario: 'listLeftOpen',
    breaks: ENDS_LAST,
  },
  {
    title: 'a turn does not look whether its list was called off',
    turned: { isStopHeeded: false },
    scenario: 'listDecided',
    breaks: CALLED_OFF,
  },
  {
    title: 'a turn does not look whether its list is paused',
    turned: { isPauseHeeded: false },
    scenario: 'listDecided',
    breaks: PAUSED,
  },
  {
    title: 'a paused list asks for its turn, which asks for the next',
    turned: { isPausedLeftAlone: false },
    scenario: 'listDecided',
    breaks: 'from everywhere the system comes to rest without anybody asking again',
  },
  {
    title: 'nobody gathers what a turn has left open',
    turned: { isGatheredByTick: false },
    scenario: 'listLeftOpen',
    breaks: AT_REST,
  },
  {
    title: 'a paused list that is called off waits to be resumed',
    turned: { isPausedEnded: false },
    scenario: 'listDecided',
    breaks: AT_REST,
  },
  {
    title: 'no tick asks for the turn whose message was lost',
    turned: { hasTick: false },
    scenario: 'listOfCrashes',
    breaks: AT_REST,
  },
  {
    title: 'a conflict is seen only once its part has come to rest',
    turned: { isConflictSeenAtOnce: false },
    scenario: 'listInConflict',
    breaks: 'no part begins behind one in conflict, where that is to stop the list',
  },
]
