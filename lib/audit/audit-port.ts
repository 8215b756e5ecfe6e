/** What the daily audit file is made with: the ledger as far as it is read for it, the bucket, the log. */
import type { PlanRow } from '../changes/model/change.ts'
import type { Header } from '../changes/model/header.ts'
import type { ScheduleRecord } from '../changes/model/schedule.ts'
import type { WriteSwitch } from '../changes/model/write-switch.ts'
import type { JournalRow } from '../changes/record/pair-journal.ts'

/** A file of the chain. */
export interface AuditFile {
  /** Its name in the bucket. */
  readonly key: string
  /** Of its bytes, in hex. */
  readonly sha256: string
}

/** How far the chain has come. */
export interface AuditHead {
  /** When it began, epoch milliseconds: what happened before is not claimed to be in it. */
  readonly sinceMs: number
  /** The UTC day whose file comes next. */
  readonly nextDay: string
  /** The newest file; absent before the first. */
  readonly last?: AuditFile | undefined
  /**
   * What a run is about to put for `nextDay`, or may have put before it ended. Absent where none has tried, and where the
   * bucket is known to have refused it.
   */
  readonly coming?: AuditFile | undefined
  /** Random for each write: the head's optimistic lock. */
  readonly writeId: string
}

/** A record that moved on a day, as it stands now. */
export type MovedRecord =
  | { readonly kind: 'change'; readonly header: Header }
  | { readonly kind: 'schedule'; readonly record: ScheduleRecord }

/** Strongly consistent, all of it. Each method throws GatewayError `ledger.unavailable` and `ledger.record.unknown`. */
export interface AuditLedger {
  /** All changes and schedules that moved on a UTC day, each once, in the order of their ids. */
  movedOn(day: string): AsyncIterable<MovedRecord>
  plan(header: Header): Promise<PlanRow>
  /** All rows of the journal between two times, epoch milliseconds, the later one exclusive; in no order that is the same each time. */
  journalBetween(fromMs: number, toMs: number): Promise<readonly JournalRow[]>
  /** Each turn of the stop switch, the one that stands included. */
  switchTurns(): Promise<readonly WriteSwitch[]>
  /** Undefined before the chain has begun. */
  auditHead(): Promise<AuditHead | undefined>
  /** Puts the head in the place of the one that was seen. @returns whether it stands now; false where another write came first. */
  putAuditHead(next: AuditHead, seen: AuditHead | undefined): Promise<boolean>
}

/** How a put came out: `repeated` where something was there after a try whose answer was lost, which may have put it. */
export type PutResult = 'put' | 'repeated' | 'there'

export interface AuditBucket {
  /**
   * Puts a file where there is none of its key.
   *
   * @param sha256 in hex; the service refuses bytes of another.
   * @returns `there` where there was one already, whoever put it: it stays, and what is in it cannot be seen from here.
   * @throws the SDK's error where the bucket did not take it, with `isRefused` true, or may have and its answer was lost.
   */
  put(file: AuditFile, bytes: Uint8Array): Promise<PutResult>
  /** Puts a file whatever is there, which stays beside it as an older version. @throws as `put`. */
  putBeside(file: AuditFile, bytes: Uint8Array): Promise<void>
}

export interface AuditLog {
  /** A file stands; `head` is the chain's from now on. */
  noteFile(
    file: AuditFile & { readonly day: string; readonly bytes: number; readonly records: number },
    was: PutResult,
  ): void
  /** Something was there under the key before anybody of ours is known to have put it. Told before the file is put beside it. */
  noteMet(file: AuditFile & { readonly day: string }): void
  /** For how long the oldest day without a file has been over or under way, milliseconds. */
  noteAge(ageMs: number): void
}
