/**
 * Four eyes: who counts as having asked for an order, who may ask for one that needs approval, and who may approve it.
 * Changes, extensions and schedules, over HTTP, in chat and from the bus, are all judged here.
 */
import { GatewayError } from '../../errors.ts'
import type { Actor } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import { identifyActor, isSamePerson, type Policy } from '../model/policy.ts'

/** Everybody who has asked for something on record; none of them may approve it. */
type AskedByAll = Pick<Header, 'actor' | 'askers'>

/** As they were known then and, since the org file may have learned of them since, as they are known now. */
function askersOf({ actor, askers = [] }: AskedByAll, policy: Policy): readonly Actor[] {
  return [actor, ...askers].flatMap((asker) => [asker, identifyActor(policy, asker)])
}

/** @returns everybody beside the actor, each once, as a record names them; undefined where there is nobody. */
export function askersBeside(actor: Actor, askers: readonly Actor[]): readonly Actor[] | undefined {
  const others = new Map(askers.map((each) => [`${each.kind}:${each.id}`, each]))
  others.delete(`${actor.kind}:${actor.id}`)
  return others.size === 0 ? undefined : [...others.values()]
}

/** @throws GatewayError `change.approver.refused` */
export function refuseApprover(approver: Actor, asked: AskedByAll, policy: Policy): void {
  if (approver.person === undefined) {
    throw new GatewayError(
      'change.approver.refused',
      'Only persons that the org file knows can approve; have your identity added to its people',
    )
  }
  const askers = askersOf(asked, policy)
  if (askers.some((asker) => isSamePerson(approver, asker))) {
    throw new GatewayError(
      'change.approver.refused',
      'Nobody approves their own request, nor what they have planned, submitted or scheduled: another person must',
    )
  }
  const tool = askers.find((asker) => ownersOf(policy, asker).includes(approver.person ?? ''))?.tool
  if (tool === undefined) return
  throw new GatewayError(
    'change.approver.refused',
    `Nobody approves what a tool of theirs asks for, and you are an owner of ${tool}: another person must`,
  )
}

/**
 * Whoever asks for what needs approval must be known, or they could be the one who approves it.
 *
 * @param because the rules that ask for approval.
 * @returns them, and what the approver should know of the tools that ask.
 * @throws GatewayError `change.requester.refused`
 */
export function admitRequesters(
  policy: Policy,
  { actor, askers = [] }: AskedByAll,
  because: readonly string[],
): readonly string[] {
  if (because.length === 0) return because
  // A schedule asks in the name of whoever made it, who is among the askers.
  const all = [actor, ...askers]
  const asking = askers.length > 0 ? all.filter(({ kind }) => kind !== 'schedule') : all
  const now = asking.map(({ kind, id }) => identifyActor(policy, { kind, id }))
  const stranger = now.find(({ person, tool }) => person === undefined && tool === undefined)
  if (stranger) throw requesterRefusedError(stranger, because)
  const unkept = new Set(
    now.flatMap((each) =>
      each.tool !== undefined && ownersOf(policy, each).length === 0 ? [each.tool] : [],
    ),
  )
  const warnings = [...unkept].map((tool) => `Nobody is known to keep the tool ${tool}, which asks for it`)
  // A plan that is applied brings those of when it was made along.
  return [...new Set([...because, ...warnings])]
}

function ownersOf({ tools = {} }: Policy, { tool }: Actor): readonly string[] {
  return tool === undefined ? [] : (tools[tool]?.owners ?? [])
}

/** Longest part of an id that a sentence repeats, in characters. */
const MAX_ID_LENGTH = 128

/** How each kind of principal is called, and where the org file lists it. */
const listedAs: Readonly<Record<Actor['kind'], readonly [called: string, where: string]>> = {
  iam: ['the IAM principal', 'iam of a person or a tool'],
  jwt: ['the token subject', 'jwt of a person or a tool'],
  event: ['the event source', 'eventSources of a tool'],
  slack: ['the Slack user', 'slack of a person'],
  teams: ['the Teams user', 'teams of a person'],
  schedule: ['whoever made the schedule', 'the people or tools'],
}

function requesterRefusedError({ kind, id }: Actor, because: readonly string[]): GatewayError {
  const [called, where] = listedAs[kind]
  const named = id.length > MAX_ID_LENGTH ? `${id.slice(0, MAX_ID_LENGTH)}…` : id
  return new GatewayError(
    'change.requester.refused',
    `${because[0]}, so whoever asks for it must be known, and ${called} ${named} is no person and no tool of the org file: have it added there to ${where}`,
  )
}
