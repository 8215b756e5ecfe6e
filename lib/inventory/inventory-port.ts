/**
 * What operations, events and chat know of the inventory: who holds what in the whole org, from dated readings, with what
 * the gateway has settled since counted on top, and how it came about. Nobody who asks here causes a request to Genesys.
 */
import type { Principal } from '../changes/model/change.ts'
import type { User } from '../people/user.ts'

/** A change of the gateway's, or nobody's: done in Genesys itself, or before anything was on record. */
export type Origin = { readonly changeId: string } | 'outside' | 'before records'

/** Who asked for a change of the gateway's and why, in the words that lists of changes have; what is not on record is absent. */
export interface ChangeOrigin {
  readonly askedBy: string
  readonly reason?: string | undefined
  readonly approvedBy?: string | undefined
}

/** What rests on a reading says how old that is, and whether all of the org was in it. */
export interface Dated {
  /** When the reading began, epoch milliseconds: no part of it is older. What the gateway has settled since is counted too. */
  readonly asOfMs: number
  /**
   * Every page of the last page count was read, with as many different users as upstream's total, and nobody is missing of
   * whom it is not known what became. Where it is false, counts may be wrong and are said to be.
   */
  readonly isWhole: boolean
}

/** How many hold one license. */
export interface HeldCount {
  readonly licenseId: string
  readonly held: number
  /** Of so many it is not known: a write of the gateway's may or may not have come about. They are not in `held`. */
  readonly unknown: number
}

/** Of each license that anybody holds, or held when the first reading was made. */
export interface HeldCounts extends Dated {
  /** When the last page of the reading was read, epoch milliseconds: no difference that it found is later. */
  readonly readToMs: number
  /** When the first whole reading of all began, epoch milliseconds: there is no difference that is earlier. */
  readonly recordsFromMs: number
  /** So many were not found and it is not known what became of them: what they held counts as before. */
  readonly missing?: number | undefined
  readonly counts: readonly HeldCount[]
}

/** What one UTC day's last whole reading counted, or, where none was whole, its last. Days without a reading have no row: nobody knows. */
export interface DayCounts extends Dated {
  /** UTC, `2026-11-28`. */
  readonly day: string
  readonly people: number
  /** By license id. */
  readonly held: Readonly<Record<string, number>>
  /** By license id, the most that any whole reading of the day counted; absent where none was whole. */
  readonly most?: Readonly<Record<string, number>> | undefined
}

/** Ids in any case. */
export interface Pair {
  readonly userId: string
  readonly licenseId: string
}

/** Somebody was given a license, or lost one. */
export interface Difference extends Pair {
  readonly isGiven: boolean
  /** Of what the gateway did, when it was seen to hold; of what was done outside, when the page was answered that showed it. Epoch milliseconds. */
  readonly atMs: number
  /** Done outside after that, epoch milliseconds: the page of the whole reading before did not show it. */
  readonly afterMs?: number | undefined
  readonly by: Exclude<Origin, 'before records'>
}

/** From when until when somebody has held a license. */
export interface LicenseHolding extends Pair {
  /** Epoch milliseconds; of what was held before anything was on record, when the first reading showed it. */
  readonly fromMs: number
  /** Given outside after that, epoch milliseconds. */
  readonly fromAfterMs?: number | undefined
  readonly untilMs?: number | undefined
  /** Taken outside after that, epoch milliseconds. */
  readonly untilAfterMs?: number | undefined
  readonly by: Origin
  readonly endedBy?: Exclude<Origin, 'before records'> | undefined
}

/** A holding with the user's name and e-mail, where the newest reading knows them. */
export interface NamedHolding extends LicenseHolding {
  readonly name?: string | undefined
  readonly email?: string | undefined
}

/** Of one user, or of one license; the id in any case. */
export type HoldingsOf =
  | { readonly userId: string; readonly licenseId?: undefined }
  | { readonly licenseId: string; readonly userId?: undefined }

export type HoldingsQuery = HoldingsOf & {
  /** From 1 to 100. */
  readonly limit: number
  /** What an earlier page gave as `next`. */
  readonly cursor?: string | undefined
}

export interface HoldingsPage extends Dated {
  /** The latest beginning first. */
  readonly holdings: readonly NamedHolding[]
  readonly next?: string | undefined
}

/** All that there are, for a file. */
export interface EveryHolding extends Dated {
  /** The latest beginning first. Throws what the inventory does. */
  readonly holdings: AsyncIterable<NamedHolding>
}

/** Whoever is none of these may be left out, and need not be: with it less is read. */
export interface Sought {
  /** A part of name, address or id. */
  readonly search?: string | undefined
  /** In lower case. */
  readonly ids?: readonly string[] | undefined
}

export interface Everybody extends Dated {
  /**
   * In the order of their ids, deleted users too, with what they hold by the reading and by what the gateway has settled since. Part after
   * part as it is asked for, so that an org of any size is never in memory whole. Throws what the inventory does.
   */
  readonly users: AsyncIterable<User>
}

/** Who asks for a reading, and what for. */
export interface AskForReading {
  /** For the log; nobody where no name is known. */
  readonly by?: Principal | undefined
  /** The gateway's own need of a reading that shows what was so then, epoch milliseconds: one that began before is not that one, and no bound holds it up. */
  readonly beganAfterMs?: number | undefined
}

/** A reading of the whole org, under way or over. */
export interface ReadingProgress {
  readonly id: string
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  readonly beganAtMs?: number | undefined
  readonly endedAtMs?: number | undefined
  /** Genesys has asked that nothing be asked of it until then, epoch milliseconds; it may have gone by. */
  readonly waitUntilMs?: number | undefined
  /** Requests that have been answered, of those that are known to be needed. */
  readonly pagesRead: number
  readonly pagesToRead?: number | undefined
  readonly state: 'waiting' | 'reading' | 'whole' | 'notWhole'
}

/**
 * Each method throws GatewayError `ledger.unavailable`, and all that rest on a reading `reading.unavailable` (503, with
 * Retry-After) before the first one is there: unknown is never nobody.
 */
export interface Inventory {
  /** Two reads of the ledger where the gateway has settled nothing since the reading. */
  counts(): Promise<HeldCounts>
  /** @param afterId only those whose id comes after it, lower case: where an earlier page ended. */
  everybody(afterId?: string, sought?: Sought): Promise<Everybody>
  /** Those of them that the reading knows, by id in lower case; it reads the parts that have them and no others. */
  people(userIds: Iterable<string>): Promise<ReadonlyMap<string, User>>
  /** Of those of the changes that are on record, by their ids; of a part of a list, of the list. */
  origins(changeIds: Iterable<string>): Promise<ReadonlyMap<string, ChangeOrigin>>
  /** @param fromDay, toDay UTC days, `2026-11-28`, both inclusive. @returns the earliest first; none where there is none. */
  days(fromDay: string, toDay: string): Promise<readonly DayCounts[]>
  /** The earliest first, of all people, between two times, the later one exclusive. Epoch milliseconds. */
  differences(fromMs: number, toMs: number): AsyncIterable<Difference>
  /**
   * The same by when each was put on record, which is the end of the whole reading that showed it, kept before any of
   * them is put. None comes to be between two times that has been read before, so a day's are the same whenever they are
   * asked for: a reading that ended before `toMs` and whose differences are not all on record makes it throw
   * GatewayError `reading.unavailable`. None where no reading has been made yet.
   */
  differencesNoted(fromMs: number, toMs: number): AsyncIterable<Difference>
  /** @throws GatewayError `bad.request` for a cursor of another query. */
  holdings(query: HoldingsQuery): Promise<HoldingsPage>
  everyHolding(of: HoldingsOf): Promise<EveryHolding>
  /**
   * Asks for a fresh reading: one that is under way, asked for and not begun, or whole and begun within the minute is that one.
   *
   * @throws GatewayError `too.many.requests.retry.after` where callers have had as many as an hour has for all of them.
   */
  askForReading(ask?: AskForReading): Promise<ReadingProgress>
  /** @param id or `latest`: what is under way or asked for, else the newest whole one. @returns undefined for what is not on record. */
  reading(id: string): Promise<ReadingProgress | undefined>
}
