/** The conditional writes: each is one atomic step, and does nothing where its condition fails. */
import type { Design } from '../design.ts'
import {
  at,
  type Change,
  type ChangeState,
  isClosed,
  NOBODY,
  oneMore,
  type State,
  type Worker,
  withChange,
} from '../state.ts'
import type { Setting } from '../step.ts'

/** Puts the header of a new change: its existence is the commit. */
export function create(
  state: State,
  slot: number,
  intent: number,
  as: ChangeState,
  { scenario }: Setting,
): State {
  const arrival = state.changes.filter((change) => change !== undefined).length
  const created = withChange(state, slot, {
    state: as,
    intent,
    owner: NOBODY,
    version: 1,
    permits: 0,
    hasLease: false,
    isQuiet: false,
    isLookDue: false,
    askedAt: at(scenario.intents, intent).askedAt,
    arrival,
  })
  const { ghost } = created
  return { ...created, ghost: { ...ghost, arrivals: ghost.arrivals.with(slot, arrival) } }
}

/** Whether the lock item knows of a wish that is newer than this change's. */
export function isOvertakenByWish(
  { newest }: State,
  slot: number,
  { askedAt, arrival }: Change,
  { design }: Setting,
): boolean {
  if (newest.slot === NOBODY || newest.slot === slot || !design.isNewerWishFirst) return false
  if (newest.askedAt !== askedAt) return newest.askedAt > askedAt
  return newest.arrival > arrival === design.isLaterArrivalNewer
}

/** Appends one arrow to a change's history. */
export const advanceTo = (change: Change, changed: Partial<Change>): Change => ({
  ...change,
  ...changed,
  version: change.version + 1,
})

/** Whether a write that expects this version goes through. */
export const isCurrent = (change: Change, version: number, { design }: Setting): boolean =>
  change.version === version || !design.isFenced

/** Whether a worker that does not know what became of its own conditional write holds the permit after all. */
export const isPermitOf = (change: Change | undefined, index: number, { version }: Worker): boolean =>
  change?.state === 'SENT' && change.owner === index && change.version === version + 1

/** Whether the lock item, which names this change, still keeps others out. */
export function isLockValid(change: Change | undefined, { design }: Setting): boolean {
  if (!change) return false
  if (change.state === 'CLAIMED') return change.hasLease || design.isLockHeldAfterLease
  if (change.state === 'UNKNOWN') return design.isLockHeldWhileUnknown
  return change.state === 'SENT' || (change.isLookDue && design.isLockHeldUntilSecondLook)
}

/** Records a verdict, and with it what the world is told about the value. */
export function settle(
  state: State,
  slot: number,
  verdict: ChangeState,
  { isLookDue, isOvertaken }: { isLookDue: boolean; isOvertaken: boolean },
  { design, scenario }: Setting,
): State {
  const change = state.changes[slot]
  if (!change) return state
  if (verdict === 'UNKNOWN' && !design.shouldKeepRecord) return withChange(state, slot, undefined)
  if (verdict === 'PLANNED') return giveBack(state, slot, change, design)
  const arrow = advanceTo(change, { state: verdict, isLookDue })
  const settled = isClosed(arrow) ? close(state, slot, arrow, design) : withChange(state, slot, arrow)
  if (isOvertaken) return settled
  const { desired } = at(scenario.intents, change.intent)
  if (verdict === 'APPLIED' || verdict === 'NOOP') return withLastWord(settled, desired)
  if (verdict === 'NEEDS_ATTENTION' || verdict === 'NO_EFFECT') return withLastWord(settled, undefined)
  // Somebody has looked: that it is not as desired is a word on the value too.
  if (verdict === 'FAILED' && isUnclear(change)) return withLastWord(settled, !desired)
  // FAILED, EXPIRED and SUPERSEDED say that this change did nothing: what was said of the value before still stands.
  return settled
}

/** Later than any wish that a scenario has. */
const LATEST = 9

/** What a person may have looked at. */
export const isUnclear = ({ state }: Change): boolean => state === 'UNKNOWN' || state === 'NEEDS_ATTENTION'

/** The permit is spent and nothing came of it: upstream has turned its POST down, which is as if it had not been. */
function giveBack(state: State, slot: number, change: Change, design: Design): State {
  const { ghost } = state
  const permits = change.permits - 1
  const returned = advanceTo(change, {
    state: 'PLANNED',
    owner: NOBODY,
    hasLease: false,
    permits,
    askedAt: design.isTimeKeptWhenGivenBack ? change.askedAt : LATEST,
    arrival: design.isArrivalKeptWhenGivenBack ? change.arrival : LATEST,
  })
  const counted = ghost.permits.with(change.intent, at(ghost.permits, change.intent) - 1)
  return { ...withChange(state, slot, returned), ghost: { ...ghost, permits: counted } }
}

/** Nothing comes of a change any more, whatever its phases are and whoever asks again: such states are one. */
function close(state: State, slot: number, change: Change, { isIdFromKey }: Design): State {
  const { deliveriesLeft, ghost } = state
  return {
    ...withChange(state, slot, { ...change, hasLease: false, isQuiet: false }),
    deliveriesLeft: isIdFromKey ? deliveriesLeft.with(change.intent, 0) : deliveriesLeft,
    ghost: { ...ghost, wasDesired: ghost.wasDesired.with(change.intent, false) },
  }
}

export const withLastWord = (state: State, lastWord: boolean | undefined): State => ({
  ...state,
  ghost: { ...state.ghost, lastWord },
})

/** Records the right to send one POST. */
export function permit(state: State, slot: number, owner: number, { scenario }: Setting): State {
  const change = state.changes[slot]
  if (!change) return state
  const { intent } = change
  const { ghost } = state
  const permitted = advanceTo(change, {
    state: 'SENT',
    owner,
    permits: oneMore(change.permits),
    isQuiet: false,
    isLookDue: false,
  })
  return {
    ...withChange(state, slot, permitted),
    ghost: {
      ...ghost,
      permits: ghost.permits.with(intent, oneMore(at(ghost.permits, intent))),
      wasDesired: ghost.wasDesired.with(intent, state.truth === at(scenario.intents, intent).desired),
    },
  }
}
