import { GatewayError } from '../../../errors.ts'
import type { Header } from '../../model/header.ts'
import type { Workbench } from '../../record/desk.ts'

/**
 * What tells one turn from another: the part that is next, whatever else is noted about the list meanwhile, or each look at
 * it would be a turn more. A decision about it and a wait are turns of their own, since the queue takes no turn twice within
 * five minutes.
 */
function turnOf({ id, version, history, list }: Header): string {
  return list ? `${id}-${list.next}-${history.length}-${list.waitUntilMs ?? 0}` : `${id}-${version}`
}

/**
 * Whoever takes the list up later asks anew, so where the queue fails nothing is lost but time.
 *
 * @param sleepsLeft of a wait that is slept through in several turns: what tells them apart.
 */
export async function askForTurn(
  { lists, log }: Workbench,
  header: Header,
  sleepsLeft?: number,
): Promise<void> {
  const { id } = header
  try {
    await lists.askForTurn(id, sleepsLeft === undefined ? turnOf(header) : `${turnOf(header)}-${sleepsLeft}`)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(id, 'its next turn could not be asked for', error)
  }
}
