/** A planned return to the state before, once its time has come. */
import type { Header } from '../model/change.ts'
import { revertDueAt } from '../model/due.ts'
import { revertIdOf } from '../model/identity.ts'
import { findHold, planUndo } from '../plan/plan-undo.ts'
import type { Workbench } from '../record/desk.ts'
import { intentOf } from '../record/take-locks.ts'
import { amendHeader, createChange, moveHeader, storeHeader } from '../record/write-header.ts'
import { carryOut } from './claim.ts'

/** Makes the change that takes `header` back; it is due at once, and was approved with its original. */
export async function revert(bench: Workbench, header: Header): Promise<Header | undefined> {
  const { ledger, clock } = bench
  const id = revertIdOf(header.id)
  if ((await ledger.get(id)) === undefined) {
    const held = await findHold(bench, header)
    if (held) return await putBehind(bench, header, held)
    const undo = await planUndo(bench, header, {
      id,
      actor: header.actor,
      ...(header.askers ? { askers: header.askers } : {}),
      reason: `Planned revert of ${header.id}`,
      requestDigest: header.requestDigest,
      isPlanned: true,
      // Never older than what it takes back, which may have been carried out late.
      askedAtMs: Math.max(revertDueAt(header) ?? clock.nowMs(), intentOf(header).atMs),
    })
    await createChange(bench, undo)
  }
  return await named(bench, header, id)
}

/** Somebody else has asked for the same until later: taken back now it would be missing, and left alone it would stay. */
async function putBehind(
  { ledger, clock }: Workbench,
  original: Header,
  { changeId, untilMs }: { readonly changeId: string; readonly untilMs: number },
): Promise<Header | undefined> {
  const revert = { ...original.revert, heldUntilMs: untilMs, heldFor: changeId }
  const next = amendHeader(original, { revert, workPutOff: undefined }, clock.nowMs())
  return (await ledger.replace(next, original)) ? next : undefined
}

/** The original names its revert. @returns undefined where another write came first. */
async function named(
  { ledger, clock }: Workbench,
  original: Header,
  id: string,
): Promise<Header | undefined> {
  const members = { revert: { ...original.revert, changeId: id }, workPutOff: undefined }
  const next = amendHeader(original, members, clock.nowMs())
  return (await ledger.replace(next, original)) ? next : undefined
}

/**
 * Carries a planned revert out, once its original names it: up to then the original's own record decides whether it is
 * still to come, so that nobody calls off what is sent all the same.
 */
export async function carryOutRevert(bench: Workbench, header: Header): Promise<Header | undefined> {
  let original = await bench.ledger.get(header.undoes ?? '')
  // Whoever made it has died before that: it waits for no other.
  const dueAtMs = original && revertDueAt(original)
  if (original && dueAtMs !== undefined && dueAtMs <= bench.clock.nowMs()) {
    original = (await named(bench, original, header.id)) ?? (await bench.ledger.get(original.id))
  }
  if (original?.revert?.isCancelled) {
    const note = 'the planned revert was called off'
    const cancelled = moveHeader(header, { state: 'CANCELLED', by: 'gateway', note }, bench.clock.nowMs())
    return await storeHeader(bench, cancelled, header)
  }
  return original?.revert?.changeId === header.id ? await carryOut(bench, header) : header
}
