/** What changes are worked on with, bound for one invocation in a composition root. */
import type { Clock } from '../clock.ts'
import type { GenesysReads } from '../genesys/client.ts'
import type { Scope } from '../genesys/scope.ts'
import type { EventBus } from './announce.ts'
import type { Header } from './change.ts'
import type { Ledger } from './ledger.ts'
import type { Policy } from './policy.ts'
import type { SeatReadings } from './seats.ts'
import type { Ticked } from './tick.ts'

/** Told of every transition, and of what went wrong beside the caller's own answer; bound to the log. */
export interface ChangeLog {
  moved(header: Header): void
  /** Something that the tick makes good; `error` for the log alone. */
  left(changeId: string, what: string, error: unknown): void
  /** An event or a schedule was not carried out, and why; `id` is the event's or the schedule's. */
  refused(id: string, why: string): void
  /** Genesys answered for so many pairs that were not sent, or two things of one. */
  unasked(changeId: string, pairs: number): void
  ticked(ticked: Ticked): void
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
}

/** With the right to write Genesys and to tell of it. */
export interface Workbench extends PlanningDesk {
  readonly scope: Scope
  readonly bus: EventBus
}
