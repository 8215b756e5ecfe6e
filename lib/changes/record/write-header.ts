/** How a header moves: each arrow is one conditional write that appends to the history. */

import { GatewayError } from '../../errors.ts'
import type { ChangeState, Header, Planned } from '../model/change.ts'
import { isTold } from '../model/change-events.ts'
import { dueAtOf } from '../model/due.ts'
import { randomId } from '../model/identity.ts'
import type { Desk } from './desk.ts'

export interface Move {
  readonly state: ChangeState
  /** Who moves it. */
  readonly by: string
  readonly note?: string | undefined
  /** Other members that change with it. */
  readonly with?: Partial<Header> | undefined
  /** In place of the time that follows from the state: a try that is put off. */
  readonly dueAtMs?: number | undefined
}

/** @returns the header after the move, not yet stored. */
export function moveHeader(header: Header, move: Move, nowMs: number): Header {
  const { state, by, note } = move
  // Where the event of the state before has not gone out, nobody needs it any more; and what was put off has come about.
  const { eventVersion: _moot, workPutOff: _work, tellingPutOff: _telling, ...seen } = header
  const version = header.version + 1
  const next = {
    ...seen,
    ...move.with,
    state,
    version,
    writeId: randomId(),
    updatedAtMs: nowMs,
    history: [...header.history, { state, atMs: nowMs, by, ...(note === undefined ? {} : { note }) }],
    ...(isTold(header, state, nowMs) ? { eventVersion: version } : {}),
  }
  return dateHeader(next, move.dueAtMs)
}

/** The header with other members and no new entry in its history: bookkeeping, such as an event that has gone out. */
export function amendHeader(
  header: Header,
  members: Partial<Header>,
  nowMs: number,
  dueAtMs?: number,
): Header {
  const version = header.version + 1
  return dateHeader({ ...header, ...members, version, writeId: randomId(), updatedAtMs: nowMs }, dueAtMs)
}

/** @param header a new one, or one whose time to be looked at has changed. */
export function dateHeader({ dueAtMs: _stale, ...header }: Header, putOffMs?: number): Header {
  const dueAtMs = putOffMs ?? dueAtOf(header)
  return dueAtMs === undefined ? header : { ...header, dueAtMs }
}

/**
 * Puts a new change on record. It is logged once it stands: of two that are made at once the other never was.
 *
 * @returns whether it is this one that stands.
 * @throws what `Ledger.create` throws.
 */
export async function createChange(
  { ledger, log }: Pick<Desk, 'ledger' | 'log'>,
  { header, plan }: Planned,
): Promise<boolean> {
  const isOurs = await ledger.create(header, plan)
  if (isOurs) log.moved(header)
  return isOurs
}

/**
 * Stores what came of a header that was seen.
 *
 * @returns it, or undefined where another write came first: then stop, and render the change as it stands.
 */
export async function storeHeader(
  { ledger, log }: Pick<Desk, 'ledger' | 'log'>,
  next: Header,
  seen: Header,
): Promise<Header | undefined> {
  const isStored = await ledger.replace(next, seen)
  if (!isStored) return undefined
  if (next.history.length > seen.history.length) log.moved(next)
  return next
}

/** @throws GatewayError `not.found` */
export async function requireHeader({ ledger }: Pick<Desk, 'ledger'>, changeId: string): Promise<Header> {
  const header = await ledger.get(changeId)
  if (header) return header
  throw new GatewayError('not.found', `There is no change ${changeId}`)
}
