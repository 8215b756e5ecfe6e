/**
 * The rules of a change, each as a switch. `DESIGN` is how changes are built; a mutation turns one switch, and a test
 * shows which promise then breaks.
 */
export interface Design {
  /** A change's id comes from the caller's key, so a duplicate finds the first one. */
  readonly isIdFromKey: boolean
  /** Permitting and settling are conditional on the version that the worker claimed or read. */
  readonly isFenced: boolean
  /** A worker whose permit is refused by the condition goes on only where the recorded permit names it as owner. */
  readonly isPermitKnownByOwner: boolean
  /** SENT is recorded before the POST leaves. */
  readonly hasWriteAhead: boolean
  /** The record outlives an ambiguous error. */
  readonly shouldKeepRecord: boolean
  /** A lapsed lease gives SENT to another worker, as it gives CLAIMED. */
  readonly canTakeOverSent: boolean
  /** A toggle whose outcome stays unknown is permitted once more, as an assignment is. */
  readonly canPermitToggleAgain: boolean
  /** The quiet period outlives the sender: once it is over, no POST of its can land. */
  readonly isQuietLongEnough: boolean
  /** It outlives, on top of that, the time for which a reading may be stale. */
  readonly isQuietLongEnoughForReads: boolean
  /** What is unlike desired after the quiet period is handed to a person, and not looked at for ever. */
  readonly shouldWarn: boolean
  /** APPLIED rests on reading back, and not on the POST's 2xx. */
  readonly shouldReadBack: boolean
  /** One open change per target. */
  readonly hasLock: boolean
  /** A stale lock is overwritten on condition that it still names the old change. */
  readonly isLockPutConditional: boolean
  /** The lock names the claim that put it, and not the change alone: one that was given back and claimed again is another. */
  readonly isLockOfOneClaim: boolean
  /** A lapsed lease leaves the lock valid: its slow worker may still be permitted. */
  readonly isLockHeldAfterLease: boolean
  readonly isLockHeldWhileUnknown: boolean
  /** What settled on sight after an ambiguous answer is looked at again when the quiet period is over. */
  readonly hasSecondLook: boolean
  /** The lock stays valid until that second look is done. */
  readonly isLockHeldUntilSecondLook: boolean
  /** Whether the quiet period was over is settled before the read that is judged by it. */
  readonly isQuietJudgedBeforeRead: boolean
  /** The value is read once more under the lock, just before the permit; the plan's reading decides nothing. */
  readonly shouldReadUnderLock: boolean
  /** NOOP is decided under the lock too, and not when the change is planned. */
  readonly isNoopUnderLock: boolean
  /** The reading under the lock is taken only when the last change of that target can no longer make it stale. */
  readonly isStalenessWaitedOut: boolean
  /** Past its notAfter a change expires even when it was sent. */
  readonly canExpireSent: boolean
  /** Only what upstream has turned down for certain is given back to be tried again. */
  readonly isGivenBackWhenRefusedAlone: boolean
  /** What another wish has overtaken, by when each was asked, is not sent: the lock tells the newest. */
  readonly isNewerWishFirst: boolean
  /** Of two wishes of one time the one that arrives later counts as the newer. */
  readonly isLaterArrivalNewer: boolean
  /** A wish that was given back keeps the time at which it was asked. */
  readonly isTimeKeptWhenGivenBack: boolean
  /** It keeps its arrival too: being tried again is no arriving. */
  readonly isArrivalKeptWhenGivenBack: boolean
  /** What a person looks at is settled by that only when nothing of it can land any more. */
  readonly isSettledAfterQuiet: boolean
  /** A plan of what holds already decides that only where no change is at the target. */
  readonly isPlanCheckedAtLock: boolean
  /** It notes its wish in the lock then, on condition that the lock is as it was before the reading. */
  readonly isPlanNoted: boolean
  readonly isPlanNotedOnCondition: boolean
  /** What is asked for directly is recorded, locked and permitted by one write, on condition that the lock is as it was before the reading. */
  readonly isDirectOnCondition: boolean
  /** The tick finishes what is due. */
  readonly hasTick: boolean
}

export const DESIGN: Design = {
  isIdFromKey: true,
  isFenced: true,
  isPermitKnownByOwner: true,
  hasWriteAhead: true,
  shouldKeepRecord: true,
  canTakeOverSent: false,
  canPermitToggleAgain: false,
  isQuietLongEnough: true,
  isQuietLongEnoughForReads: true,
  shouldWarn: true,
  shouldReadBack: true,
  hasLock: true,
  isLockPutConditional: true,
  isLockOfOneClaim: true,
  isLockHeldAfterLease: true,
  isLockHeldWhileUnknown: true,
  hasSecondLook: true,
  isLockHeldUntilSecondLook: true,
  isQuietJudgedBeforeRead: true,
  shouldReadUnderLock: true,
  isNoopUnderLock: true,
  isStalenessWaitedOut: true,
  canExpireSent: false,
  isGivenBackWhenRefusedAlone: true,
  isNewerWishFirst: true,
  isLaterArrivalNewer: true,
  isTimeKeptWhenGivenBack: true,
  isArrivalKeptWhenGivenBack: true,
  isSettledAfterQuiet: true,
  isPlanCheckedAtLock: true,
  isPlanNoted: true,
  isPlanNotedOnCondition: true,
  isDirectOnCondition: true,
  hasTick: true,
}
