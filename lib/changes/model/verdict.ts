/** What a write came to, judged by what was read (rules 8 to 11 of ADR 7), and whether what it did is undone. Pure. */
import type { ChangeKind, EvidenceRow, Holding, Reading, Target, TargetOutcome } from './change.ts'
import { type ChangeState, isSettled } from './transitions.ts'

/** What is known when a write is judged. */
export interface Evidence {
  readonly kind: ChangeKind
  readonly targets: readonly Target[]
  /** By target: whether it was unlike desired before the write, and therefore sent. */
  readonly wasSent: readonly boolean[]
  /** By target: the change that it was left to, because its wish is newer. */
  readonly yieldedTo: readonly (string | undefined)[]
  readonly after: readonly Reading[]
  readonly texts: readonly (string | null)[]
  readonly holdings: readonly Holding[] | undefined
  /** False where upstream could not be read at all. */
  readonly isRead: boolean
  /** When that reading began, epoch milliseconds. */
  readonly atMs: number
}

/** By target, whether it is as desired; a value that could not be read is not. */
export function isAsDesired({ desired }: Target, reading: Reading): boolean {
  return reading === desired
}

/** Only what was sent counts: what was as desired before and no longer is was changed by somebody else. */
export function areSentAsDesired({ targets, wasSent, after }: Evidence): boolean {
  return targets.every((target, index) => !wasSent[index] || isAsDesired(target, after[index]))
}

function outcomesOf({ targets, wasSent, yieldedTo, after }: Evidence): TargetOutcome[] {
  return targets.map((target, index) => {
    const reading = after[index]
    if (yieldedTo[index] !== undefined) return 'superseded'
    if (!wasSent[index]) return 'unchanged'
    if (isAsDesired(target, reading)) return 'applied'
    return reading === undefined ? 'unknown' : 'not.applied'
  })
}

export function evidenceRowOf(evidence: Evidence): EvidenceRow {
  const { after, texts, holdings } = evidence
  return { outcomes: outcomesOf(evidence), after, texts, holdings }
}

/** What a person who has it looked at is told, once nothing can land any more: the reading decides. */
export function verdictOnLook(evidence: Evidence): Verdict {
  if (areSentAsDesired(evidence)) return { state: 'APPLIED', note: 'looked at: it reads as desired' }
  return outcomesOf(evidence).includes('applied')
    ? { state: 'PARTIAL', note: 'looked at: some of it reads as desired' }
    : { state: 'FAILED', note: 'looked at: it does not read as desired' }
}

/** Of the targets that were left to newer changes, one of those changes. */
export function newerIn({ yieldedTo }: Evidence): string | undefined {
  return yieldedTo.find((each) => each !== undefined)
}

export interface Verdict {
  readonly state: ChangeState
  readonly note: string
}

/**
 * After a 2xx, by the answer and a reading that no earlier write can make stale.
 *
 * @param said the toggle's value as the answer had it; undefined for assignments.
 * @param isSecond whether this reading is the second, the staleness bound after the first.
 * @returns undefined where another reading is needed first.
 */
export function verdictOnAnswer(evidence: Evidence, said: Reading, isSecond: boolean): Verdict | undefined {
  const { kind, targets, after } = evidence
  const isApplied = areSentAsDesired(evidence)
  if (kind === 'assignments') {
    if (isApplied) return { state: 'APPLIED', note: 'read back as desired' }
    if (!isSecond) return undefined
    if (!evidence.isRead) return { state: 'UNKNOWN', note: 'could not be read back' }
    // Users whom upstream left out of both readings are users whom it does not know.
    return outcomesOf(evidence).includes('applied')
      ? { state: 'PARTIAL', note: 'some of it read back as desired' }
      : { state: 'FAILED', note: 'none of it read back as desired' }
  }
  const [target] = targets
  const [reading] = after
  if (said === target?.desired) {
    if (isApplied) return { state: 'APPLIED', note: 'answered and read back as desired' }
    if (!isSecond) return undefined
    return { state: 'UNKNOWN', note: 'answered as desired, but read back otherwise' }
  }
  if (reading === target?.desired) {
    return { state: 'UNKNOWN', note: 'read back as desired, but answered otherwise' }
  }
  if (reading === undefined)
    return { state: 'UNKNOWN', note: 'answered otherwise and could not be read back' }
  // Where toggles have no effect they read true (Genesys, since 2023-07-26): false means that something was switched.
  return reading
    ? { state: 'NO_EFFECT', note: 'Genesys answered and switched nothing' }
    : {
        state: 'NEEDS_ATTENTION',
        note: 'it was switched on by somebody else just before, and this switched it off',
      }
}

/** What undoes a change, or has, and how it stands. */
interface Undoing {
  readonly state: ChangeState
  readonly isInPart?: boolean | undefined
}

/** Whether all that a change did is undone, or somebody is at that. An undo that waits for approval may never come. */
export function isUndone(undone: Undoing | undefined): boolean {
  if (!undone || undone.state === 'AWAITING_APPROVAL') return false
  return !(undone.isInPart && isSettled(undone.state))
}
