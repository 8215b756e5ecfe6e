import { GatewayError } from '../../../errors.ts'
import type { Header } from '../../model/header.ts'
import type { Workbench } from '../../record/desk.ts'

/** Whoever takes the list up later asks anew, so where the queue fails nothing is lost but time. */
export async function askForTurn({ lists, log }: Workbench, { id, version }: Header): Promise<void> {
  try {
    await lists.askForTurn(id, `${id}-${version}`)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    log.noteDeferred(id, 'its next turn could not be asked for', error)
  }
}
