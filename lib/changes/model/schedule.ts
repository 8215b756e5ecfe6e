/** A schedule as the ledger keeps it. EventBridge Scheduler carries its id and the time; the order stands here. */

import type { Actor } from './change.ts'
import type { ChangeOrder } from './change-order.ts'
import type { Approval } from './header.ts'

/**
 * `CREATING` until EventBridge Scheduler has it; one that fires in that state is run, since the order is on record.
 * `AWAITING_APPROVAL` fires in vain. `DONE` is a one-off that has fired. `DELETED` and `REJECTED` stay on record and never
 * run.
 */
export const scheduleStates = [
  'CREATING',
  'AWAITING_APPROVAL',
  'ACTIVE',
  'DONE',
  'DELETED',
  'REJECTED',
] as const
export type ScheduleState = (typeof scheduleStates)[number]

/** Whether somebody has ended it: that is for good. */
export function isClosed({ state }: { readonly state: ScheduleState }): boolean {
  return state === 'DELETED' || state === 'REJECTED'
}

/** One of `at` (local time `2026-12-01T09:00:00`), `cron` (six fields) and `rate` (`5 minutes`). */
export interface When {
  readonly at?: string | undefined
  readonly cron?: string | undefined
  readonly rate?: string | undefined
  /** IANA name; UTC where absent. */
  readonly timeZone?: string | undefined
}

export interface ScheduleRecord {
  readonly schema: 1
  readonly id: string
  readonly state: ScheduleState
  readonly version: number
  readonly writeId: string
  readonly when: When
  readonly order: ChangeOrder
  /** Of when and order: what approve names. */
  readonly digest: string
  readonly requestDigest: string
  readonly actor: Actor
  readonly approval?: Approval | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Who deleted it; absent from what was deleted before that was kept. */
  readonly deletedBy?: Actor | undefined
  /** EventBridge Scheduler would not take it: it is listed nowhere, and its key is free. */
  readonly isRefused?: boolean | undefined
  /** The last change that it made. */
  readonly lastChangeId?: string | undefined
  /** Its maker has been told that nothing comes of it. */
  readonly isTold?: boolean | undefined
  /** Decisions' idempotency keys, hashed, each with the digest of its request. */
  readonly keys?: Readonly<Record<string, string>> | undefined
}

/** How a schedule came to nothing without its maker's doing. */
export type ScheduleEnd = 'rejected' | 'lapsed'

/** @returns what is to be told of it, and from when on, epoch milliseconds; undefined where nothing is, or it has been. */
export function endToTellOf({
  state,
  approval,
  isTold,
  updatedAtMs,
}: ScheduleRecord): { readonly end: ScheduleEnd; readonly atMs: number } | undefined {
  if (isTold) return undefined
  if (state === 'REJECTED') return { end: 'rejected', atMs: updatedAtMs }
  return state === 'AWAITING_APPROVAL' && approval ? { end: 'lapsed', atMs: approval.expiresAtMs } : undefined
}

/** EventBridge Scheduler, as far as it is used. */
export interface Scheduler {
  /**
   * Makes the schedule; one of that id that is there already counts as made.
   *
   * @throws GatewayError `bad.request` where the service refuses the expression, `scheduler.unavailable` where it fails.
   */
  create(scheduleId: string, when: When): Promise<void>
  /** Deletes it; one that is gone already counts as deleted. @throws GatewayError `scheduler.unavailable` */
  remove(scheduleId: string): Promise<void>
}
