/** The header of a change: what it is and where it stands. Times are epoch milliseconds. */
import type { Actor, ChangeKind, EvidenceRow, Failure, ListState, PlanRow } from './change.ts'
import { type ChangeState, type carriedIn, missingIn } from './transitions.ts'

/** License ids that a header names of those that its change is about. */
export const MAX_LISTED_LICENSES = 20

export interface HistoryEntry {
  readonly state: ChangeState
  readonly atMs: number
  /** Who moved it: a principal where a person decided, else the part of the gateway. */
  readonly by: string
  readonly note?: string | undefined
}

export interface Approval {
  /** The org file's rules that ask for it, one sentence each. */
  readonly because: readonly string[]
  /** When the request lapses. */
  readonly expiresAtMs: number
  /** When approvers are reminded, once. */
  readonly remindAtMs?: number | undefined
  readonly isReminded?: boolean | undefined
  readonly decision?:
    | {
        readonly by: Actor
        readonly atMs: number
        readonly isApproved: boolean
        /** What whoever rejected it said. */
        readonly reason?: string | undefined
      }
    | undefined
}

/** Where in chat a change was asked for, and where its end is told. */
export interface Asked {
  readonly platform: 'slack' | 'teams'
  readonly teamId: string
  readonly channelId: string
  readonly userId: string
}

/** When a change is to be taken back: at a time, or so long after it was applied. */
export type RevertTime =
  | { readonly atMs: number; readonly afterMs?: undefined }
  | { readonly afterMs: number; readonly atMs?: undefined }

/** A planned return to the state before. */
export type Revert = RevertTime & {
  /** Until when it waits, epoch milliseconds, for another change that asked for the same until then. */
  readonly heldUntilMs?: number | undefined
  readonly heldFor?: string | undefined
  /** The change that does it, once there is one. */
  readonly changeId?: string | undefined
  readonly isCancelled?: boolean | undefined
  /** The approved change that called it off, or moved it last, where that needed one. */
  readonly extension?: string | undefined
  /** How often its time has been moved; never where absent. */
  readonly moves?: number | undefined
  /** Who has made it due at once, ahead of its time. */
  readonly endedBy?: Actor | undefined
  /** So long before it people are still to be reminded, milliseconds, the longest first. */
  readonly remindBeforeMs?: readonly number[] | undefined
  /** The version whose event is the latest reminder. */
  readonly remindedVersion?: number | undefined
}

/** A license that a plan takes from so many that the number of people must be typed back. */
export interface MassRemoval {
  readonly licenseId: string
  /** From how many. */
  readonly people: number
  /** How many hold it; absent where nobody has read that lately. */
  readonly holders?: number | undefined
}

/** What a plan does to people, as whoever decides about it is told. */
export interface Impact {
  /** Different people of whom something changes. */
  readonly people: number
  readonly massRemovals?: readonly MassRemoval[] | undefined
  /** Licenses that it takes over their seats, or further, by the count of the plan. */
  readonly overSeats?: readonly SeatExcess[] | undefined
}

export interface SeatExcess {
  readonly licenseId: string
  readonly seats: number
  /** Who would hold it then, with those to whom other open changes give it. */
  readonly after: number
}

/** Of a list that is yet to be planned, or has ended before it was. */
export interface Planning {
  /** What its order is kept under. */
  readonly orderName: string
  /** The reading that it is planned from begins after that, epoch milliseconds. */
  readonly askedAtMs: number
  /** Nobody may be missing from it: it decides from whom licenses are taken. */
  readonly isWholeNeeded: boolean
  readonly mode?: 'add-only' | 'remove-only' | 'exact' | undefined
  /** Nothing is done before then, epoch milliseconds: the reading is under way, or something failed. */
  readonly waitUntilMs?: number | undefined
  /** See ListState: it is one once it is planned. */
  readonly onConflict?: 'abort' | undefined
  /** Whoever asked looks at the plan before an approver is asked. */
  readonly isDraft?: boolean | undefined
}

/** How many users a license is given to, or taken from. */
export interface LicenseCount {
  readonly licenseId: string
  readonly users: number
}

export interface UnchangedCounts {
  readonly pairs: number
  readonly gives: readonly LicenseCount[]
  readonly takes: readonly LicenseCount[]
}

/** All that a header may have; what it has follows from its state, see `Header`. */
export interface HeaderMembers {
  /** Of this shape; a reader that does not know the number refuses the record. */
  readonly schema: 1 | 2
  readonly id: string
  readonly kind: ChangeKind
  readonly state: ChangeState
  /** The optimistic lock: goes up by one with every write of the header. */
  readonly version: number
  /** Random for every write, so that a writer whose answer was lost knows its own. */
  readonly writeId: string
  /** The fencing token of whoever claimed it, or holds its permit: new for each. */
  readonly owner?: string | undefined
  readonly leaseUntilMs?: number | undefined
  /** Writes permitted so far. */
  readonly permits: number
  /** When the last one was permitted. */
  readonly sentAtMs?: number | undefined
  /** Until when a write may still land (ADR 7, rule 12), from the last permit. */
  readonly quietUntilMs?: number | undefined
  /** A second look at what was settled on sight; removed when it is done. */
  readonly lookDueAtMs?: number | undefined
  /** What apply and approve name, so that nobody confirms another plan than the one that they saw. */
  readonly digest: string
  /** Of the request, to tell a repeat from another request under the same key. */
  readonly requestDigest: string
  /** Name of the row that holds the plan, and of the latest evidence. */
  readonly planRow: string
  readonly evidenceRow?: string | undefined
  /** The plan itself, and the latest evidence, where they are small enough to be kept here. */
  readonly keptPlan?: KeptRow<PlanRow> | undefined
  readonly keptEvidence?: KeptRow<EvidenceRow> | undefined
  readonly actor: Actor
  /** Whoever else has asked for it: who submitted the plan, who made the schedule, who asked for what it extends. */
  readonly askers?: readonly Actor[] | undefined
  readonly reason?: string | undefined
  /** False for a plan that waits to be applied. */
  readonly isReleased: boolean
  /** True where somebody confirmed this very plan: nothing may be sent then that the plan did not show. */
  readonly isConfirmed: boolean
  /** True where no caller waits with a retry of their own: what passes is waited out, until notAfter. */
  readonly isPatient: boolean
  /** Not before then, after a failure that passes. */
  readonly retryAtMs?: number | undefined
  readonly notBeforeMs?: number | undefined
  readonly notAfterMs?: number | undefined
  /** True where nobody named `notAfter`, so that it is the gateway's own: it does not run out while writes are paused. */
  readonly isEndOurs?: boolean | undefined
  readonly approval?: Approval | undefined
  /** Of what extends another: to when that one's revert is moved; it is called off where absent. */
  readonly revert?: Revert | undefined
  /** The change that this one takes back, by an undo or a planned revert. */
  readonly undoes?: string | undefined
  /** The undo that was let go ahead last, or waits for approval, and one before that did something. */
  readonly undoAsked?: string | undefined
  readonly undoneBy?: string | undefined
  /** The change of which this one asks again for what did not come about, and the one that asks so of this one. */
  readonly retries?: string | undefined
  readonly retriedBy?: string | undefined
  /** Of a planned revert: how often the time for it had been moved when it was made. */
  readonly moves?: number | undefined
  /** The change whose planned revert this one calls off, or moves. Nothing is sent for it. */
  readonly extends?: string | undefined
  readonly asked?: Asked | undefined
  /** Enough for a list; the plan row has all. */
  readonly subject:
    | { readonly featureName: string; readonly enabled: boolean }
    | {
        readonly pairs: number
        readonly users: number
        /** The first of them; so are `gives` and `takes`, which older records lack. */
        readonly licenses: readonly string[]
        readonly gives?: readonly LicenseCount[] | undefined
        readonly takes?: readonly LicenseCount[] | undefined
        /** Of these, what the plan found as desired already; absent where that is none or all, or is judged later. */
        readonly unchanged?: UnchangedCounts | undefined
        /** Where there is one user alone. */
        readonly userId?: string | undefined
        /** What that user was called when it was planned, where somebody looked. */
        readonly userName?: string | undefined
      }
  /** Of assignments that were planned; older records lack it. */
  readonly impact?: Impact | undefined
  readonly list?: ListState | undefined
  readonly planning?: Planning | undefined
  /** Of a part: its list, and which part it is, the first is 0. */
  readonly partOf?: { readonly changeId: string; readonly n: number } | undefined
  /** Why it failed or, while it waits to be tried again, why it did not come about so far. */
  readonly failure?: Failure | undefined
  /** The newer change that a part of this one was left to, or all of it. */
  readonly supersededBy?: string | undefined
  /** When a person last settled it by having it looked at. */
  readonly lookedAtMs?: number | undefined
  /**
   * When it was wished for: the latest of when it was asked, when it was confirmed or approved, and notBefore. Of two
   * changes on a target the later wish wins, whatever comes first. Absent in records before that rule: `createdAtMs`.
   */
  readonly intentAtMs?: number | undefined
  /** Of two wishes of one time the later arrival wins; `createdAtMs` unless it repeats a change that failed before. */
  readonly arrivedAtMs?: number | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly history: readonly HistoryEntry[]
  /** Decisions' idempotency keys, hashed, each with the digest of its request. */
  readonly keys?: Readonly<Record<string, string>> | undefined
  /** The outbox: the version whose event is to go out, and the last one that did. */
  readonly eventVersion?: number | undefined
  readonly publishedVersion?: number | undefined
  /** What the tick could not do for it, or not tell of it, and tries again later. */
  readonly workPutOff?: PutOff | undefined
  readonly tellingPutOff?: PutOff | undefined
  /** When the tick is to look at it; absent when time does nothing more to it. */
  readonly dueAtMs?: number | undefined
}

/** A row that is kept in the header; out of date where the header names another. */
export interface KeptRow<Row> {
  readonly name: string
  readonly row: Row
}

/** Times are epoch milliseconds. */
export interface PutOff {
  /** Since when it is due. */
  readonly sinceMs: number
  /** Ticks that have failed at it. */
  readonly tries: number
  readonly untilMs: number
}

/** What became of a request: its change, and whether an earlier request had brought that about. */
export interface Decided {
  readonly header: Header
  readonly isReplay: boolean
}

type Carried = typeof carriedIn

/** What stands of a change in one state: of what it carries there nothing is absent. */
export type HeaderIn<State extends ChangeState> = HeaderMembers & { readonly state: State } & {
  readonly [Member in keyof HeaderMembers & Carried[State & keyof Carried][number]]-?: NonNullable<
    HeaderMembers[Member]
  >
}

/**
 * A change as the ledger keeps it: a small header that says where it stands, and names the rows that say the rest. In a
 * state that is told from the others it has what it carries there (`transitions.ts`).
 */
export type Header =
  | { [State in keyof Carried]: HeaderIn<State> }[keyof Carried]
  | (HeaderMembers & { readonly state: Exclude<ChangeState, keyof Carried> })

/** @throws Error that names the change and what is missing, where it lacks what it must carry in its state. */
export function checkHeader(members: HeaderMembers, beside: readonly string[] = []): Header {
  if (isWhole(members, beside)) return members
  const missing = missingIn({ ...members }, beside).join(', ')
  throw new Error(`The change ${members.id} cannot be ${members.state} without ${missing}`)
}

/** Whether a header has what it must carry in its state. */
export function isWhole(members: HeaderMembers, beside: readonly string[] = []): members is Header {
  return missingIn({ ...members }, beside).length === 0
}

/** @throws Error where the change is not to be taken back. */
export function revertOf({ id, revert }: Pick<Header, 'id' | 'revert'>): Revert {
  if (revert) return revert
  throw new Error(`The change ${id} has no planned revert`)
}

/** A change that is about to be put on record, with what it would do. */
export interface Planned {
  readonly header: Header
  readonly plan: PlanRow
  /** Of a list: what its parts are about, those last of which all holds already. */
  readonly parts?: readonly PlanRow[] | undefined
}
