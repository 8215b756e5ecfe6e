/**
 * Differences folded into holdings, the latest beginning first: what was given, the newest first, each with how it ended,
 * and at last what was held before anything was on record. No more is read than is taken.
 */

import type { User } from '../../people/user.ts'
import { comparePairs, foldId } from '../inventory-person.ts'
import type { Difference, HoldingsOf, LicenseHolding, NamedHolding, Pair } from '../inventory-port.ts'
import { mergeSorted } from '../merge-sorted.ts'
import type { DifferencesOnRecord } from './differences-on-record.ts'

export interface FoldSource extends DifferencesOnRecord {
  readonly of: HoldingsOf
  /** When the first whole reading began, epoch milliseconds: what it found is held from then on, as far as anybody knows. */
  readonly firstAtMs: number
  /** Who the newest reading has, in the order of their ids, with what they hold. @param afterId only those that come after it. */
  holders(afterId?: string): AsyncIterable<User>
}

/** Where in the order a holding is: no two of one pair begin at one time. */
export interface Place extends Pair {
  readonly fromMs: number
}

/** The latest beginning first, then by the user's id, then by the license's. */
function comparePlaces(one: Place, other: Place): number {
  return other.fromMs - one.fromMs || comparePairs(one, other)
}

/** So many ends are kept whose beginnings are yet to be met, some 300 bytes each; from there on they are looked up. */
const MOST_PENDING_ENDS = 10_000

/** A page of 25 and what comes after it. */
const LOOKED_UP_AT_ONCE = 32

/**
 * Telling twice that somebody was given what they hold, or lost what they do not, changes nothing: of what was given twice
 * the later one counts, of what was taken twice the earlier one.
 *
 * @param after where an earlier page ended.
 */
export async function* holdingsAfter(source: FoldSource, after?: Place): AsyncGenerator<NamedHolding> {
  /** What the gateway gave while the first reading was made. */
  const early: NamedHolding[] = []
  for await (const holding of begunAfter(source, after))
    if (holding.fromMs > source.firstAtMs) yield holding
    else early.push(holding)
  yield* mergeSorted(heldBeforeAfter(source, after), early, comparePlaces)
}

/**
 * From the newest on, an end is met before its beginning. Where a page goes on, those of what began earlier have been
 * passed, and each is looked up by its pair.
 */
async function* begunAfter(source: FoldSource, after?: Place): AsyncGenerator<LicenseHolding> {
  if (after) return yield* lookUpEnds(source, after.fromMs, after)
  const ends = new Map<string, Difference>()
  /** One id for each pair that has been given. */
  const begun = new Set<string>()
  const taken = source.taken()[Symbol.asyncIterator]()
  let end = await taken.next()
  for await (const moment of momentsOf(source.given())) {
    for (; !end.done && end.value.atMs >= moment.atMs; end = await taken.next()) {
      if (ends.size === MOST_PENDING_ENDS) return yield* lookUpEnds(source, moment.atMs)
      const pair = pairKeyOf(end.value)
      ends.set(pair, end.value)
      begun.delete(pair)
    }
    for (const given of moment.given) {
      const pair = pairKeyOf(given)
      if (begun.has(pair)) continue
      yield endedBy(begunBy(given), ends.get(pair))
      ends.delete(pair)
      begun.add(pair)
    }
  }
}

async function* lookUpEnds(source: FoldSource, toMs: number, after?: Place): AsyncGenerator<LicenseHolding> {
  const waiting: Difference[] = []
  for await (const { given } of momentsOf(source.given(toMs))) {
    waiting.push(...given.filter((each) => !after || comparePlaces(after, begunBy(each)) < 0))
    while (waiting.length >= LOOKED_UP_AT_ONCE)
      yield* await lookUp(source, waiting.splice(0, LOOKED_UP_AT_ONCE))
  }
  yield* await lookUp(source, waiting)
}

async function lookUp(source: FoldSource, given: readonly Difference[]): Promise<readonly LicenseHolding[]> {
  const found = await Promise.all(given.map(async (each) => ({ each, next: await source.nextOf(each) })))
  return found.flatMap(({ each, next }) => (next?.isGiven ? [] : [endedBy(begunBy(each), next)]))
}

interface Moment {
  readonly atMs: number
  /** In the order of pairs, each once: the page of a reading, or the parts of a change. */
  readonly given: readonly Difference[]
}

/** @param differences the latest first. */
async function* momentsOf(differences: AsyncIterable<Difference>): AsyncGenerator<Moment, void, void> {
  let moment: Difference[] = []
  const momentOf = (): Moment[] => {
    const [first] = moment
    if (!first) return []
    const given = moment.reverse()
    return [{ atMs: first.atMs, given: given.filter((each, n) => n === 0 || !isSame(given[n - 1], each)) }]
  }
  for await (const difference of differences) {
    if (moment[0] && moment[0].atMs !== difference.atMs) {
      yield* momentOf()
      moment = []
    }
    moment.push(difference)
  }
  yield* momentOf()
}

/** What was held when records began, ended since or not, in the order of pairs. */
async function* heldBeforeAfter(source: FoldSource, after?: Place): AsyncGenerator<NamedHolding> {
  const { firstAtMs } = source
  if (after && after.fromMs < firstAtMs) return
  const ended = after?.fromMs === firstAtMs ? after : undefined
  const firsts = source.firsts(ended)[Symbol.asyncIterator]()
  let first = await firsts.next()
  const tellFirst = (difference: Difference) =>
    difference.isGiven ? [] : [endedBy(heldBefore(difference, firstAtMs), difference)]
  for await (const held of heldAfter(source, ended)) {
    for (; !first.done && comparePairs(first.value, held) < 0; first = await firsts.next())
      yield* tellFirst(first.value)
    if (first.done || !isSame(first.value, held)) yield { ...held, ...heldBefore(held, firstAtMs) }
  }
  for (; !first.done; first = await firsts.next()) yield* tellFirst(first.value)
}

async function* heldAfter(
  { of, holders }: FoldSource,
  after?: Pair,
): AsyncGenerator<Pair & Pick<User, 'name' | 'email'>, void, void> {
  const isAsked = ({ licenseId }: Pair) =>
    of.licenseId === undefined || foldId(of.licenseId) === foldId(licenseId)
  for await (const { id, name, email, licenses } of holders(
    of.userId === undefined ? after?.userId : undefined,
  ))
    yield* licenses
      .map((licenseId) => ({ userId: id, licenseId, name, email }))
      .filter((pair) => isAsked(pair) && !(after && comparePairs(after, pair) >= 0))
      .sort(comparePairs)
}

function begunBy({ userId, licenseId, atMs, afterMs, by }: Difference): LicenseHolding {
  return { userId, licenseId, fromMs: atMs, fromAfterMs: afterMs, by }
}

function endedBy(holding: LicenseHolding, end: Difference | undefined): LicenseHolding {
  return end ? { ...holding, untilMs: end.atMs, untilAfterMs: end.afterMs, endedBy: end.by } : holding
}

function heldBefore({ userId, licenseId }: Pair, firstAtMs: number): LicenseHolding {
  return { userId, licenseId, fromMs: firstAtMs, by: 'before records' }
}

function isSame(one: Pair | undefined, other: Pair): boolean {
  return one !== undefined && comparePairs(one, other) === 0
}

/** No user id has a blank in it. */
function pairKeyOf({ userId, licenseId }: Pair): string {
  return `${foldId(userId)} ${foldId(licenseId)}`
}
