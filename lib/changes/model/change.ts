/**
 * What a change is about (toggles, or who holds which license), and what stands on record of it beside its header:
 * who asked, and rows that never change (what was planned, what was seen). Times are epoch milliseconds here and ISO
 * 8601 towards callers.
 */
import { canonicalBatchOf } from '../../genesys/models/assignments.ts'
import type { Role } from '../../roles.ts'

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

/** A principal as the history names it. */
export function actorNameOf({ kind, id, person, tool }: Actor): string {
  return person ?? tool ?? `${kind}:${id}`
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
  /** Licenses to give to people who are inactive or deleted, as far as that was read. Absent where there are none. */
  readonly notActive?: readonly { userId: string; licenseId: string; state: string }[] | undefined
  /** Of a list, which names the first of each kind: how many there are. */
  readonly counts?: FindingCounts | undefined
  /** Rows that say what another row says too, and count once. Absent where there are none. */
  readonly repeatedRows?: number | undefined
}

export interface FindingCounts {
  readonly missingPrerequisites: number
  readonly contradictions: number
  readonly overlaps: number
  readonly unknownUsers: number
  readonly notActive?: number | undefined
}

/** People whose licenses are not as they were read before. */
export interface ChangedPeople {
  /** When the reading began that this rests on, epoch milliseconds; absent where there is none. */
  readonly asOfMs?: number | undefined
  /** False where that reading is none by which it could be known. */
  readonly isKnown: boolean
  /** How many are known; absent where it is not known of anybody. */
  readonly users?: number | undefined
  /** The first of them, with what they hold by now and did not, and what they held. */
  readonly people: readonly {
    readonly userId: string
    readonly given: readonly string[]
    readonly taken: readonly string[]
  }[]
}

/** A row of a list that cannot be planned, and why. */
export interface RowFault {
  /** Of the file, the first is 1; absent of what came as JSON. */
  readonly line?: number | undefined
  readonly fieldName: string
  readonly errorCode: string
  readonly message: string
}

/** The row `plan`: written before the header, never again. */
export interface PlanRow {
  readonly targets: readonly Target[]
  /** What was read for each target, in their order. Absent where nothing was read (a change that expired on arrival). */
  readonly before?: readonly Reading[] | undefined
  /** All licenses of the users named, for assignments. */
  readonly holdings?: readonly Holding[] | undefined
  readonly findings?: Findings | undefined
  /** Of whom somebody has changed licenses outside the gateway, between the last reading and the plan. */
  readonly changedOutside?: ChangedPeople | undefined
  /** Of whom others have changed what the plan shows, since it was made: looked up while it waits, and never on record. */
  readonly changedSince?: ChangedPeople | undefined
  /** Of each license that is given or taken, how many hold it; absent where nobody looked. Records from before lack some. */
  readonly seats?:
    | readonly {
        readonly licenseId: string
        /** Paid for; absent where nobody has told. */
        readonly seats?: number | undefined
        /** When the reading that it counts from began; this and all that follow are absent where there is none. */
        readonly asOfMs?: number | undefined
        readonly isWhole?: false | undefined
        readonly taken?: number | undefined
        /** Once the change is carried out. */
        readonly after?: number | undefined
        /** People beside those that it is about, of whom it is not known whether they hold it. */
        readonly unknown?: number | undefined
        /** People to whom other changes will give it: released and not done yet, or to be taken back. Of what nobody has told the seats of it is not looked. */
        readonly open?: number | undefined
      }[]
    | undefined
  /** Of an undo or a part: what somebody else has changed since, or is protected by now, and is left as it is. */
  readonly leftAlone?: readonly LeftAlone[] | undefined
  /** Of a list that cannot be planned: its bad rows, the first thousand. */
  readonly faults?: readonly RowFault[] | undefined
}

/** The row of a plan that says what it does to seats. */
export type SeatCount = NonNullable<PlanRow['seats']>[number]

/** Whether more would hold it than there are seats, whoever brought that about; undefined where one of the two is not known. */
export function isOverSeats({ seats, after, open = 0 }: Pick<SeatCount, 'seats' | 'after' | 'open'>) {
  return after === undefined || seats === undefined ? undefined : after + open > seats
}

/** Whether this is what takes it over, or further: giving to those who hold it already does not, however many hold it. */
export function isTakenOver(count: Pick<SeatCount, 'seats' | 'taken' | 'after' | 'open'>): boolean {
  const { taken, after } = count
  return after !== undefined && taken !== undefined && after > taken && isOverSeats(count) === true
}

/**
 * What became of one target. `applied`: it was unlike desired before the write and is as desired now. `unchanged`: it
 * was as desired already and nothing was sent for it. `not.applied`: it is not as desired. `unknown`: not readable.
 * `superseded`: it was left to a newer change, and nothing was sent for it. `conflict`: it was neither as the plan found
 * it nor as desired, and was left alone.
 */
export const targetOutcomes = [
  'applied',
  'unchanged',
  'not.applied',
  'unknown',
  'superseded',
  'conflict',
] as const
export type TargetOutcome = (typeof targetOutcomes)[number]

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

/** On whose behalf a port acts. */
export interface Caller {
  readonly actor: Principal
  /** Where the caller's token says it: of whoever signs requests, and in chat, it is not known here. */
  readonly role?: Role | undefined
  /** Of a schedule: whoever made it, in whose name it asks. */
  readonly maker?: Actor | undefined
  /** What the idempotency key is scoped to, beside the actor: the operation's id. */
  readonly operation: string
  readonly idempotencyKey?: string | undefined
}

/** One value upstream that a change is about: a toggle, or whether one user holds one license. */
export type Target = { readonly desired: boolean } & (
  | { readonly featureName: string }
  | { readonly licenseId: string; readonly userId: string }
)

/** What a change leaves as it is. @see PlanRow */
export type LeftAlone = Target & {
  /** What of it the org file protects; absent where that is not why. */
  readonly protects?: 'user' | 'license' | undefined
  /** Of a part: what its plan saw, and what was read as it began; absent where nothing was. */
  readonly before?: Reading
  readonly after?: Reading
}

/** The lock's name; also the order in which locks are taken. */
export function targetKey(target: Target): string {
  return 'featureName' in target
    ? `toggle#${target.featureName}`
    : `pair#${target.licenseId}#${target.userId}`
}

/** A user's licenses as they would be. */
export function licensesAfter(
  userId: string,
  licenses: readonly string[],
  targets: readonly Target[],
): string[] {
  const held = new Set(licenses)
  for (const target of targets) {
    if (!('userId' in target) || target.userId !== userId) continue
    if (target.desired) held.add(target.licenseId)
    else held.delete(target.licenseId)
  }
  return [...held]
}

/** The batch that brings about the targets. */
export function batchOf(targets: readonly Target[]) {
  return canonicalBatchOf({
    assignments: targets.map((target) => {
      const { licenseId, userId } = pairOf(target)
      return {
        licenseId,
        userIdsAdd: target.desired ? [userId] : [],
        userIdsRemove: target.desired ? [] : [userId],
      }
    }),
  })
}

export function pairOf(target: Target) {
  if ('licenseId' in target) return target
  throw new Error('an assignments change has pairs as its targets')
}

/** Pairs of a list by what became of them; `conflict` is what was as nobody had planned it, and was left alone. */
export type ListOutcomes = Readonly<Partial<Record<TargetOutcome, number>>>

/** Of a list: a change whose parts are changes. What is in no part that has settled has come to nothing yet. */
export interface ListState {
  /** None where all of it held as it was planned, and it ended with that. */
  readonly parts: number
  /** The first part of which all held as it was planned, as of those behind it: they read, and send nothing while it still does. */
  readonly idleFrom?: number | undefined
  /** The part that is to begin next, the first is 0: those before it have begun. */
  readonly next: number
  /** Parts that have begun and were not seen settled. */
  readonly open: readonly number[]
  readonly outcomes: ListOutcomes
  /** Parts that a person must look at. */
  readonly attention: readonly number[]
  /** Requests sent to Genesys for its parts so far. */
  readonly requests: number
  /** How far it was some time ago, the earlier first, to tell the rate at which it goes now; from its beginning where absent. */
  readonly marks?: readonly Readonly<Record<'atMs' | 'next' | 'requests', number>>[] | undefined
  /** When it was begun itself, its first part, and the latest. */
  readonly beganAtMs?: number | undefined
  readonly firstBegunAtMs?: number | undefined
  readonly lastBegunAtMs?: number | undefined
  /** No part begins before then: Genesys said wait, or the pace does. */
  readonly waitUntilMs?: number | undefined
  /** When it was told last how far it has come. */
  readonly toldAtMs?: number | undefined
  /** Since when the next part cannot be begun, epoch milliseconds, and how many times for a reason that nobody foresaw. */
  readonly failing?: { readonly sinceMs: number; readonly unforeseen: number } | undefined
  /** No further part begins. */
  readonly stopped?:
    | {
        readonly why: 'called off' | 'conflict' | 'failing' | 'late'
        readonly by: string
        readonly atMs: number
      }
    | undefined
  /** What a conflict does to the rest; it goes on where absent. */
  readonly onConflict?: 'abort' | undefined
}
