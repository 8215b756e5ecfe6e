/** A change is undone once at a time, and by nobody who has not seen what became of it since. */
import { targetKey } from '../../model/change.ts'
import { settledAtOf } from '../../model/due.ts'
import { refusePart, stateConflict } from '../../model/failure.ts'
import type { Header, Planned } from '../../model/header.ts'
import { isPlannedRevert } from '../../model/record-ids.ts'
import { isSettled, listStates, runningStates, undoableStates } from '../../model/transitions.ts'
import type { PlanningDesk } from '../../record/desk.ts'
import { isDraft, readSequels, undosOf } from '../../record/read-sequels.ts'
import { readTargets } from '../../record/read-targets.ts'
import type { PlannedBeside } from '../../record/record-once.ts'
import { amendHeader, type Beside, requireHeader } from '../../record/write-header.ts'
import { MAX_PAIRS_READ, readBroughtAbout, standingHolds } from '../plan-undo.ts'

type LedgerDesk = Pick<PlanningDesk, 'ledger'>

/** @throws GatewayError `not.found`, `change.state.conflict` where there is nothing of the change to undo, or it is being undone. */
export async function readUndoable(desk: LedgerDesk, changeId: string): Promise<Header> {
  const original = await requireHeader(desk, changeId)
  refusePart(original)
  if (original.extends !== undefined) {
    throw stateConflict(
      original,
      `The change ${changeId} called off a planned revert and switched nothing: undo ${original.extends} instead`,
      { others: [original.extends] },
    )
  }
  if (!undoableStates.includes(original.state)) {
    throw stateConflict(original, `The change ${changeId} is ${original.state}: ${whyNotUndoable(original)}`)
  }
  await refuseUndone(desk, original)
  return original
}

function whyNotUndoable(header: Header): string {
  const { state } = header
  // To call one off takes more than that nobody wants it now.
  if (listStates.includes(state) && !isPlannedRevert(header)) {
    return 'cancel it first, and undo what it has done once it has ended'
  }
  return runningStates.includes(state) || listStates.includes(state)
    ? 'undo it once it has ended'
    : 'there is nothing of it to undo'
}

/**
 * It holds no locks by which its undoing would be found to be under way.
 *
 * @param undo one that is on record, whose plan may have been overtaken by another.
 */
async function refuseUndone({ ledger }: LedgerDesk, original: Header, undo?: Header): Promise<void> {
  const { id } = original
  for (const undoId of undosOf(original)) {
    const other = undoId === undo?.id ? undefined : await ledger.get(undoId)
    // What only its asker has seen stands in nobody's way.
    if (!other || isDraft(other)) continue
    if (!isSettled(other.state)) {
      throw stateConflict(
        original,
        `The change ${id} is being undone by ${other.id}, which is ${other.state}: go on with that one`,
        { others: [other.id] },
      )
    }
    if (undo && undoableStates.includes(other.state) && settledAtOf(other) >= undo.createdAtMs) {
      throw stateConflict(
        undo,
        `The change ${id} has been undone by ${other.id} since this was planned, and what it gave may have been given anew: undo it anew`,
        { others: [other.id] },
      )
    }
  }
}

/**
 * Puts on record, with the undoing of a change, that it is undone: of two at a time one is made. A draft is named once it is applied.
 *
 * @throws GatewayError `change.state.conflict` where another has left nothing of it to undo.
 */
export async function nameUndo(desk: LedgerDesk, original: Header, planned: Planned): Promise<PlannedBeside> {
  const { header, plan, parts = [] } = planned
  if (plan.targets.length === 0 && parts.length === 0) await refuseNothingLeft(desk, original)
  if (isSettled(header.state) || isDraft(header)) return planned
  return {
    ...planned,
    beside: [{ kind: 'replace', next: await undoneIn(desk, original, header.id), seen: original }],
    async otherwise() {
      const seen = await requireHeader(desk, original.id)
      if (seen.undoAsked === header.id) return undefined
      await refuseUndone(desk, seen)
      return nameUndo(desk, seen, planned)
    },
  }
}

/** The same of one that has been planned before, and is let go ahead now. @throws GatewayError `change.state.conflict` */
export async function nameUndoing(
  desk: Pick<PlanningDesk, 'ledger' | 'clock'>,
  undo: Header,
): Promise<Beside | undefined> {
  if (undo.undoes === undefined || isPlannedRevert(undo)) return undefined
  const original = await requireHeader(desk, undo.undoes)
  await refuseUndone(desk, original, undo)
  await refuseDealtWith(desk, original, undo)
  if (original.undoAsked === undo.id) return undefined
  return { also: [{ kind: 'replace', next: await undoneIn(desk, original, undo.id), seen: original }] }
}

/**
 * Of what it would take back others have asked for some since it was planned: they found it so, and mean it. Of a long list
 * the locks are not read for that.
 */
async function refuseDealtWith(
  desk: Pick<PlanningDesk, 'ledger' | 'clock'>,
  original: Header,
  undo: Header,
): Promise<void> {
  if ('pairs' in undo.subject && undo.subject.pairs > MAX_PAIRS_READ) return
  const { holds } = await readBroughtAbout(desk, original)
  const targets = await readTargets(desk.ledger, undo)
  const standing = standingHolds(holds, desk.clock.nowMs())
  const hold = targets.map((target) => standing.get(targetKey(target))).find((each) => each !== undefined)
  if (!hold) return
  throw stateConflict(
    undo,
    `Others have dealt with what the change ${undo.id} would take back since it was planned (${hold.changeId}): undo ${original.id} anew, which leaves that alone`,
    { others: [hold.changeId, original.id] },
  )
}

/** Of the one that was asked for before it stays on record where it has done something. */
async function undoneIn({ ledger }: LedgerDesk, original: Header, undoId: string): Promise<Header> {
  const { undoAsked, updatedAtMs } = original
  const before = undoAsked === undefined ? undefined : await ledger.get(undoAsked)
  const undoneBy = before && undoableStates.includes(before.state) ? before.id : original.undoneBy
  // When it last moved stays what it was.
  return amendHeader(original, { undoAsked: undoId, undoneBy }, updatedAtMs)
}

async function refuseNothingLeft({ ledger }: LedgerDesk, original: Header): Promise<void> {
  const { undoneBy, undone } = (await readSequels(ledger, [original])).get(original.id) ?? {}
  const by = undone?.by ?? undoneBy ?? original.revert?.changeId
  if (by === undefined) return
  const again = undone ? '' : ', which has been undone in turn'
  throw stateConflict(
    original,
    `The change ${original.id} has been undone by ${by}${again}: nothing of it is left that others have not dealt with since`,
    { others: [by] },
  )
}
