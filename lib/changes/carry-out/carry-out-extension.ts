/** An approved extension is carried out: nothing is sent, the planned revert of its original is called off or moved. */

import { isoOf } from '../../utc-day.ts'
import { actorNameOf } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { type Header, revertOf } from '../model/header.ts'
import { movedRevertOf } from '../plan/plan-extension.ts'
import type { Workbench } from '../record/desk.ts'
import { amendHeader, moveHeader, type StepTaken, storeHeader } from '../record/write-header.ts'

/** Races with the tick that are fought before it is left to the next one. */
const MAX_TRIES = 5

/**
 * Calls the revert off or moves it, once that is approved. Its two writes may be torn apart by a crash: whoever comes next finds the
 * first one done and does the second.
 */
export async function carryOutExtension(bench: Workbench, header: Header): Promise<StepTaken> {
  const { ledger, clock } = bench
  const { id, approval, extends: originalId = '' } = header
  const untilMs = header.revert?.atMs
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const nowMs = clock.nowMs()
    const original = await ledger.get(originalId)
    if (original?.revert?.extension === id) {
      const note = `the change ${originalId} stays${untilMs === undefined ? ': its planned revert is called off' : ` until ${isoOf(untilMs)}`}`
      return await storeHeader(
        bench,
        moveHeader(header, { state: 'APPLIED', as: 'worker', by: 'gateway', note }, nowMs),
        header,
      )
    }
    if (!original || revertDueAtOf(original) === undefined || isEnding(original, nowMs)) {
      const note = `the change ${originalId} has no planned revert any more that could be called off or moved; nothing was changed`
      return await storeHeader(
        bench,
        moveHeader(header, { state: 'SUPERSEDED', as: 'worker', by: 'gateway', note }, nowMs),
        header,
      )
    }
    const entry = {
      state: original.state,
      atMs: nowMs,
      by: approval?.decision ? actorNameOf(approval.decision.by) : 'gateway',
      note: `planned revert ${untilMs === undefined ? 'cancelled' : `moved to ${isoOf(untilMs)}`} by the approved change ${id}`,
    }
    const next = amendHeader(
      original,
      {
        revert:
          untilMs === undefined
            ? { ...revertOf(original), isCancelled: true, extension: id }
            : { ...movedRevertOf(bench, original, untilMs), extension: id },
        workPutOff: undefined,
        history: [...original.history, entry],
      },
      nowMs,
    )
    await storeHeader(bench, next, original)
  }
  return { kind: 'overtaken' }
}

/** A list whose end has come ends with what it did, and is taken back by a turn: whoever ended it is not overruled by an older wish. */
function isEnding({ list, revert }: Header, nowMs: number): boolean {
  return list !== undefined && revert?.atMs !== undefined && revert.atMs <= nowMs
}
