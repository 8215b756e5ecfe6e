/**
 * The port of the ledger. Whatever implements it: reads are strongly consistent unless said otherwise, and nothing
 * is deleted. Since rows never change, an invocation need read none that it has just written, and none twice.
 */
import type { EvidenceRow, PlanRow } from '../model/change.ts'
import type { Header, Planned } from '../model/header.ts'
import type { ScheduleRecord } from '../model/schedule.ts'
import type { ChangeState } from '../model/transitions.ts'
import type { WriteSwitch } from '../model/write-switch.ts'
import type { JournalRow } from './pair-journal.ts'

/** What a list is of: a change is in it where all that is given fits. All changes where nothing is. */
export interface ListFilter {
  /** In one of these now. */
  readonly states?: readonly ChangeState[] | undefined
  /** `kind:id`, or the name of a person or a tool. */
  readonly actor?: string | undefined
  /** With `userId`: this license for this user, and not each in another pair. */
  readonly licenseId?: string | undefined
  readonly userId?: string | undefined
  readonly featureName?: string | undefined
  /** Applied, and taken back by then: the soonest first, and not the newest. Stands alone. Epoch milliseconds. */
  readonly due?: { readonly nowMs: number; readonly byMs: number } | undefined
}

export interface ListQuery {
  readonly filter: ListFilter
  /** Creation, inclusive on both sides; epoch milliseconds. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly limit: number
  /** What an earlier page gave as `next`. */
  readonly cursor?: string | undefined
}

export interface ListPage {
  readonly headers: readonly Header[]
  readonly next?: string | undefined
}

/** A message in a channel that asks approvers, or says how far a list has come: it can be brought up to date. */
export interface AskedMessage {
  readonly channelId: string
  /** What the channel knows it by. */
  readonly ts: string
}

/** What asks approvers, for the first time and once more; and what says how far a list has come. */
export type MessageKind = 'request' | 'reminder' | 'progress'

/**
 * Every method throws GatewayError `ledger.unavailable` (503) where the store cannot be used (not reached, throttling
 * beyond the client's own retries, not there, not ours to use), and `ledger.record.unknown` for a record written by a
 * newer version of the gateway.
 */
export interface Ledger {
  /** A change's header. */
  get(changeId: string): Promise<Header | undefined>
  /** A row that a header names or keeps. @throws Error where it is missing, which the order of writing rules out. */
  plan(header: Pick<Header, 'id' | 'planRow' | 'keptPlan'>): Promise<PlanRow>
  /** Of a list: what its n-th part is to do. @throws Error as `plan`. */
  part(list: Pick<Header, 'id' | 'planRow'>, n: number): Promise<PlanRow>
  /** Of a list, from its n-th part on in their order: what each is to do, then what held already when it was planned. */
  parts(list: Pick<Header, 'id' | 'planRow'>, n?: number): AsyncIterable<PlanRow>
  evidence(header: Pick<Header, 'id' | 'evidenceRow' | 'keptEvidence'>): Promise<EvidenceRow | undefined>
  /** What a list was asked for with, packed, in pieces, under a name that no other has: it counts for nothing before a header names it. */
  putOrder(changeId: string, name: string, pieces: readonly Uint8Array[]): Promise<void>
  order(changeId: string, name: string): AsyncIterable<Uint8Array>

  addJournal(row: JournalRow): Promise<void>
  /** All rows of the journal from a time on, the earliest first; `toMs` is now, by the fastest of clocks. */
  journal(fromMs: number, toMs: number): Promise<readonly JournalRow[]>

  /**
   * Writes all of it or none: headers with their rows and what lists find them by, locks, pointers and the journal. Each
   * header, lock and pointer may be named once, and there may be at most `MAX_GUARDED_WRITES` of them all; what else
   * does not fit beside them is put before. A repeat of the very same write, whose answer was lost, is done too. A small
   * plan or evidence is kept in the header, so what comes next must be built on the header that this gives back.
   *
   * @throws GatewayError `outcome.unknown` where a new header may stand or not; `ledger.unavailable` else.
   */
  commit(writes: readonly LedgerWrite[]): Promise<Commit>

  /** A change's header, locks and the stop switch by one read, as `get`, `locks` and `writeSwitch` give them. */
  look(changeId: string, lockKeys: readonly string[]): Promise<Standing>
  /** A list's header, the stop switch and what holds all lists back, by one read. */
  lookAtList(changeId: string): Promise<ListStanding>
  /** Holds all lists back; one that does so for longer stays. */
  holdLists(hold: ListHold): Promise<void>
  /** What stands in each lock; one that was never put is absent. */
  locks(keys: readonly string[]): Promise<ReadonlyMap<string, Lock>>

  /** The pointer by which a repeat without a key finds its first. */
  pointer(key: string): Promise<RepeatPointer | undefined>
  /** Puts it on condition that all of it still is as `seen` (undefined: that there is none). @returns whether it is as `next` now. */
  putPointer(key: string, next: RepeatPointer, seen: RepeatPointer | undefined): Promise<boolean>

  /** The stop switch as it stands; undefined where nobody has ever thrown it. */
  writeSwitch(): Promise<WriteSwitch | undefined>
  /**
   * Puts the switch in the place of the one that was seen, whose turn is kept first.
   *
   * @returns whether it is as `next` now; false where another write came first.
   */
  putSwitch(next: WriteSwitch, seen: WriteSwitch | undefined): Promise<boolean>
  /** Each turn of the switch before the one that stands, the latest first. */
  switchTurns(): Promise<readonly WriteSwitch[]>

  /** Notes where a message about a change stands; the first of each kind stays. */
  addMessage(changeId: string, of: MessageKind, message: AskedMessage): Promise<void>
  /** Where those stand that are of these kinds. */
  messages(changeId: string, of: readonly MessageKind[]): Promise<readonly AskedMessage[]>

  /** Ids of changes that are due, the longest due first. Eventually consistent. */
  due(nowMs: number, limit: number): Promise<readonly string[]>
  /** The headers of changes by id, in the order of the ids; what is missing, or of a newer version, is left out. */
  headers(changeIds: readonly string[]): Promise<ReadonlyMap<string, Header>>
  /** Every change that is released or approved and has not settled: found as by `list`, however many there are. */
  open(): Promise<readonly Header[]>
  /**
   * Newest first. Finds by an eventually consistent index, then reads each header itself; what does not fit the filter is
   * left out, and so is a record of a newer version. A page may have fewer than asked for, and still a `next`.
   *
   * @throws GatewayError `bad.request` for a cursor that is none of ours.
   */
  list(query: ListQuery): Promise<ListPage>

  schedule(scheduleId: string): Promise<ScheduleRecord | undefined>
  createSchedule(record: ScheduleRecord): Promise<boolean>
  replaceSchedule(next: ScheduleRecord, seenVersion: number): Promise<boolean>
  /** Of which it is to be told by then that nothing comes of them, the longest due first. */
  schedulesToTell(nowMs: number, limit: number): Promise<readonly ScheduleRecord[]>
  /** @param query.userId of those alone that give this user something or take it. */
  listSchedules(query: {
    readonly limit: number
    readonly cursor?: string | undefined
    readonly userId?: string | undefined
  }): Promise<{
    readonly records: readonly ScheduleRecord[]
    readonly next?: string | undefined
  }>
}

/** DynamoDB's limit of one transaction, and so of what can be put on condition of one another. */
export const MAX_GUARDED_WRITES = 100

/** A part of what is written together. */
export type LedgerWrite =
  /** A new change, if there is none of its id. */
  | {
      readonly kind: 'create'
      readonly header: Header
      readonly plan: PlanRow
      /** Of a list: what its parts are to do. */
      readonly parts?: readonly PlanRow[] | undefined
      readonly evidence?: EvidenceRow | undefined
    }
  /**
   * A header in the place of the one that was seen, whose version is one less; it is there too where this very write had
   * been stored and its answer lost (told by `writeId`). Evidence is of the name that `next.evidenceRow` says.
   */
  | {
      readonly kind: 'replace'
      readonly next: Header
      readonly seen: Pick<Header, 'version' | 'owner' | 'history'>
      readonly evidence?: EvidenceRow | undefined
      /** Of a list that has been planned, or cannot be: what `next.planRow` names. */
      readonly planned?: Pick<Planned, 'plan' | 'parts'> | undefined
    }
  /** Put on condition that all of it still is as `seen`, undefined: that there is none; or stands as `next` already. */
  | {
      readonly kind: 'lock'
      readonly key: string
      readonly next: Lock
      readonly seen: Lock | undefined
    }
  /** @see Ledger.putPointer */
  | {
      readonly kind: 'pointer'
      readonly key: string
      readonly next: RepeatPointer
      readonly seen: RepeatPointer | undefined
    }
  | { readonly kind: 'journal'; readonly row: JournalRow }

export type Commit = Done | Refused

interface Done {
  readonly kind: 'done'
  /** As they are on record now, by id. */
  readonly headers: ReadonlyMap<string, Header>
  /** As it is kept, which may be less, by the name of its row. */
  readonly evidence: ReadonlyMap<string, EvidenceRow>
}

/** Nothing was written. What stands in the way is told alone; undefined where a record is missing that was seen. */
interface Refused {
  readonly kind: 'refused'
  readonly headers: ReadonlyMap<string, Header | undefined>
  readonly locks: ReadonlyMap<string, Lock | undefined>
  readonly pointers: ReadonlyMap<string, RepeatPointer | undefined>
}

/** What stands where something is about to be decided. */
export interface Standing {
  readonly header: Header | undefined
  readonly locks: ReadonlyMap<string, Lock>
  readonly thrown: WriteSwitch | undefined
}

/** What stands where a list takes its turn. */
export interface ListStanding {
  readonly header: Header | undefined
  readonly thrown: WriteSwitch | undefined
  readonly hold: ListHold | undefined
}

/** Nothing is asked of Genesys for any list. Times are epoch milliseconds. */
export interface ListHold {
  readonly untilMs: number
  /** When Genesys last refused with 429, where that is why. */
  readonly refusedAtMs?: number | undefined
}

export interface RepeatPointer {
  readonly changeId: string
  readonly atMs: number
  /** When a repeat was last answered with what its first had come to. */
  readonly answeredAtMs?: number | undefined
}

/** A wish, by what is told which of two is the newer (ADR 10). */
export interface Intent {
  readonly changeId: string
  readonly atMs: number
  readonly arrivedAtMs: number
}

/** What stands in a target's lock. */
export interface Lock {
  /** The last change that claimed the target, and its claim; absent where none has yet. */
  readonly holder?: string | undefined
  /** The newest wish on the target, claimed or found to hold already; absent in locks before that rule. */
  readonly newest?: Intent | undefined
}

/** @returns the same ledger for one invocation. Headers, which do change, are always read. */
export function memoizeLedger(ledger: Ledger): Ledger {
  const plans = new Map<string, PlanRow>()
  const evidence = new Map<string, EvidenceRow>()
  return {
    ...ledger,
    async commit(writes) {
      const answer = await ledger.commit(writes)
      if (answer.kind === 'refused') return answer
      for (const write of writes) if (write.kind === 'create') plans.set(write.header.planRow, write.plan)
      for (const [rowName, kept] of answer.evidence) evidence.set(rowName, kept)
      return answer
    },
    async plan(header) {
      const plan = plans.get(header.planRow) ?? (await ledger.plan(header))
      plans.set(header.planRow, plan)
      return plan
    },
    async evidence(header) {
      const { evidenceRow } = header
      if (evidenceRow === undefined) return undefined
      const row = evidence.get(evidenceRow) ?? (await ledger.evidence(header))
      if (row) evidence.set(evidenceRow, row)
      return row
    },
  }
}
