/** From a list as it came to a plan: at once where it is small, else a record of it that a turn plans later. */

import { GatewayError } from '../../../errors.ts'
import { isUuid } from '../../../genesys/models/ids.ts'
import type { ChangedPeople, Target } from '../../model/change.ts'
import type { HeaderIn, Planned, Planning } from '../../model/header.ts'
import { digestOf } from '../../model/record-ids.ts'
import { CLOCK_ALLOWANCE_MS } from '../../model/timing.ts'
import type { PlanningDesk } from '../../record/desk.ts'
import type { RosterPerson, RosterReading } from '../../record/roster.ts'
import { countPeople, type PairChanged } from '../guards/find-changed.ts'
import { kinds, type Readings } from '../kinds.ts'
import { planChange } from '../plan-change.ts'
import { subjectOf } from '../read-order.ts'
import { type Proposal, planLater, proposalAskedIn } from '../record-proposal.ts'
import { findNamedPeople, keyOf, type PeopleFound } from './find-named-people.ts'
import { countRows, type ListOrder, MAX_PAIRS_AT_ONCE, subjectAsWritten } from './list-order.ts'
import { findUnknownLicenses, type OrgKnown, type ResolvedRows, resolveRows } from './resolve-rows.ts'
import { RowFaults } from './row-faults.ts'

/** Users of one look into the directory. */
const MAX_DIRECTORY_IDS = 100

/** Pairs that are read of Genesys where the reading does not say what holds. */
const MAX_UNCLEAR = 2_000

/** Ids that the reading does not know of which it is asked whose they are: a file that is refused may name any number. */
const MAX_STRANGERS = 2_000

/** Pairs of a list that is planned at once, and what of the org they were found in. */
export interface RowsNow extends Pick<Proposal, 'kind' | 'targets' | 'subject' | 'repeatedRows'> {
  readonly org: OrgKnown
}

/**
 * Rows as pairs; people come from the last reading, and whoever is named by id stands for themselves.
 *
 * @throws GatewayError 400 for bad rows, `reading.unavailable` for names before there is a reading.
 */
export async function resolveNow(desk: PlanningDesk, order: ListOrder): Promise<RowsNow> {
  const areAllIds = usersIn(order).every(isUuid)
  const found =
    areAllIds && countRows(order) <= MAX_PAIRS_AT_ONCE
      ? { byName: new Map(), holders: [] }
      : await findNamedPeople(order, (await desk.roster.newest()).people)
  const org = { people: withStrangers(order, found), definitions: await definitionsFor(desk, order) }
  const { targets, faults, repeatedRows } = resolveRows(order, org)
  if (faults.count > 0) refuseWithout(order, org, await findNobodies(desk, strangersIn(org.people)))
  return { kind: 'assignments', targets, subject: subjectOf(targets), repeatedRows, org }
}

/** What Genesys says of them now. @throws GatewayError 400 for ids that are nobody's. */
export async function readRowsNow(
  desk: PlanningDesk,
  order: ListOrder,
  { targets, org }: RowsNow,
): Promise<Readings> {
  const known = await kinds.assignments.read(desk.genesys, targets)
  const nobodies = await findNobodies(desk, strangersIn(org.people), known)
  if (nobodies.size > 0) refuseWithout(order, org, nobodies)
  return known
}

/** @throws GatewayError 400 where a row is bad, since it names one of these or otherwise. */
function refuseWithout(
  order: ListOrder,
  { people: { byName, holders }, definitions }: OrgKnown,
  nobodies: ReadonlySet<string>,
): void {
  const somebody = new Map(
    [...byName].filter(([, [person]]) => !person || !nobodies.has(person.id.toLowerCase())),
  )
  const { faults } = resolveRows(order, { people: { byName: somebody, holders }, definitions })
  faults.refuse(countRows(order))
}

/**
 * Refuses a file with rows that are bad as they stand, and tells with them what else is wrong with it by the last reading,
 * however long it is: it is handed in again in any case.
 *
 * @throws GatewayError 400, where nothing can be looked up now too.
 */
export async function refuseBadRows(desk: PlanningDesk, order: ListOrder): Promise<never> {
  const faults = new RowFaults()
  for (const row of order.badRows ?? []) for (const fault of row.faults) faults.add(fault, row)
  return await refuseAllOf(desk, order, faults)
}

/**
 * The same of what a turn would plan, and that names a license which the organization does not have: nobody waits minutes
 * to be told that.
 *
 * @throws GatewayError 400, or where the definitions cannot be read.
 */
export async function refuseUnknownLicenses(desk: PlanningDesk, order: ListOrder): Promise<void> {
  const faults = findUnknownLicenses(order, await definitionsFor(desk, order))
  if (faults.count > 0) await refuseAllOf(desk, order, faults)
}

/** @param faults what is known to be wrong with it, if only that can be told now. */
async function refuseAllOf(desk: PlanningDesk, order: ListOrder, faults: RowFaults): Promise<never> {
  try {
    await resolveNow(desk, order)
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'bad.request') throw error
  }
  faults.refuse(countRows(order))
  throw new Error('it has no bad row')
}

/** As they are written, of whoever is named. */
function usersIn({ rows, badRows = [], desired }: ListOrder): string[] {
  const named = [...rows, ...badRows].flatMap(({ user }) => user ?? [])
  return desired?.of === 'people' ? [...named, ...desired.names] : named
}

/** A reading may be from before somebody came: an id stands for itself. */
function withStrangers(order: ListOrder, { byName, holders }: PeopleFound): PeopleFound {
  const all = new Map(byName)
  for (const user of usersIn(order)) {
    const key = keyOf(user)
    if (isUuid(user) && !all.has(key)) all.set(key, [strangerOf(user.toLowerCase())])
  }
  return { byName: all, holders }
}

const strangerOf = (id: string): RosterPerson => ({ id, licenses: [], unknown: 'any' })

/** Whom the reading does not know. */
function strangersIn({ byName }: PeopleFound): string[] {
  return [...byName.values()].flatMap(([person]) => (person?.unknown === 'any' ? [person.id] : []))
}

/**
 * Whom of them Genesys does not know, by id: who holds nothing may be missing among those who hold something.
 *
 * @param known what was read of their licenses already.
 */
export async function findNobodies(
  { genesys }: Pick<PlanningDesk, 'genesys'>,
  userIds: readonly string[],
  known?: Readings,
): Promise<ReadonlySet<string>> {
  const nobodies = new Set(userIds.slice(0, MAX_STRANGERS).map((id) => id.toLowerCase()))
  if (nobodies.size === 0) return nobodies
  const found =
    known?.holdings?.map(({ userId }) => userId) ?? Object.keys(await genesys.getUsersById([...nobodies]))
  for (const userId of found) nobodies.delete(userId.toLowerCase())
  const asked = [...nobodies]
  for (let start = 0; start < asked.length; start += MAX_DIRECTORY_IDS) {
    const people = await genesys.getDirectoryUsers(asked.slice(start, start + MAX_DIRECTORY_IDS))
    for (const { id } of people) nobodies.delete(id.toLowerCase())
  }
  return nobodies
}

function definitionsFor(
  { genesys }: Pick<PlanningDesk, 'genesys'>,
  { rows, badRows = [], desired }: ListOrder,
) {
  const named = [
    ...[...rows, ...badRows].flatMap(({ license }) => license ?? []),
    ...(desired?.of === 'licenses' ? desired.names : []),
  ].map((each) => each.toLowerCase())
  const wanted = new Set(named)
  return genesys.getRecentDefinitions((known) => {
    const ids = new Set(known.map(({ id }) => id.toLowerCase()))
    return [...wanted].every((each) => ids.has(each))
  })
}

/** The record of a list that a turn plans. @param orderName under which it is on record by then. */
export function planListLater(
  desk: PlanningDesk,
  proposal: Omit<Proposal, 'kind' | 'targets' | 'subject'>,
  order: ListOrder,
  orderName: string,
): Planned {
  const mode = order.desired?.mode
  const isWholeNeeded = mode !== undefined && mode !== 'add-only'
  const askedAtMs = desk.clock.nowMs()
  // A reading that is asked for sooner may begin too early to be the one.
  const waitUntilMs = askedAtMs + CLOCK_ALLOWANCE_MS
  const { onConflict, isDraft } = proposal
  const planning: Planning = { orderName, askedAtMs, isWholeNeeded, mode, waitUntilMs, onConflict, isDraft }
  return planLater(
    desk,
    { ...proposal, kind: 'assignments', targets: [], subject: subjectAsWritten(order) },
    planning,
    digestOf(order),
  )
}

export type ListPlan =
  | { readonly kind: 'planned'; readonly planned: Planned }
  | { readonly kind: 'invalid'; readonly faults: RowFaults }

/** @param reading one that began after it was asked for. @throws GatewayError where Genesys or the ledger cannot be read. */
export async function planFromReading(
  desk: PlanningDesk,
  header: HeaderIn<'PLANNING'>,
  order: ListOrder,
  reading: RosterReading,
): Promise<ListPlan> {
  const people = await findNamedPeople(order, reading.people)
  const resolved = resolveRows(order, { people, definitions: await definitionsFor(desk, order) })
  const { targets, faults, repeatedRows, stateOf } = resolved
  if (faults.count > 0) return { kind: 'invalid', faults }
  const known = await completeReadings(desk, resolved)
  const proposal = { ...proposalOf(header), targets, subject: subjectOf(targets), repeatedRows }
  // What holds already has no say over what others wish: nothing of a list's is noted before it begins.
  const planned = await planChange(desk, proposal, true, {
    known,
    changedOutside: await readChangedOutside(reading, targets),
    stateOf,
    isNothingToDo: async () => true,
  })
  return { kind: 'planned', planned }
}

/** The reading is as new as the plan: what it has told of these people since the one before is what was done meanwhile. */
async function readChangedOutside(
  reading: RosterReading,
  targets: readonly Target[],
): Promise<ChangedPeople> {
  const outside = await reading.changedOutside()
  if (!outside) return { isKnown: false, people: [] }
  const users = new Set(
    targets.flatMap((target) => ('userId' in target ? [target.userId.toLowerCase()] : [])),
  )
  const changed: PairChanged[] = []
  for await (const pair of outside.pairs) if (users.has(pair.userId.toLowerCase())) changed.push(pair)
  return { asOfMs: outside.asOfMs, isKnown: true, ...countPeople(changed) }
}

/** What the reading does not say is read of Genesys, as far as it is little. */
async function completeReadings(
  { genesys }: PlanningDesk,
  { targets, values, holdings }: ResolvedRows,
): Promise<Readings> {
  const unclear = targets.filter((_, index) => values[index] === undefined).slice(0, MAX_UNCLEAR)
  if (unclear.length === 0) return { values, holdings }
  const read = await kinds.assignments.read(genesys, unclear)
  const seen = new Map(unclear.map((target, index) => [target, read.values[index]]))
  const held = new Map(read.holdings?.map((each) => [each.userId, each]))
  return {
    values: targets.map((target, index) => values[index] ?? seen.get(target)),
    holdings: holdings.map((each) => held.get(each.userId) ?? each),
  }
}

function proposalOf(header: HeaderIn<'PLANNING'>): Omit<Proposal, 'targets' | 'subject'> {
  return {
    id: header.id,
    actor: header.actor,
    askers: header.askers,
    kind: header.kind,
    requestDigest: header.requestDigest,
    isReleased: header.isReleased,
    reason: header.reason,
    notBeforeMs: header.notBeforeMs,
    notAfterMs: header.notAfterMs,
    revert: header.revert,
    isDraft: header.planning.isDraft,
    ...proposalAskedIn(header.asked),
    retries: header.retries,
    onConflict: header.planning.onConflict,
  }
}
