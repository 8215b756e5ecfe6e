/** Who calls, as the gateway knows them: what they are told of themselves, and what is offered to them. */
import type { Change } from './answers/change-schemas.ts'
import type { Me } from './answers/decision-schemas.ts'
import { type Decider, offerForSchedule, withOffers } from './answers/offer-decisions.ts'
import type { Schedule } from './answers/schedule-schemas.ts'
import type { Caller } from './model/change.ts'
import { identifyActor, type Policy } from './model/policy.ts'
import { nameChange, nameSchedule } from './name-parties.ts'
import type { Desk } from './record/desk.ts'

export function describeCaller(policy: Policy, { actor, role }: Caller): Omit<Me, 'operations'> {
  const { kind, id, person, tool } = identifyActor(policy, actor)
  const { name, email, timeZone } = (person === undefined ? undefined : policy.people[person]) ?? {}
  return {
    id: id || undefined,
    kind: kind === 'iam' ? kind : 'jwt',
    ...{ person, tool, name, role, email, timeZone },
    tools: person === undefined ? [] : toolsOwnedBy(policy, person),
  }
}

/** Names of the org file's tools whose owner a person is. */
export function toolsOwnedBy({ tools = {} }: Policy, person: string): string[] {
  return Object.entries(tools).flatMap(([name, { owners = [] }]) => (owners.includes(person) ? [name] : []))
}

/** The same of schedules. */
export function scheduleOffersFor({ policy, clock }: Pick<Desk, 'policy' | 'clock'>, caller: Caller) {
  const decider = deciderOfCaller(policy, caller)
  return (record: Schedule): Schedule => {
    const schedule = nameSchedule(policy, record)
    return decider ? { ...schedule, offers: offerForSchedule(schedule, decider, clock.nowMs()) } : schedule
  }
}

/** @returns what makes of a change what the caller gets: with names, and with what they may do about it, where their role is known here. */
export function offersFor({ policy, clock }: Pick<Desk, 'policy' | 'clock'>, caller: Caller) {
  const decider = deciderOfCaller(policy, caller)
  return (change: Change): Change => withOffers(nameChange(policy, change), decider, clock.nowMs())
}

/** Chats know the role of a person themselves, and events and schedules decide nothing. */
function deciderOfCaller(policy: Policy, { actor, role }: Caller): Decider | undefined {
  if (role === undefined) return undefined
  const { kind, id, person } = identifyActor(policy, actor)
  return {
    role,
    actor: { kind, id, person },
    tools: person === undefined ? [] : toolsOwnedBy(policy, person),
  }
}
