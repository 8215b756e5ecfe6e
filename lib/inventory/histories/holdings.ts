/**
 * From when until when people have held licenses, in pages and for files: start here. A page reads what it shows, and a
 * file is never in memory whole.
 */
import { cursorOf, invalidCursor, positionOf } from '../../cursor.ts'
import type { User } from '../../people/user.ts'
import { foldId } from '../inventory-person.ts'
import type { Dated, HoldingsPage, HoldingsQuery, NamedHolding } from '../inventory-port.ts'
import { type FoldSource, holdingsAfter, type Place } from './fold-holdings.ts'

/** What is on record of one user, or of one license. */
export interface HoldingsSource extends Dated, FoldSource {
  /** Names of the reading, by id in lower case. */
  people(userIds: Iterable<string>): Promise<ReadonlyMap<string, User>>
}

/** How many are named at once: each time the reading's parts that have them are read, in the worst case all. */
const MOST_NAMED_AT_ONCE = 5_000

/** @throws GatewayError `bad.request` for a cursor of another query. */
export async function holdingsPageOf(
  source: HoldingsSource,
  { limit, cursor }: Pick<HoldingsQuery, 'limit' | 'cursor'>,
): Promise<HoldingsPage> {
  const { userId, licenseId } = source.of
  const list = ['holdings', ...[userId, licenseId].map((id) => (id === undefined ? null : foldId(id)))]
  const after = cursor === undefined ? undefined : placeIn(positionOf(list, cursor))
  const holdings: NamedHolding[] = []
  let next: string | undefined
  for await (const holding of holdingsAfter(source, after)) {
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

/** All of them, with names. */
export async function* everyHoldingOf(source: HoldingsSource): AsyncGenerator<NamedHolding> {
  let batch: NamedHolding[] = []
  for await (const holding of holdingsAfter(source)) {
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
