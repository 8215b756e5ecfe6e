/** How a header moves: each arrow is one write under an optimistic lock, and appends to the history. */

import { GatewayError } from '../../errors.ts'
import type { EvidenceRow } from '../model/change.ts'
import { isTold } from '../model/change-events.ts'
import { dueAtOf } from '../model/due.ts'
import { stateConflict } from '../model/failure.ts'
import { checkHeader, type Header, type HeaderMembers, type Planned } from '../model/header.ts'
import { randomId } from '../model/record-ids.ts'
import { arrowOf, type ChangeState, type Mover, strangersTo } from '../model/transitions.ts'
import type { Desk } from './desk.ts'
import type { LedgerWrite } from './ledger.ts'
import type { JournalRow } from './pair-journal.ts'

export interface Move {
  readonly state: ChangeState
  /** Who takes the arrow: it is refused to anybody but whom `transitions.ts` names. */
  readonly as: Mover
  /** Whom the history names: a principal where a person decided, else the part of the gateway. */
  readonly by: string
  readonly note?: string | undefined
  /** Other members that change with it. */
  readonly with?: Partial<HeaderMembers>
}

/**
 * @returns the header after the move, not yet stored.
 * @throws Error that names the arrow, where it is none, or where the header would lack what it then must carry.
 */
export function moveHeader(
  header: Header,
  { state, as, by, note, with: members }: Move,
  nowMs: number,
): Header {
  const { carries } = arrowOf(header.state, state, as)
  const seen: HeaderMembers = header
  const version = header.version + 1
  const next: HeaderMembers = {
    ...seen,
    // Where the event of the state before has not gone out, nobody needs it any more; and what was put off has come about.
    eventVersion: isTold(header, state, nowMs) ? version : undefined,
    workPutOff: undefined,
    tellingPutOff: undefined,
    ...Object.fromEntries(strangersTo(state).map((member) => [member, undefined])),
    ...members,
    state,
    version,
    writeId: randomId(),
    updatedAtMs: nowMs,
    history: [...header.history, { state, atMs: nowMs, by, note }],
  }
  return dateHeader(checkHeader(next, carries))
}

/** The header with other members and no new entry in its history: bookkeeping, such as an event that has gone out. */
export function amendHeader(
  header: Header,
  members: Partial<Omit<HeaderMembers, 'state'>>,
  nowMs: number,
  dueAtMs?: number,
): Header {
  const seen: HeaderMembers = header
  const next = { ...seen, ...members, version: header.version + 1, writeId: randomId(), updatedAtMs: nowMs }
  return dateHeader(checkHeader(next), dueAtMs)
}

/** Of the 380 kB that the ledger keeps of a header: what is left is for what must still follow, however it ends. Bytes. */
const MAX_REPEATED_BYTES = 300_000

/**
 * For what people may ask of a change again and again: each time is kept, and once its record is nearly full only what
 * ends it is.
 *
 * @param instead what can be done about it, without a stop.
 * @throws GatewayError `change.state.conflict`
 */
export function refuseFull(header: Header, instead: string): void {
  if (Buffer.byteLength(JSON.stringify(header)) <= MAX_REPEATED_BYTES) return
  throw stateConflict(
    header,
    `The record of the change ${header.id} is full: ${header.history.length} steps are kept of it, and the room that is left is for those that end it; ${instead}`,
  )
}

/** @param header a new one, or one whose time to be looked at has changed. */
export function dateHeader(header: Header, putOffMs?: number): Header {
  return { ...header, dueAtMs: putOffMs ?? dueAtOf(header) }
}

/**
 * Puts a new change on record. It is logged once it stands: of two that are made at once the other never was.
 *
 * @param beside is put by the same write, or none of it.
 * @returns it as it stands; undefined where nothing was put, since there is one already, or something else was in the way.
 * @throws what `Ledger.commit` throws.
 */
export async function putNewChange(
  { ledger, log }: Pick<Desk, 'ledger' | 'log'>,
  { header, plan, parts, evidence }: Planned & Pick<Beside, 'evidence'>,
  beside: readonly LedgerWrite[] = [],
): Promise<Header | undefined> {
  arrowOf(undefined, header.state, 'planner')
  const written = await ledger
    .commit([{ kind: 'create', header, plan, parts, evidence }, ...beside])
    .catch((error: unknown) => {
      if (isUnclear(error)) log.noteMove(header)
      throw error
    })
  if (written.kind === 'refused') return undefined
  const stored = written.headers.get(header.id) ?? header
  log.noteMove(stored)
  return stored
}

/** It may stand, and whoever finds it then logs only what comes after: rather a line too much than none. */
function isUnclear(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'outcome.unknown'
}

/**
 * What came of one step. `advanced`: its write went through, and another step may follow. `waits`: there is nothing to do
 * now. `overtaken`: another write came first, and what is on record counts. `stopped`: the ledger failed in the middle;
 * it stays as it was seen last, and the tick takes it up.
 */
export type StepTaken = Stored | { readonly kind: 'waits' | 'stopped'; readonly header: Header }
type Stored = { readonly kind: 'advanced'; readonly header: Header } | { readonly kind: 'overtaken' }

/** What is put on record by the same write as a header. */
export interface Beside {
  /** Of the name that the header gives. */
  readonly evidence?: EvidenceRow | undefined
  readonly journal?: JournalRow | undefined
  /** Of a list that has been planned, or cannot be. */
  readonly planned?: Pick<Planned, 'plan' | 'parts'> | undefined
  /** Of other records. */
  readonly also?: readonly LedgerWrite[] | undefined
}

/** Stores what came of a header that was seen. */
export async function storeHeader(
  { ledger, log }: Pick<Desk, 'ledger' | 'log'>,
  next: Header,
  seen: Header,
  { evidence, journal, planned, also = [] }: Beside = {},
): Promise<Stored> {
  const written = await ledger.commit([
    { kind: 'replace', next, seen, evidence, planned },
    ...journalWrites(journal),
    ...also,
  ])
  if (written.kind === 'refused') return { kind: 'overtaken' }
  const header = written.headers.get(next.id) ?? next
  if (next.history.length > seen.history.length) log.noteMove(header)
  return { kind: 'advanced', header }
}

export function journalWrites(row: JournalRow | undefined): readonly LedgerWrite[] {
  return row === undefined ? [] : [{ kind: 'journal', row }]
}

/** @throws GatewayError `not.found` */
export async function requireHeader({ ledger }: Pick<Desk, 'ledger'>, changeId: string): Promise<Header> {
  const header = await ledger.get(changeId)
  if (header) return header
  throw new GatewayError('not.found', `There is no change ${changeId}`)
}
