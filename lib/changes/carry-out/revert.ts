/** A planned return to the state before, once its time has come. */

import { actorNameOf } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { type Header, revertOf } from '../model/header.ts'
import { revertIdOf } from '../model/record-ids.ts'
import { findHold, isNothingLeft, planUndo, readBroughtAbout } from '../plan/plan-undo.ts'
import type { Workbench } from '../record/desk.ts'
import { readSequelsOf } from '../record/read-sequels.ts'
import { intentOf } from '../record/take-locks.ts'
import { amendHeader, moveHeader, putNewChange, type StepTaken, storeHeader } from '../record/write-header.ts'
import { carryOut } from './claim.ts'
import { beginList, isList } from './lists/step-list.ts'

/** Makes the change that takes `header` back; it is due at once, and was approved with its original. */
export async function makeRevert(bench: Workbench, header: Header): Promise<StepTaken> {
  const { ledger, clock } = bench
  const { moves, endedBy } = revertOf(header)
  const id = revertIdOf(header.id, moves)
  if ((await ledger.get(id)) === undefined) {
    const standing = await readBroughtAbout(bench, header)
    const held = findHold(standing, clock.nowMs())
    if (held) return await putBehind(bench, header, held)
    const { undone } = header.undoAsked === undefined ? {} : await readSequelsOf(ledger, header)
    if (undone?.state === 'APPLIED' && !undone.isInPart && isNothingLeft(standing)) {
      return await leaveUndone(bench, header, undone.by)
    }
    const request = {
      id,
      actor: header.actor,
      askers: header.askers,
      reason: endedBy ? `ended early by ${actorNameOf(endedBy)}` : 'its time was over',
      requestDigest: header.requestDigest,
      isPlanned: true,
      moves,
      // Never older than what it takes back, which may have been carried out late.
      askedAtMs: Math.max(revertDueAtOf(header) ?? clock.nowMs(), intentOf(header).atMs),
    }
    await putNewChange(bench, await planUndo(bench, header, request, standing))
  }
  return await nameRevert(bench, header, id)
}

/** Somebody else has asked for the same until later: taken back now it would be missing, and left alone it would stay. */
async function putBehind(
  bench: Workbench,
  original: Header,
  { changeId, untilMs }: { readonly changeId: string; readonly untilMs: number },
): Promise<StepTaken> {
  const revert = { ...revertOf(original), heldUntilMs: untilMs, heldFor: changeId }
  const next = amendHeader(original, { revert, workPutOff: undefined }, bench.clock.nowMs())
  return await storeHeader(bench, next, original)
}

/** What has undone it stands in the place of its planned revert, which would find nothing to take back. */
async function leaveUndone(bench: Workbench, original: Header, changeId: string): Promise<StepTaken> {
  const { state, history } = original
  const nowMs = bench.clock.nowMs()
  const note = `nothing of it is left to go back: it was undone by ${changeId}`
  const members = {
    revert: { ...revertOf(original), changeId },
    history: [...history, { state, atMs: nowMs, by: 'gateway', note }],
    workPutOff: undefined,
  }
  return await storeHeader(bench, amendHeader(original, members, nowMs), original)
}

/** The original names its revert. */
async function nameRevert(bench: Workbench, original: Header, id: string): Promise<StepTaken> {
  const members = { revert: { ...revertOf(original), changeId: id }, workPutOff: undefined }
  return await storeHeader(bench, amendHeader(original, members, bench.clock.nowMs()), original)
}

/**
 * Carries a planned revert out, once its original names it: up to then the original's own record decides whether it is
 * still to come, so that nobody calls off what is sent all the same.
 */
export async function carryOutRevert(bench: Workbench, header: Header): Promise<StepTaken> {
  let original = header.undoes === undefined ? undefined : await bench.ledger.get(header.undoes)
  // Whoever made it has died before that: it waits for no other.
  const dueAtMs = original?.revert?.moves === header.moves ? original && revertDueAtOf(original) : undefined
  if (original && dueAtMs !== undefined && dueAtMs <= bench.clock.nowMs()) {
    const named = await nameRevert(bench, original, header.id)
    original = named.kind === 'overtaken' ? await bench.ledger.get(original.id) : named.header
  }
  const { isCancelled, moves, changeId } = original?.revert ?? {}
  // Undone in the moment in which its revert was made.
  const isCalledOff = isCancelled || (changeId !== undefined && changeId !== header.id)
  if (original && (isCalledOff || moves !== header.moves)) {
    const note = `the planned revert was ${isCalledOff ? 'called off' : 'moved'}`
    const move = { state: 'CANCELLED', as: 'worker', by: 'gateway', note } as const
    return await storeHeader(bench, moveHeader(header, move, bench.clock.nowMs()), header)
  }
  if (changeId !== header.id) return { kind: 'waits', header }
  return isList(header) ? await beginList(bench, header) : await carryOut(bench, header)
}
