/**
 * Four eyes: whether an order waits for a second person, who counts as having asked for it, who may ask for
 * one that needs approval, and who may approve it. Changes, extensions and schedules, over HTTP, in chat and
 * from the bus, are all judged here, so that no rule is forgotten at one of the doors.
 */
import { GatewayError } from '../../errors.ts'
import type { Actor, ChangeKind, Target } from '../model/change.ts'
import type { Header } from '../model/header.ts'
import {
  approvalReasons,
  identifyActor,
  isHeldToSeats,
  isSamePerson,
  type OverSeats,
  type Policy,
} from '../model/policy.ts'
import type { Desk } from '../record/desk.ts'
import type { JournalRow } from '../record/pair-journal.ts'
import {
  licensesGivenOf,
  movesOf,
  type Occupancy,
  readOccupancies,
  readSeats,
  usersToComeOf,
} from './count-seats.ts'
import { type Coming, findComing } from './find-coming.ts'

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

/** Where the last reading of who holds what is older, nobody knows how many seats are free: one is taken each night, and takes up to two hours. Milliseconds. */
export const MAX_READING_AGE_MS = 26 * 3_600_000

type Judging = Pick<Desk, 'policy' | 'ledger' | 'clock' | 'seats'>

interface SeatLookUps {
  /** Counts the seats of the licenses that are given, where somebody else needs the count too. */
  readonly count?: (() => Promise<readonly Occupancy[]>) | undefined
  /** Looks what other changes will give of them, likewise. */
  readonly coming?: (() => Promise<Coming>) | undefined
  /** The change that is about to be released, so that of two at one moment neither goes unseen. */
  readonly releasing?: string | undefined
}

/**
 * @returns why a second person must approve it, one sentence for each rule; none where it may go ahead.
 * @throws GatewayError `ledger.unavailable`, where a rule is about seats.
 */
export async function findApprovalReasons(
  desk: Judging,
  kind: ChangeKind,
  targets: readonly Target[],
  asking: SeatLookUps = {},
): Promise<string[]> {
  return approvalReasons(desk.policy, kind, targets, await findOverSeats(desk, targets, asking))
}

/**
 * The licenses that would be given beyond their seats, or of which nobody knows. It errs on the side of asking: whoever
 * may hold one counts as holding it, and what open changes give is taken.
 */
async function findOverSeats(
  desk: Judging,
  targets: readonly Target[],
  { count, coming, releasing }: SeatLookUps,
): Promise<OverSeats> {
  const held = licensesGivenOf(targets).filter((licenseId) => isHeldToSeats(desk.policy, licenseId))
  const about = new Map<string, string>()
  const seats = await readSeats(desk, held)
  if (seats.size === 0) return about
  if (releasing !== undefined) await desk.ledger.addJournal(intentOf(desk, releasing, targets))
  // Before the count: what has settled by now is in the journal by then.
  const others = coming ? await coming() : await findComing(desk, held, releasing)
  const occupancies = count ? await count() : await readOccupancies(desk, held)
  for (const occupancy of occupancies) {
    const { licenseId, asOfMs } = occupancy
    const { given, taken } = movesOf(targets, licenseId)
    const gaining = [...given].filter((userId) => !occupancy.held.has(userId))
    if (gaining.length === 0 || !held.includes(licenseId) || occupancy.seats === undefined) continue
    if (asOfMs === undefined || desk.clock.nowMs() - asOfMs > MAX_READING_AGE_MS) {
      about.set(licenseId, unreadOf(occupancy))
      continue
    }
    const elsewhere = usersToComeOf(others, occupancy, given)
    const takers = new Set([...occupancy.held, ...occupancy.unknown, ...elsewhere])
    for (const userId of taken) takers.delete(userId)
    const total = new Set([...takers, ...gaining]).size
    if (total > occupancy.seats) about.set(licenseId, beyondOf(occupancy, total, elsewhere.size))
  }
  // Of these no number is known, and so none that is not reached yet.
  for (const [licenseId, known] of seats) {
    if (known === undefined && movesOf(targets, licenseId).given.size > 0)
      about.set(licenseId, untoldOf(licenseId))
  }
  return about
}

function untoldOf(licenseId: string): string {
  return `giving ${licenseId}, since its seats are not known: the org file says none and Genesys's billing has told none`
}

function unreadOf({ licenseId, asOfMs }: Occupancy): string {
  const last =
    asOfMs === undefined ? 'nobody has read yet who holds it' : `it was last read ${timeTextOf(asOfMs)}`
  return `giving ${licenseId}, since its free seats are not known: ${last}`
}

function beyondOf({ licenseId, seats, unknown, asOfMs = 0 }: Occupancy, total: number, open: number): string {
  const besides = [
    ...(open > 0 ? [`${open} by changes that are open`] : []),
    ...(unknown.size > 0 ? [`${unknown.size} not known`] : []),
  ]
  const of = besides.length === 0 ? '' : ` (${besides.join(', ')})`
  return `giving ${licenseId} beyond its ${seats} seats: ${total} would be taken${of}, as of ${timeTextOf(asOfMs)}`
}

/** `2026-12-01 09:00 UTC`: whoever reads it may be in any zone. */
function timeTextOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function intentOf({ clock }: Judging, changeId: string, targets: readonly Target[]): JournalRow {
  const pairs = targets.flatMap((target) =>
    'licenseId' in target && target.desired
      ? [{ licenseId: target.licenseId, userId: target.userId, isHeld: true }]
      : [],
  )
  return { changeId, atMs: clock.nowMs(), sequence: 0, isIntent: true, pairs }
}
