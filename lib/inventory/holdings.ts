/**
 * From when until when people have held licenses: differences folded into holdings, with what is held that no difference
 * tells of, since it was held before anything was on record. The latest beginning comes first.
 */
import { cursorOf, invalidCursor, positionOf } from '../cursor.ts'
import type { User } from '../people/user.ts'
import { foldId } from './inventory-person.ts'
import type {
  Dated,
  Difference,
  HoldingsFilter,
  HoldingsPage,
  HoldingsQuery,
  LicenseHolding,
  NamedHolding,
} from './inventory-port.ts'

/** What is on record of one user, or of one license. */
export interface HoldingsSource extends Dated {
  /** When the first whole reading began, epoch milliseconds: what it found is held from then on, as far as anybody knows. */
  readonly firstAtMs: number
  /** Of all readings up to this one and of what was settled since, the earliest first. */
  readonly differences: readonly Difference[]
  /** Who the newest reading has, in the order of their ids, with what they hold. @param afterId lower case. */
  holders(afterId?: string): AsyncIterable<User>
  /** Names of the reading, by id in lower case. */
  people(userIds: Iterable<string>): Promise<ReadonlyMap<string, User>>
}

/** How many are named at once: each time the reading's parts that have them are read, in the worst case all. */
const MOST_NAMED_AT_ONCE = 5_000

/** @throws GatewayError `bad.request` for a cursor of another query. */
export async function holdingsPageOf(source: HoldingsSource, query: HoldingsQuery): Promise<HoldingsPage> {
  const { userId, licenseId, limit, cursor } = query
  const list = ['holdings', ...[userId, licenseId].map((id) => (id === undefined ? null : foldId(id)))]
  const after = cursor === undefined ? undefined : placeIn(positionOf(list, cursor))
  const holdings: NamedHolding[] = []
  let next: string | undefined
  for await (const holding of holdingsAfter(source, query, after)) {
    const last = holdings.at(-1)
    if (last && holdings.length === limit) {
      next = cursorOf(list, positionFor(last))
      break
    }
    holdings.push(holding)
  }
  const { asOfMs, isWhole } = source
  return { asOfMs, isWhole, holdings: await withNames(source, holdings), next }
}

/** All of them, with names; so many of them in memory as there are differences, whatever is held besides. */
export async function* everyHoldingOf(
  source: HoldingsSource,
  filter: HoldingsFilter,
): AsyncGenerator<NamedHolding> {
  let batch: NamedHolding[] = []
  for await (const holding of holdingsAfter(source, filter)) {
    batch.push(holding)
    if (batch.length < MOST_NAMED_AT_ONCE) continue
    yield* await withNames(source, batch)
    batch = []
  }
  yield* await withNames(source, batch)
}

async function withNames(
  { people }: HoldingsSource,
  holdings: readonly NamedHolding[],
): Promise<readonly NamedHolding[]> {
  const unnamed = holdings.filter(({ name, email }) => name === undefined && email === undefined)
  if (unnamed.length === 0) return holdings
  const known = await people(new Set(unnamed.map(({ userId }) => userId.toLowerCase())))
  return holdings.map((holding) => namedBy(holding, known.get(holding.userId.toLowerCase())))
}

function namedBy(holding: NamedHolding, user: User | undefined): NamedHolding {
  return user === undefined ? holding : { ...holding, name: user.name, email: user.email }
}

/**
 * What differences tell of holdings, in no order. Telling twice that somebody was given what they hold, or lost what they
 * do not, changes nothing: a reading's rows and the journal that they were made of may both be there.
 *
 * @param differences the earliest first.
 */
function foldDifferences(differences: readonly Difference[], firstAtMs: number): readonly LicenseHolding[] {
  const holdings: LicenseHolding[] = []
  const isOpenAt = new Map<string, number>()
  const seen = new Set<string>()
  for (const difference of differences) {
    const pair = pairKeyOf(difference)
    const place = isOpenAt.get(pair)
    if (difference.isGiven) {
      if (place === undefined) isOpenAt.set(pair, holdings.push(begunBy(difference)) - 1)
    } else {
      const open = place === undefined ? undefined : holdings[place]
      if (place !== undefined && open) holdings[place] = endedBy(open, difference)
      else if (!seen.has(pair)) holdings.push(endedBy(heldBefore(difference, firstAtMs), difference))
      isOpenAt.delete(pair)
    }
    seen.add(pair)
  }
  return holdings
}

function begunBy({ userId, licenseId, atMs, afterMs, by }: Difference): LicenseHolding {
  return { userId, licenseId, fromMs: atMs, fromAfterMs: afterMs, by }
}

function endedBy(holding: LicenseHolding, { atMs, afterMs, by }: Difference): LicenseHolding {
  return { ...holding, untilMs: atMs, untilAfterMs: afterMs, endedBy: by }
}

function heldBefore(
  { userId, licenseId }: Pick<LicenseHolding, 'userId' | 'licenseId'>,
  firstAtMs: number,
): LicenseHolding {
  return { userId, licenseId, fromMs: firstAtMs, by: 'before records' }
}

/** Where in the order a holding is: no two of one pair begin at one time. */
type Place = Pick<LicenseHolding, 'fromMs' | 'userId' | 'licenseId'>

/** @param after where an earlier page ended. */
async function* holdingsAfter(
  source: HoldingsSource,
  filter: HoldingsFilter,
  after?: Place,
): AsyncGenerator<NamedHolding> {
  const { differences, firstAtMs } = source
  const told = foldDifferences(differences, firstAtMs)
    .filter((holding) => isWanted(holding, filter) && (after === undefined || compare(after, holding) < 0))
    .sort(compare)
  const pairs = new Set(differences.map(pairKeyOf))
  let at = 0
  for await (const untold of untoldAfter(source, filter, pairs, after)) {
    for (let each = told[at]; each && compare(each, untold) < 0; each = told[++at]) yield each
    yield untold
  }
  yield* told.slice(at)
}

/** What is held that no difference tells of, in order: all of it since the first reading, so by the users' ids. */
async function* untoldAfter(
  { holders, people, firstAtMs }: HoldingsSource,
  filter: HoldingsFilter,
  told: ReadonlySet<string>,
  after?: Place,
): AsyncGenerator<NamedHolding> {
  const untoldOf = ({ id: userId, name, email, licenses }: User) =>
    licenses
      .map((licenseId) => ({ ...heldBefore({ userId, licenseId }, firstAtMs), name, email }))
      .filter((each) => isWanted(each, filter) && !told.has(pairKeyOf(each)))
      .filter((each) => after === undefined || compare(after, each) < 0)
      .sort(compare)
  if (after && after.fromMs < firstAtMs) return
  const endedAt = after?.fromMs === firstAtMs ? after.userId : undefined
  // The page before may have ended between two licenses of one user.
  if (endedAt !== undefined) for (const user of (await people([endedAt])).values()) yield* untoldOf(user)
  for await (const user of holders(endedAt)) yield* untoldOf(user)
}

function isWanted({ userId, licenseId }: Place, filter: HoldingsFilter): boolean {
  const isOf = (wanted: string | undefined, id: string) =>
    wanted === undefined || foldId(wanted) === foldId(id)
  return isOf(filter.userId, userId) && isOf(filter.licenseId, licenseId)
}

/** The latest beginning first, then by the user's id, then by the license's. */
function compare(one: Place, other: Place): number {
  return (
    other.fromMs - one.fromMs ||
    compareText(foldId(one.userId), foldId(other.userId)) ||
    compareText(foldId(one.licenseId), foldId(other.licenseId))
  )
}

function compareText(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

/** No user id has a blank in it. */
function pairKeyOf({ userId, licenseId }: Pick<Place, 'userId' | 'licenseId'>): string {
  return `${foldId(userId)} ${foldId(licenseId)}`
}

function positionFor({ fromMs, userId, licenseId }: Place): string {
  return [fromMs, foldId(userId), foldId(licenseId)].join(' ')
}

/** The seal is no secret, so who makes a cursor up may have put anything behind it. */
const Position = /^(\d{1,15}) ([^ ]{1,128}) ([^ ]{1,128})$/

function placeIn(position: string): Place {
  const [, fromMs, userId, licenseId] = Position.exec(position) ?? []
  if (fromMs === undefined || userId === undefined || licenseId === undefined) throw invalidCursor()
  return { fromMs: Number(fromMs), userId, licenseId }
}
