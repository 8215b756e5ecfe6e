/** The planned revert of a list, made in a turn: thousands of rows are more than the tick, or whoever waits, has time for. */
import { GatewayError } from '../../../errors.ts'
import { dueSinceOf, worksDueOf } from '../../model/due.ts'
import { isLedgerDown } from '../../model/failure.ts'
import type { Workbench } from '../../record/desk.ts'
import { advance } from '../advance.ts'
import { makeRevert } from '../revert.ts'
import { putOff } from '../tick.ts'
import type { ListHeader } from './step-list.ts'

/** Whether its time has come, and nothing has put it off. */
export function isRevertDue(list: ListHeader, nowMs: number): boolean {
  return worksDueOf(list, nowMs).includes('revert')
}

/**
 * Makes and begins the change that takes a list back. What fails is put off, so that the lists behind it go on.
 *
 * @throws GatewayError `ledger.unavailable`, so that the message comes again; what nobody foresaw, once it is put off.
 */
export async function takeBack(bench: Workbench, list: ListHeader): Promise<void> {
  try {
    const made = await makeRevert(bench, list)
    const revertId = made.kind === 'advanced' ? made.header.revert?.changeId : undefined
    if (revertId !== undefined) await advance(bench, revertId)
  } catch (error) {
    if (isLedgerDown(error)) throw error
    bench.log.noteDeferred(list.id, 'it could not be taken back', error)
    await putOff(bench, list, 'workPutOff', dueSinceOf(list, 'revert') ?? bench.clock.nowMs())
    if (!(error instanceof GatewayError)) throw error
  }
}
