/** What was decided already is refused with who did so, by the name that people know them by, and what is undone with by what. */
import type { GatewayError } from '../../errors.ts'
import { type Actor, actorNameOf } from '../model/change.ts'
import { revertDueAtOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import { nameOfPerson, type Policy } from '../model/policy.ts'
import { isSettled } from '../model/transitions.ts'
import { isUndone } from '../model/verdict.ts'
import type { Desk } from '../record/desk.ts'
import { readSequelsOf } from '../record/read-sequels.ts'

/** @returns as the org file calls them, else as the record does. */
export function deciderNameOf(policy: Pick<Policy, 'people'>, decider: Actor): string {
  return nameOfPerson(policy, decider.person) ?? actorNameOf(decider)
}

export function notAwaitingError(policy: Policy, header: Header): GatewayError {
  const { approval, state, id } = header
  const decision = approval?.decision
  const sentence = decision
    ? `${deciderNameOf(policy, decision.by)} has ${decision.isApproved ? 'approved' : 'rejected'} the change ${id} already`
    : `The change ${id} is ${state} and awaits no approval`
  return stateConflict(header, sentence)
}

/**
 * Its end would take back nothing, and be told as done.
 *
 * @throws GatewayError `change.state.conflict` where the change is undone, or being so.
 */
export async function refuseUndoneEnd({ ledger }: Pick<Desk, 'ledger'>, header: Header): Promise<void> {
  if (revertDueAtOf(header) === undefined) return
  const { undone } = await readSequelsOf(ledger, header)
  if (!undone || !isUndone(undone)) return
  const { by, state } = undone
  const how = isSettled(state) ? 'has been undone' : 'is being undone'
  throw stateConflict(
    header,
    `The change ${header.id} ${how} by ${by}: nothing of it is left to go back; order it anew`,
    { others: [by] },
  )
}
