/** Rules left out or turned round, each with the promise that breaks, and where. */
import type { Design } from './design.ts'
import type { Promised } from './invariants.ts'
import type { SCENARIOS } from './scenario.ts'

export interface Mutation {
  readonly title: string
  readonly turned: Partial<Design>
  readonly scenario: keyof typeof SCENARIOS
  readonly breaks: Promised
}

const ONE_SWITCH = 'at most one POST of an intent ever switches the toggle'
const ALONE = 'nothing is permitted while the POST of another change on the same target can land'
const NEWER_WISH = 'no older wish is sent once a newer one holds'
const HOLDS =
  'at rest the newest of the wishes that were said to hold does hold, unless somebody was warned or meddled'
const LAST_WORD = 'at rest the value is what was last said of it, or somebody was warned'

export const MUTATIONS: readonly Mutation[] = [
  {
    title: 'a permit and a verdict are recorded without their condition',
    turned: { isFenced: false },
    scenario: 'duplicates',
    breaks: ONE_SWITCH,
  },
  {
    title: 'a slow worker records its verdict over a final one',
    turned: { isFenced: false },
    scenario: 'duplicates',
    breaks: 'a final state stays, unless the second look warns or a person settles what needed attention',
  },
  {
    title: 'a refused permit is taken for its own because the change is SENT',
    turned: { isPermitKnownByOwner: false },
    scenario: 'duplicates',
    breaks: ONE_SWITCH,
  },
  {
    title: 'the POST leaves before SENT is recorded',
    turned: { hasWriteAhead: false },
    scenario: 'duplicates',
    breaks: ONE_SWITCH,
  },
  {
    title: 'the record is deleted on an ambiguous error',
    turned: { shouldKeepRecord: false },
    scenario: 'duplicates',
    breaks: ONE_SWITCH,
  },
  {
    title: 'the lock names the change, so that one given back and claimed again looks the same',
    turned: { isLockOfOneClaim: false },
    scenario: 'patienceAndAnother',
    breaks: ALONE,
  },
  {
    title: 'a change is given back although its POST may still land',
    turned: { isGivenBackWhenRefusedAlone: false },
    scenario: 'patience',
    breaks: ONE_SWITCH,
  },
  {
    title: 'a lapsed lease gives SENT to another worker',
    turned: { canTakeOverSent: true },
    scenario: 'duplicates',
    breaks: 'SENT is never taken over',
  },
  {
    title: 'a lapsed lease gives SENT to another worker, which no arrow does',
    turned: { canTakeOverSent: true },
    scenario: 'duplicates',
    breaks: 'a change moves by the arrows of the table alone',
  },
  {
    title: 'a lapsed lease gives SENT to another worker while the slow one lives',
    turned: { canTakeOverSent: true },
    scenario: 'duplicates',
    breaks: ONE_SWITCH,
  },
  {
    title: 'a toggle is permitted again after an unknown outcome',
    turned: { canPermitToggleAgain: true },
    scenario: 'duplicates',
    breaks: 'a toggle is permitted once',
  },
  {
    title: 'a toggle that a person switched back is permitted again',
    turned: { canPermitToggleAgain: true },
    scenario: 'person',
    breaks: ONE_SWITCH,
  },
  {
    title: 'the quiet period is too short for the sender',
    turned: { isQuietLongEnough: false },
    scenario: 'assignment',
    breaks: 'an assignment is permitted again once, after the quiet period, and only when unlike desired',
  },
  {
    title: 'the quiet period is too short for an opposite intent after it',
    turned: { isQuietLongEnough: false },
    scenario: 'giveAndTake',
    breaks: LAST_WORD,
  },
  {
    title: 'the quiet period is too short for stale readings',
    turned: { isQuietLongEnoughForReads: false },
    scenario: 'assignment',
    breaks: 'an assignment is permitted again once, after the quiet period, and only when unlike desired',
  },
  {
    title: 'an unknown outcome is looked at for ever and handed to nobody',
    turned: { shouldWarn: false },
    scenario: 'noEffect',
    breaks: 'from everywhere the system comes to rest without anybody asking again',
  },
  {
    title: 'a 2xx alone is APPLIED',
    turned: { shouldReadBack: false },
    scenario: 'noEffect',
    breaks: 'APPLIED was true at some moment after the send',
  },
  {
    title: 'the lock is ignored',
    turned: { hasLock: false },
    scenario: 'sameWish',
    breaks: ALONE,
  },
  {
    title: 'a stale lock is overwritten whoever holds it by then',
    turned: { isLockPutConditional: false },
    scenario: 'sameWish',
    breaks: ALONE,
  },
  {
    title: 'the lock ends with the lease',
    turned: { isLockHeldAfterLease: false },
    scenario: 'sameWish',
    breaks: ALONE,
  },
  {
    title: 'the lock ends when the outcome is unknown',
    turned: { isLockHeldWhileUnknown: false },
    scenario: 'sameWish',
    breaks: ALONE,
  },
  {
    title: 'seeing the desired value ends the lock while the POST is under way',
    turned: { isLockHeldUntilSecondLook: false },
    scenario: 'oppositeWishAndPerson',
    breaks: ALONE,
  },
  {
    title: 'seeing the desired value while the POST is under way is the last word',
    turned: { hasSecondLook: false },
    scenario: 'person',
    breaks: LAST_WORD,
  },
  {
    title: 'the clock is looked at after the reading that it judges',
    turned: { isQuietJudgedBeforeRead: false },
    scenario: 'person',
    breaks: LAST_WORD,
  },
  {
    title: 'the plan is trusted, and nothing is read under the lock',
    turned: { shouldReadUnderLock: false },
    scenario: 'sameWish',
    breaks: 'only a person in between makes a switch go the wrong way',
  },
  {
    title: 'NOOP is decided without the lock',
    turned: { isNoopUnderLock: false },
    scenario: 'staleToggle',
    breaks: LAST_WORD,
  },
  {
    title: 'a reading right after another change is trusted',
    turned: { isStalenessWaitedOut: false },
    scenario: 'staleToggle',
    breaks: LAST_WORD,
  },
  {
    title: 'a duplicate gets an id of its own',
    turned: { isIdFromKey: false },
    scenario: 'duplicates',
    breaks: 'a duplicate opens no second change',
  },
  {
    title: 'a change that was sent expires',
    turned: { canExpireSent: true },
    scenario: 'duplicates',
    breaks: 'a change that says it sent nothing has sent nothing',
  },
  {
    title: 'whatever comes to the lock last is sent, whenever it was asked for',
    turned: { isNewerWishFirst: false },
    scenario: 'newerWish',
    breaks: NEWER_WISH,
  },
  {
    title: 'NOOP is decided without the lock, which then knows nothing of the wish',
    turned: { isNoopUnderLock: false },
    scenario: 'newerWish',
    breaks: NEWER_WISH,
  },
  {
    title: 'a wish that was given back counts as asked for when it is tried again',
    turned: { isTimeKeptWhenGivenBack: false },
    scenario: 'newerWish',
    breaks: NEWER_WISH,
  },
  {
    title: 'of two wishes of one time the one that is tried again counts as the later arrival',
    turned: { isArrivalKeptWhenGivenBack: false },
    scenario: 'patienceAndAnother',
    breaks: NEWER_WISH,
  },
  {
    title: 'of two wishes of one time the first arrival counts',
    turned: { isLaterArrivalNewer: false },
    scenario: 'patienceAndAnother',
    breaks: 'only what a newer wish has overtaken ends as SUPERSEDED',
  },
  {
    title: 'a person settles what may still land',
    turned: { isSettledAfterQuiet: false },
    scenario: 'settledByPerson',
    breaks: 'what a person is told has failed can no longer land',
  },
  {
    title: 'a plan of what holds already notes no wish',
    turned: { isPlanNoted: false },
    scenario: 'planOfWhatHolds',
    breaks: NEWER_WISH,
  },
  {
    title: 'a plan says that it holds already while a change is at it',
    turned: { isPlanCheckedAtLock: false },
    scenario: 'planOfWhatHolds',
    breaks: HOLDS,
  },
  {
    title: 'a plan notes its wish whoever has taken the lock since',
    turned: { isPlanNotedOnCondition: false },
    scenario: 'planOfWhatHolds',
    breaks: HOLDS,
  },
  {
    title: 'what is asked for directly is permitted whoever has taken the lock since its reading',
    turned: { isDirectOnCondition: false },
    scenario: 'directBesideClaim',
    breaks: ALONE,
  },
  {
    title: 'what is asked for directly is permitted while a change is at its target',
    turned: { isPlanCheckedAtLock: false },
    scenario: 'directBesideClaim',
    breaks: ALONE,
  },
  {
    title: 'what is asked for directly is decided by a reading that the change before has made stale',
    turned: { isStalenessWaitedOut: false },
    scenario: 'directBesideClaim',
    breaks: HOLDS,
  },
  {
    title: 'no tick runs',
    turned: { hasTick: false },
    scenario: 'duplicates',
    breaks: 'at rest every change is final and looked at for the last time',
  },
]
