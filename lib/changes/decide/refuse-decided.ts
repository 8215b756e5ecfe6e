/** What was decided already is refused with who did so, by the name that people know them by. */
import type { GatewayError } from '../../errors.ts'
import { type Actor, actorNameOf } from '../model/change.ts'
import { stateConflict } from '../model/failure.ts'
import type { Header } from '../model/header.ts'
import type { Policy } from '../model/policy.ts'

/** @returns as the org file calls them, else as the record does. */
export function deciderNameOf({ people }: Pick<Policy, 'people'>, decider: Actor): string {
  const { person } = decider
  const known = person !== undefined && Object.hasOwn(people, person) ? people[person] : undefined
  return known?.name ?? actorNameOf(decider)
}

export function notAwaitingError(policy: Policy, header: Header): GatewayError {
  const { approval, state, id } = header
  const decision = approval?.decision
  const sentence = decision
    ? `${deciderNameOf(policy, decision.by)} has ${decision.isApproved ? 'approved' : 'rejected'} the change ${id} already`
    : `The change ${id} is ${state} and awaits no approval`
  return stateConflict(header, sentence)
}
