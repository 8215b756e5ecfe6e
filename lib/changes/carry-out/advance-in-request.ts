/** A change taken further for somebody who waits for the answer. */
import { isLedgerDown, mayBeCarriedOut } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { waitingStates } from '../model/transitions.ts'
import type { Workbench } from '../record/desk.ts'
import { awaitSettled } from '../record/repeats.ts'
import { advance } from './advance.ts'

/** How far this invocation has taken a change. */
export interface Progress {
  readonly header: Header
  /** The ledger failed in the middle of it: nobody is at it whom waiting could help. */
  readonly isStopped: boolean
}

/**
 * Takes the change as far as it goes now, and waits where another invocation is at it. It is on record, so where the
 * ledger fails in between, it goes on by itself, and the answer is no failure.
 */
export async function advanceInRequest(bench: Workbench, changeId: string, seen?: Header): Promise<Progress> {
  const { log, scope } = bench
  try {
    const { kind, header } = await advance(bench, changeId, seen)
    if (kind === 'stopped') return { header, isStopped: true }
    // Its time has not come, or writes are paused: nobody is at it whom waiting could help.
    if (kind === 'waits' && waitingStates.includes(header.state)) return { header, isStopped: false }
    return { header: await awaitSettled(bench, header, scope.deadline), isStopped: false }
  } catch (error) {
    if (!isLedgerDown(error)) throw error
    log.noteDeferred(changeId, 'the ledger failed while it was carried out', error)
    if (!seen) throw mayBeCarriedOut(changeId, error)
    return { header: seen, isStopped: true }
  }
}
