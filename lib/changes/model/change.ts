/**
 * A change as the ledger keeps it: a small header that says where it stands, and rows that never change (what was
 * planned, what was seen). Times are epoch milliseconds here and ISO 8601 towards callers (models.ts).
 */
import type { Target } from './targets.ts'

/**
 * Where a change stands. `APPLIED` may still turn into `NEEDS_ATTENTION` while a second look is due; no other final
 * state ever changes.
 */
export const changeStates = [
  'PLANNED',
  'AWAITING_APPROVAL',
  'APPROVED',
  'CLAIMED',
  'SENT',
  'UNKNOWN',
  'APPLIED',
  'PARTIAL',
  'NO_EFFECT',
  'FAILED',
  'NEEDS_ATTENTION',
  'NOOP',
  'REJECTED',
  'EXPIRED',
  'CANCELLED',
  'SUPERSEDED',
] as const
export type ChangeState = (typeof changeStates)[number]

/** Ends where something was seen as applied, or may have been: there may be something to take back. */
export const undoableStates: readonly ChangeState[] = ['APPLIED', 'PARTIAL', 'NEEDS_ATTENTION']

/** States in which nothing has been sent and nobody is at work: what may still be decided, claimed or called off. */
export const waitingStates: readonly ChangeState[] = ['PLANNED', 'AWAITING_APPROVAL', 'APPROVED']

/** States in which a change holds the locks on its targets (the second look aside). */
export const runningStates: readonly ChangeState[] = ['CLAIMED', 'SENT', 'UNKNOWN']

/** What is not at its end. */
export const openStates: readonly ChangeState[] = [...waitingStates, ...runningStates]

export function isSettled(state: ChangeState): boolean {
  return !waitingStates.includes(state) && !runningStates.includes(state)
}

/** License ids that a header names of those that its change is about. */
export const MAX_LISTED_LICENSES = 20

export type ChangeKind = 'toggle' | 'assignments'

/** Who asked: a principal, and the person or the tool that the org file knows it as. */
export interface Actor {
  readonly kind: 'iam' | 'jwt' | 'event' | 'schedule' | 'slack' | 'teams'
  /** What vouches for it calls it: an IAM ARN, a JWT subject, an event's source, a schedule's id, a chat user's id. */
  readonly id: string
  /** Of an order that a schedule gives: whoever made the schedule. */
  readonly person?: string | undefined
  readonly tool?: string | undefined
}

/** A principal as whatever vouches for it names it, before the org file is asked who that is. */
export type Principal = Omit<Actor, 'person' | 'tool'>

/** What upstream said of a target; undefined where it said nothing that can be read. */
export type Reading = boolean | undefined

/** A user's license ids, as read. */
export interface Holding {
  readonly userId: string
  readonly licenses: readonly string[]
}

/** What a plan found that whoever confirms it should know. Nothing here stops a change. */
export interface Findings {
  /** Licenses to give whose prerequisite the user would not hold afterwards. */
  readonly missingPrerequisites: readonly {
    userId: string
    licenseId: string
    prerequisites: readonly string[]
  }[]
  /** Licenses to take away that another license needs which the user would keep. */
  readonly contradictions: readonly { userId: string; licenseId: string; neededBy: readonly string[] }[]
  /**
   * Licenses to give beside which the user would hold one that they comprise, or that comprises them: of the two the
   * lesser brings nothing.
   */
  readonly overlaps: readonly {
    userId: string
    licenseId: string
    comprises: readonly string[]
    comprisedBy: readonly string[]
  }[]
  /** Users upstream did not answer for. */
  readonly unknownUsers: readonly string[]
}

/** The row `plan`: written before the header, never again. */
export interface PlanRow {
  readonly targets: readonly Target[]
  /** What was read for each target, in their order. Absent where nothing was read (a change that expired on arrival). */
  readonly before?: readonly Reading[] | undefined
  /** All licenses of the users named, for assignments. */
  readonly holdings?: readonly Holding[] | undefined
  readonly findings?: Findings | undefined
  /** Of each license that is given and has seats, how many are taken; absent where there are none, or nobody looked. */
  readonly seats?: readonly {
    readonly licenseId: string
    readonly seats: number
    /** When the reading that it counts from began; this and all that follow are absent where there is none. */
    readonly asOfMs?: number | undefined
    readonly taken?: number | undefined
    /** Once the change is carried out. */
    readonly after?: number | undefined
    /** People beside those that it is about, of whom it is not known whether they hold it. */
    readonly unknown?: number | undefined
    /** People to whom other changes will give it: released and not done yet, or to be taken back. */
    readonly open?: number | undefined
  }[]
  /** Of an undo: what somebody else has changed since, and is left as it is. */
  readonly leftAlone?: readonly Target[] | undefined
}

/** The row of a plan that says what it does to seats. */
export type SeatCount = NonNullable<PlanRow['seats']>[number]

/** Who gives to those who hold it already takes nothing over, however many hold it. */
export function isOverSeats({ seats, taken, after, open = 0 }: SeatCount): boolean {
  return after !== undefined && taken !== undefined && after > taken && after + open > seats
}

/**
 * What became of one target. `applied`: it was unlike desired before the write and is as desired now. `unchanged`: it
 * was as desired already and nothing was sent for it. `not.applied`: it is not as desired. `unknown`: not readable.
 * `superseded`: it was left to a newer change, and nothing was sent for it.
 */
export type TargetOutcome = 'applied' | 'unchanged' | 'not.applied' | 'unknown' | 'superseded'

/** The row `evidence`: what was sent, answered and read. A later one takes an earlier one's place in the header. */
export interface EvidenceRow {
  /** In the order of the plan's targets. */
  readonly outcomes: readonly TargetOutcome[]
  readonly after: readonly Reading[]
  /** Upstream's status texts for the targets, null where it gave none. */
  readonly texts: readonly (string | null)[]
  readonly holdings?: readonly Holding[] | undefined
}

/** Why a change failed, as the caller is told it, now and at each replay. */
export interface Failure {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly retryAfterSeconds?: number | undefined
  readonly upstreamStatus?: number | undefined
  /** Genesys's own error body, as the JSON that it is answered with: a map on record keeps no order and refuses some names. */
  readonly upstreamBody?: string | Readonly<Record<string, unknown>> | undefined
  /** Nothing was applied and the cause passes: the same idempotency key may try again. */
  readonly isPassing: boolean
  /** The other change, where that was the cause. */
  readonly changeId?: string | undefined
}

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
  readonly decision?: {
    readonly by: Actor
    readonly atMs: number
    readonly isApproved: boolean
    /** What whoever rejected it said. */
    readonly reason?: string | undefined
  }
}

/** Where in chat a change was asked for, and where its end is told. */
export interface Asked {
  readonly platform: 'slack' | 'teams'
  readonly teamId: string
  readonly channelId: string
  readonly userId: string
}

/** A planned return to the state before. One of `atMs` and `afterMs` is set. */
export interface Revert {
  readonly atMs?: number | undefined
  /** Counted from when the change was applied. */
  readonly afterMs?: number | undefined
  /** Until when it waits, epoch milliseconds, for another change that asked for the same until then. */
  readonly heldUntilMs?: number | undefined
  readonly heldFor?: string | undefined
  /** The change that does it, once there is one. */
  readonly changeId?: string | undefined
  readonly isCancelled?: boolean | undefined
  /** The approved change that called it off, where that needed one. */
  readonly extension?: string | undefined
}

/** How many users a license is given to, or taken from. */
export interface LicenseCount {
  readonly licenseId: string
  readonly users: number
}

export interface Header {
  /** Of this shape; a reader that does not know the number refuses the record. */
  readonly schema: 1
  readonly id: string
  readonly kind: ChangeKind
  readonly state: ChangeState
  /** Goes up by one with every write of the header. */
  readonly version: number
  /** Random for every write, so that a writer whose answer was lost knows its own. */
  readonly writeId: string
  /** The invocation that claimed it, unique for each claim. */
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
  readonly approval?: Approval | undefined
  readonly revert?: Revert | undefined
  /** The change that this one takes back, by an undo or a planned revert. */
  readonly undoes?: string | undefined
  /** The change whose planned revert this one calls off. Nothing is sent for it. */
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
        /** Where there is one user alone. */
        readonly userId?: string | undefined
        /** What that user was called when it was planned, where somebody looked. */
        readonly userName?: string | undefined
      }
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
  /** The version whose event is to go out, and the last one that did. */
  readonly eventVersion?: number | undefined
  readonly publishedVersion?: number | undefined
  /** What the tick could not do for it, or not tell of it, and tries again later. */
  readonly workPutOff?: PutOff | undefined
  readonly tellingPutOff?: PutOff | undefined
  /** When the tick is to look at it; absent when time does nothing more to it. */
  readonly dueAtMs?: number | undefined
}

/** Times are epoch milliseconds. */
export interface PutOff {
  /** Since when it is due. */
  readonly sinceMs: number
  /** Ticks that have failed at it. */
  readonly tries: number
  readonly untilMs: number
}

/** A change that is about to be put on record, with what it would do. */
export interface Planned {
  readonly header: Header
  readonly plan: PlanRow
}

/** What became of a request: its change, and whether an earlier request had brought that about. */
export interface Decided {
  readonly header: Header
  readonly isReplay: boolean
}

/** On whose behalf a port acts. */
export interface Caller {
  readonly actor: Principal
  /** Of a schedule: whoever made it, in whose name it asks. */
  readonly maker?: Actor | undefined
  /** What the idempotency key is scoped to, beside the actor: the operation's id. */
  readonly operation: string
  readonly idempotencyKey?: string | undefined
}
