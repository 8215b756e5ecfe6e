/** What changes are worked on with, bound for one invocation in a composition root. */
import type { Clock } from '../../clock.ts'
import type { GenesysReads } from '../../genesys/genesys-reads.ts'
import type { Scope } from '../../genesys/scope.ts'
import type { EventBus } from '../model/change-events.ts'
import type { Header } from '../model/header.ts'
import type { Policy } from '../model/policy.ts'
import type { Ledger } from './ledger.ts'
import type { Roster } from './roster.ts'

/** Who held what at a time, as somebody has read it. */
export interface SeatReading {
  /** When reading began, epoch milliseconds: no part is older. */
  readonly atMs: number
  /** From when on the journal counts beside it, epoch milliseconds, where that is not known by `atMs` alone. */
  readonly journalFromMs?: number | undefined
  /** False where somebody is missing, who counts as before until it is known what became of them. */
  readonly isWhole?: boolean | undefined
  /** User ids, in lower case. */
  holdersOf(licenseId: string): ReadonlySet<string>
  /** When somebody was looked at, epoch milliseconds; undefined where it is not known to be later than `atMs`. */
  seenAtMsOf?(userId: string): number | undefined
  /** What somebody held, as the reading spells it; undefined of whom it does not say. */
  licensesOf?(userId: string): readonly string[] | undefined
  /** Of somebody who was not active, in which state they were instead, as Genesys says it. */
  stateIfNotActive?(userId: string): string | undefined
  /** Whether the gateway was at work on the pair while it was looked at. */
  isContested?(userId: string, licenseId: string): boolean
}

/** The reading of the whole org that is under way or asked for, else the newest. Epoch milliseconds. */
export interface LatestReading {
  readonly state: 'waiting' | 'reading' | 'whole' | 'notWhole'
  readonly askedAtMs: number
  readonly beganAtMs?: number | undefined
  /** Until when Genesys has asked that nothing be asked of it. */
  readonly waitUntilMs?: number | undefined
  /** Requests that were answered, of those that are known to be needed. */
  readonly pagesRead: number
  readonly pagesToRead?: number | undefined
}

/** The port of readings. Nothing is read upstream for it. */
export interface SeatReadings {
  /**
   * @returns the last reading, however old; undefined where there is none.
   * @throws GatewayError `ledger.unavailable`
   */
  newest(): Promise<SeatReading | undefined>
  /** How far it is. @throws GatewayError `ledger.unavailable` */
  latest?(): Promise<LatestReading | undefined>
  /**
   * Seats that the contract pays for, of a license that the org file says no number of.
   *
   * @returns undefined where Genesys's billing has not told.
   * @throws GatewayError `ledger.unavailable`
   */
  contractSeats?(licenseId: string): Promise<number | undefined>
}

/** What one tick did. */
export interface TickReport {
  /** Changes for which what was due has been done. */
  readonly advanced: number
  /** Changes for which it failed. */
  readonly failed: number
  readonly told: number
  /** Changes of which not all that was due has been done or told, the failed ones among them. */
  readonly stillDue: number
  /** For how long the longest of these has been due, milliseconds; 0 where nothing was left. */
  readonly oldestDueMs: number
  /** Changes that time is yet to do something to, now or later; not counted beyond a thousand. Undefined where that is not known. */
  readonly open: number | undefined
  /** Whether writes are paused; undefined where that cannot be known. */
  readonly isPaused: boolean | undefined
}

/** Told of every transition, and of what went wrong beside the caller's own answer; bound to the log. */
export interface ChangeLog {
  noteMove(header: Header): void
  /** Something that the tick makes good; `error` for the log alone. */
  noteDeferred(changeId: string, what: string, error: unknown): void
  /** An event or a schedule was not carried out, and why; `id` is the event's or the schedule's. */
  noteRefusal(id: string, why: string): void
  /** Genesys answered for so many pairs that were not sent, or two things of one. */
  noteUnasked(changeId: string, pairs: number): void
  noteTick(ticked: TickReport): void
}

/** The ledger and the rules: enough to record and decide. */
export interface Desk {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly policy: Policy
  readonly seats: SeatReadings
  readonly log: ChangeLog
}

/** With Genesys to read: enough to plan. */
export interface PlanningDesk extends Desk {
  readonly genesys: GenesysReads
  readonly roster: Roster
}

/** The port of the queue by which lists take turns, one part a turn. */
export interface ListQueue {
  /**
   * Asks for a list's next turn, behind those of others.
   *
   * @param turn a name that no other turn of the list has: asking for it again within some minutes is no second one.
   * @throws GatewayError `queue.unavailable`
   */
  askForTurn(changeId: string, turn: string): Promise<void>
}

/** With the right to write Genesys and to tell of it. */
export interface Workbench extends PlanningDesk {
  readonly scope: Scope
  readonly bus: EventBus
  readonly lists: ListQueue
}
