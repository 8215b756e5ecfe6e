/** A planned return to the state before, once its time has come. */
import type { Header } from './change.ts'
import { revertDueAt } from './due.ts'
import { idOf } from './identity.ts'
import { intentOf } from './locks.ts'
import { amended } from './transition.ts'
import { undoing } from './undoing.ts'
import type { Workbench } from './work.ts'

/** Makes the change that takes `header` back; it is due at once, and was approved with its original. */
export async function revert(bench: Workbench, header: Header): Promise<Header | undefined> {
  const { ledger, clock } = bench
  const id = idOf('revert', header.id)
  if ((await ledger.get(id)) === undefined) {
    const { header: undo, plan } = await undoing(bench, header, {
      id,
      actor: header.actor,
      reason: `Planned revert of ${header.id}`,
      requestDigest: header.requestDigest,
      isPlanned: true,
      // Never older than what it takes back, which may have been carried out late.
      askedAtMs: Math.max(revertDueAt(header) ?? clock.nowMs(), intentOf(header).atMs),
    })
    await ledger.create(undo, plan)
  }
  const next = amended(header, { revert: { ...header.revert, changeId: id } }, clock.nowMs())
  return (await ledger.replace(next, header)) ? next : undefined
}
