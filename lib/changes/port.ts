/**
 * What operations, events and chat know of changes: ports, each bound to one caller, and each with no more than the
 * functions behind it may do. `Records` reads and decides, `Plans` also reads Genesys, `Changes` also writes it,
 * `Schedules` keeps times.
 *
 * Orders, decisions and ids come in; changes and schedules as callers see them go out, and events. Behind the ports stand
 * the classes beside this file. Their work is in rooms, each importing only from those before it: `model`, `answers`,
 * `record`, `plan`, `carry-out`, `decide`. Start reading with `change-writer.ts`, or with `model/transitions.ts`.
 */
import type { Billing } from '../genesys/billing.ts'
import type {
  LicenseBatchAssignmentRequest,
  LicenseOrgToggle,
  LicenseUpdateStatus,
} from '../genesys/models/licenses.ts'
import type { ChangeRow, ResultRow } from './answers/change-rows.ts'
import type { Change, ChangeListing, ChangeResult, ChangeResultListing } from './answers/change-schemas.ts'
import type { Me, Undoing } from './answers/decision-schemas.ts'
import type { Schedule, ScheduleListing, ScheduleOrder } from './answers/schedule-schemas.ts'
import type { Capabilities, ToggleListing, Writes, WritesOrder } from './answers/write-schemas.ts'
import type { ChangeOrder, Extension, PlanOrder } from './model/change-order.ts'
import type { OrderTiming } from './plan/read-order.ts'
import type { ListFilter } from './record/ledger.ts'

/** An answer, and whether an earlier request of the same key (or the same decision) had brought it about. */
export interface Answered<T> {
  readonly value: T
  readonly isReplay: boolean
  /** The change behind an answer that has no place for its id. */
  readonly changeId?: string | undefined
}

export interface ListRequest {
  readonly filter: ListFilter
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
  /** Only what is taken back within that time, milliseconds, the soonest first; with no filter beside it. */
  readonly dueWithinMs?: number | undefined
}

/**
 * The ledger alone. Each method throws GatewayError: `not.found` for an id that is not on record,
 * `change.state.conflict` (409) for a decision that comes too late, `change.digest.mismatch` (409) for one on another
 * plan, `change.approver.refused` (403) where the approver has asked for it or is nobody the org file knows,
 * `idempotency.key.reused` (422) for a key that came with another request.
 */
export interface Records {
  change(changeId: string): Promise<Change>
  changes(request: ListRequest): Promise<ChangeListing>
  results(
    changeId: string,
    page: { limit: number; cursor?: string | undefined; outcome?: ChangeResult['outcome'] | undefined },
  ): Promise<ChangeResultListing>
  /**
   * All that the list has, however many: some rows after others, as they are read. Where a license, a user or a toggle is
   * given, of each change what is about that alone.
   */
  changeRows(request: Omit<ListRequest, 'limit' | 'cursor'>): AsyncIterable<readonly ChangeRow[]>
  /** @param outcome all where it is left out. */
  resultRows(changeId: string, outcome?: ChangeResult['outcome']): AsyncIterable<readonly ResultRow[]>
  /** @param reason kept with the decision. */
  reject(changeId: string, reason?: string): Promise<Answered<Change>>
  /**
   * Calls off what has not been claimed, or the planned revert of what was applied. Where what comes of that needs
   * approval, the answer is a change of its own, which waits for it.
   *
   * @param way with `isDraft` only a plan that nobody has applied.
   */
  cancel(changeId: string, way?: { readonly isDraft?: boolean | undefined }): Promise<Answered<Change>>
  /**
   * Moves the planned revert of what was applied. Where it is moved to later and that needs approval, the answer is a
   * change of its own, which waits for it.
   */
  extend(changeId: string, order: Extension): Promise<Answered<Change>>
  /** Of a list that is under way: no further part begins until somebody resumes it. */
  pause(changeId: string): Promise<Answered<Change>>
  schedule(scheduleId: string): Promise<Schedule>
  schedules(page: {
    limit: number
    cursor?: string | undefined
    /** Those alone that give this user something or take it. */
    userId?: string | undefined
  }): Promise<ScheduleListing>
  approveSchedule(scheduleId: string, digest: string): Promise<Answered<Schedule>>
  /** Toggles that the org file names or that the newest changes are about. */
  toggles(): Promise<ToggleListing>
  /** Who calls, as the org file knows them. */
  me(): Omit<Me, 'operations'>
  /** Whether changes are sent to Genesys now. */
  writes(): Promise<Writes>
  /** @throws GatewayError also `writes.paused` for resuming what the org file has paused. */
  setWrites(order: WritesOrder): Promise<Answered<Writes>>
}

/** What makes and unmakes schedules. @throws GatewayError as Records, and `bad.request` for a time gone by. */
export interface Schedules {
  create(order: ScheduleOrder): Promise<Answered<Schedule>>
  remove(scheduleId: string): Promise<Answered<Schedule>>
  /** @param reason kept with the decision. */
  rejectSchedule(scheduleId: string, reason?: string): Promise<Answered<Schedule>>
}

/** Reads Genesys and records what would be changed; sends nothing. */
export interface Plans {
  /**
   * Of a list that takes a fresh reading the answer is PLANNING. Where the rules want a second person, approvers are asked
   * at once; about a draft not before it is applied.
   *
   * @throws GatewayError 400 for bad rows, all of them counted.
   */
  plan(order: PlanOrder): Promise<Answered<Change>>
  /** The same of a file, `text/csv` with user, license and action, as its bytes came. */
  planFile(bytes: Uint8Array, timing: OrderTiming, isDraft?: boolean): Promise<Answered<Change>>
  /**
   * What of a change that has ended did not come about, as a change of its own.
   *
   * @throws GatewayError as Records, and `change.state.conflict` where there is nothing to ask for again.
   */
  retry(changeId: string, way?: { readonly isDraft?: boolean | undefined }): Promise<Answered<Change>>
  /**
   * Reads back what nobody knows the outcome of; the reading decides.
   *
   * @throws GatewayError as Records, and `change.state.conflict` with the wait while what was sent may still land.
   */
  settle(changeId: string): Promise<Answered<Change>>
  capabilities(billing: Billing): Promise<Capabilities>
}

/**
 * The one way by which anything is changed upstream. Where a change failed, each method throws what failed it, with
 * the change's id in `details`; one that has not settled within the request is answered as it stands.
 */
export interface Changes {
  /**
   * Gives and takes licenses, answering as Genesys does.
   *
   * @throws GatewayError `outcome.unknown` (409) while it has not settled, `change.approval.required` (409).
   */
  assign(batch: LicenseBatchAssignmentRequest): Promise<Answered<LicenseUpdateStatus[]>>
  /** Switches a license toggle to the opposite of what holds, answering as Genesys does. @throws as `assign`. */
  switchToggle(featureName: string): Promise<Answered<LicenseOrgToggle>>
  /** Brings about what is ordered, now or from notBefore. */
  request(order: ChangeOrder): Promise<Answered<Change>>
  /**
   * @param confirmPeople the number of different people whom the plan changes, typed back.
   * @throws GatewayError also `change.people.unconfirmed` where it is another, or is asked for and absent; here and below.
   */
  apply(changeId: string, digest: string, confirmPeople?: number): Promise<Answered<Change>>
  /** @throws GatewayError as Records. */
  approve(changeId: string, digest: string, confirmPeople?: number): Promise<Answered<Change>>
  /** @param how what the one who undoes it says beside; a draft is planned alone, and asks for a count and for approval when it is applied. */
  undo(changeId: string, how?: Undoing): Promise<Answered<Change>>
  /**
   * Has the planned revert of what was applied come now.
   *
   * @returns the change that takes it back; the one given while that is yet to be made.
   * @throws GatewayError as Records, and `writes.paused`.
   */
  end(changeId: string): Promise<Answered<Change>>
  /** Lets a paused list go on. @throws GatewayError as Records. */
  resume(changeId: string): Promise<Answered<Change>>
}
