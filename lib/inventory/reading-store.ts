/**
 * The port of what readings are kept in: the state of the one under way, bytes in slots that are overwritten in turn, the
 * newest whole reading, and rows that stay for ever. Each method throws GatewayError `ledger.unavailable`.
 */
import type { Principal } from '../changes/model/change.ts'
import type { DayCounts, Difference, HeldCount, HoldingsOf, Pair, ReadingProgress } from './inventory-port.ts'

export type WalkName = 'licenses' | 'directory'

/** Where bytes are, and which write of them is meant. */
export interface StoredBytes {
  readonly writeId: string
  readonly parts: number
}

export type BytesKey =
  | {
      /** Of a few: a reading has one, so that the one before stays readable. */
      readonly slot: number
      readonly of: WalkName | 'people'
      readonly n: number
    }
  /** They stay. */
  | { readonly readingId: string; readonly of: 'differences'; readonly n: number }

/** One of the two walks of a reading. */
export interface WalkState {
  readonly nextPage: number
  /** As the last page that was read had them. */
  readonly pageCount?: number | undefined
  readonly total?: number | undefined
  /** Not all pages told the same counts, or, where they told no total, not all but the last were full: somebody may have slipped. */
  readonly isUneven?: boolean | undefined
  /** How many were on its pages, whoever came twice counted twice. */
  readonly rows: number
  /** When its last page was answered, epoch milliseconds. */
  readonly answeredAtMs?: number | undefined
  readonly pieces: readonly StoredBytes[]
}

/** A stretch of people in the order of their ids. */
export interface Shard extends StoredBytes {
  /** Folded; the first one begins with whoever comes first. */
  readonly firstId: string
  readonly people: number
}

/** A whole reading, and how to find what is in it. */
export interface ReadingHead {
  readonly id: string
  readonly slot: number
  /** Epoch milliseconds, all of them. */
  readonly beganAtMs: number
  readonly endedAtMs: number
  /** When the last page of licenses was answered. */
  readonly readToMs: number
  /** From when on the journal is to be read beside it. */
  readonly journalFromMs: number
  /** When the first whole reading of all began: what that one found was there before records. */
  readonly recordsFromMs: number
  /** When the whole reading before it began; absent of the first, and of those from before that was kept. */
  readonly beforeMs?: number | undefined
  readonly people: number
  readonly missing: number
  /** How many are in the directory and were not in two walks over licenses in a row, by their state. */
  readonly unlisted?: Readonly<Record<string, number>> | undefined
  /** By the pages, without the journal. */
  readonly counts: readonly Pick<HeldCount, 'licenseId' | 'held'>[]
  readonly shards: readonly Shard[]
}

/** Read whole and put in order: what is left is to make it known. */
export interface ComposedReading {
  readonly head: ReadingHead
  readonly differences: readonly StoredBytes[]
}

export interface CurrentReading {
  readonly id: string
  /** How its pieces are packed; one that was begun before that was told is begun anew. */
  readonly packing?: number | undefined
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  /** Absent of the night's. */
  readonly askedBy?: Asker | undefined
  readonly beganAtMs: number
  readonly slot: number
  readonly licenses: WalkState
  readonly directory: WalkState
  readonly composed?: ComposedReading | undefined
}

/** What only the holder of the lease moves on. */
export interface ReadingState {
  /** One higher with each holder. */
  readonly fencingToken: number
  /** Until when the holder is waited for, epoch milliseconds; 0 once it was given back. */
  readonly leaseUntilMs: number
  readonly current?: CurrentReading | undefined
  /** Until when Genesys has asked that nothing be asked of it, epoch milliseconds. */
  readonly waitUntilMs?: number | undefined
  /** The last request for a reading that one was begun for. */
  readonly takenAskId?: string | undefined
  /** When the first reading of all was begun, and the last that was whole; epoch milliseconds. */
  readonly triedFromMs?: number | undefined
  readonly wholeAtMs?: number | undefined
  /** How often one was not whole since then, on which UTC day. */
  readonly notWhole?: { readonly day: string; readonly times: number } | undefined
}

/** A state as it was read; its form is the store's own. */
export interface SeenState {
  readonly state: ReadingState
  readonly version: string
}

/** A caller, as API Gateway vouches for them; `nobody` where their token names no one. */
export type Asker = Principal | 'nobody'

/** Somebody asks for a reading. */
export interface ReadingAsk {
  readonly id: string
  /** Epoch milliseconds. */
  readonly askedAtMs: number
  readonly by: Asker
  /** When callers asked for those that count against the hour's bound, this one with them; epoch milliseconds. */
  readonly countedAtMs: readonly number[]
}

export interface ReadingStore {
  /** What is under way and what was asked for, in one read. */
  standing(): Promise<{ readonly seen: SeenState | undefined; readonly ask: ReadingAsk | undefined }>
  /** @returns the state as it now stands; undefined where it is no longer as it was seen. */
  putState(next: ReadingState, seen: SeenState | undefined): Promise<SeenState | undefined>
  /** @returns false where another has asked meanwhile. */
  putAsk(ask: ReadingAsk, seen: ReadingAsk | undefined): Promise<boolean>
  /** @throws GatewayError `general.conflict` where a later holder has written there. */
  putBytes(key: BytesKey, bytes: Uint8Array, fencingToken: number): Promise<StoredBytes>
  /** As `putBytes`, in blocks that can be read one by one: `parts` tells how many. @param blocks each of at most 300 kB. */
  putBlocks(key: BytesKey, blocks: readonly Uint8Array[], fencingToken: number): Promise<StoredBytes>
  /** @param block that alone, from 0. @returns undefined where it was overwritten since. */
  bytes(key: BytesKey, stored: StoredBytes, block?: number): Promise<Uint8Array | undefined>
  /** @returns undefined before the first whole reading. */
  head(): Promise<ReadingHead | undefined>
  putHead(head: ReadingHead, fencingToken: number): Promise<void>
  putProgress(progress: ReadingProgress): Promise<void>
  progress(id: string): Promise<ReadingProgress | undefined>
  /** @param isInPart of a reading that was not whole, which takes no place of one that was. */
  putDay(day: DayCounts, isInPart: boolean): Promise<void>
  /** Both inclusive, the earliest first. */
  days(fromDay: string, toDay: string): Promise<readonly DayCounts[]>
  /** Notes that so many differences were put on record when a reading ended. Putting the same again changes nothing. */
  putNoted(noted: NotedDifferences): Promise<void>
  /** The earliest first, `toMs` exclusive. Epoch milliseconds. */
  noted(fromMs: number, toMs: number): AsyncIterable<NotedDifferences>
  /** Putting the same again changes nothing. @param notedAtMs when the reading ended that shows them, epoch milliseconds. */
  putDifferences(differences: readonly Difference[], notedAtMs: number): Promise<void>
  /**
   * What is on record up to a reading. One that ended later may be putting its own at this moment, some of which the
   * journal tells beside the earlier reading: counted with that they would be told twice.
   *
   * @param notedToMs when the reading ended, epoch milliseconds.
   */
  recorded(notedToMs: number): RecordedDifferences
}

/** Each is read part after part as it is asked for. Times are epoch milliseconds. */
export interface RecordedDifferences {
  /** The earliest first, `toMs` exclusive. */
  between(fromMs: number, toMs: number): AsyncIterable<Difference>
  /** What was given, or what was taken: the newest first. @param toMs none that are later. */
  of(of: HoldingsOf, isGiven: boolean, toMs?: number): AsyncIterable<Difference>
  /** Of one pair, the earliest first. @param fromMs none that are earlier. */
  ofPair(pair: Pair, fromMs: number): AsyncIterable<Difference>
  /** Of a license, by the users' ids, those of one user the earliest first. @param afterUserId only those that come after it. */
  byUser(licenseId: string, afterUserId?: string): AsyncIterable<Difference>
}

/** What one whole reading has shown. */
export interface NotedDifferences {
  readonly readingId: string
  /** Epoch milliseconds. */
  readonly endedAtMs: number
  readonly pieces: readonly StoredBytes[]
}
