/**
 * What belongs together is written together. A change, what lists find it by, its locks and its journal are one
 * transaction where they fit into one; of a large change the rows that nothing guards are put before it, in transactions
 * of their own. They count for nothing before a header names them.
 */
import type { EvidenceRow } from '../changes/model/change.ts'
import { isLedgerDown } from '../changes/model/failure.ts'
import type { Header, Planned } from '../changes/model/header.ts'
import { randomId } from '../changes/model/record-ids.ts'
import {
  type Commit,
  type Ledger,
  type LedgerWrite,
  type Lock,
  MAX_GUARDED_WRITES,
  type RepeatPointer,
} from '../changes/record/ledger.ts'
import { journalItem, partRowName, rowItem, standsForAll } from './dynamo-changes.ts'
import { indexRows } from './dynamo-lists.ts'
import { lockIn, lockPut, pointerIn, pointerPut } from './dynamo-locks.ts'
import {
  canBeKept,
  cutToFit,
  headerItem,
  headerOf,
  recordBytes,
  refuseUnstorable,
  storedEvidence,
  storedPlan,
} from './stored-items.ts'
import { absent, all, type Condition, either } from './table/conditions.ts'
import type { Item } from './table/keys.ts'
import { movedRowsOf } from './table/moved-rows.ts'
import type { Store } from './table/store.ts'
import { MAX_TRANSACTION_ITEMS, type Put, type PutAnswer } from './table/transact.ts'
import { isRefusedOutright } from './table/unavailable.ts'

type Done = Extract<Commit, { kind: 'done' }>
type Refused = Extract<Commit, { kind: 'refused' }>

/** The form of a header that keeps rows: to a reader of the form before it would name rows that are missing. */
const KEEPING = 2

/** A write as items. */
interface Packed {
  readonly write: LedgerWrite
  /** The put that depends on what stands there. */
  readonly guarded?: Put
  /** What is put once, under keys that nothing else has, and counts for nothing before a header names it. */
  readonly rows: readonly Item[]
  /** What counts from the moment that it is put. */
  readonly journal?: Item
  /** As they will be on record. */
  readonly header?: Header
  readonly evidence?: { readonly name: string; readonly kept: EvidenceRow }
}

export function commits(store: Store): Pick<Ledger, 'commit'> {
  return {
    async commit(writes) {
      const packed = writes.map(pack)
      const guarded = packed.flatMap((each) => each.guarded ?? [])
      const rows = packed.flatMap((each) => each.rows)
      const journal = packed.flatMap((each) => each.journal ?? [])
      const together = guarded.length + journal.length
      const room = MAX_GUARDED_WRITES - together
      if (room < 0) throw new Error(`${together} writes that go together do not fit into one transaction`)
      const left = Math.max(0, rows.length - room)
      const early = rows.splice(0, Math.ceil(left / MAX_TRANSACTION_ITEMS) * MAX_TRANSACTION_ITEMS)
      await store.transactAll(early)
      const answer = await putTogether(packed, [
        ...guarded,
        ...[...journal, ...rows].map((item) => ({ item })),
      ])
      return answer.kind === 'done' ? doneAs(packed) : refusedBy(packed, answer)
    },
  }

  /** @throws GatewayError `outcome.unknown` where a new header may stand or not. */
  async function putTogether(packed: readonly Packed[], puts: readonly Put[]): Promise<PutAnswer> {
    try {
      return await store.transact(puts)
    } catch (error) {
      const created = packed.find(({ write }) => write.kind === 'create')?.header
      if (!created || !isLedgerDown(error) || isRefusedOutright(error)) throw error
      if (await standsForAll(store, created, error)) return { kind: 'done' }
      throw error
    }
  }
}

function pack(write: LedgerWrite): Packed {
  switch (write.kind) {
    case 'create':
      return packCreate(write)
    case 'replace':
      return packReplace(write)
    case 'lock':
      return { write, guarded: lockPut(write.key, write.next, write.seen), rows: [] }
    case 'pointer':
      return { write, guarded: pointerPut(write.key, write.next, write.seen), rows: [] }
    case 'journal':
      return { write, rows: [], journal: journalItem(write.row, randomId()) }
  }
}

function packCreate(write: Extract<LedgerWrite, { kind: 'create' }>): Packed {
  const { header, plan } = write
  const planned = keepPlan(header, write)
  const seen = keepEvidence(planned.header, write.evidence)
  refuseUnstorable('This change', seen.header)
  return {
    write,
    ...seen,
    guarded: newHeaderPut(seen.header),
    rows: [...planned.rows, ...indexRows(header, plan), ...seen.rows, ...movedRowsOf(header)],
  }
}

/** A plan goes into its header where it is small, else into a row beside it; what parts are to do always does. */
function keepPlan(
  header: Header,
  { plan, parts = [] }: Pick<Planned, 'plan' | 'parts'>,
): Pick<Packed, 'rows'> & { readonly header: Header } {
  const partRows = parts.map((part, n) =>
    rowItem(header.id, partRowName(header.planRow, n), storedPlan(part)),
  )
  if (canBeKept(refuseUnstorable('This change', plan))) {
    const keeping: Header = { ...header, schema: KEEPING, keptPlan: { name: header.planRow, row: plan } }
    return { header: keeping, rows: partRows }
  }
  return { header, rows: [...partRows, rowItem(header.id, header.planRow, storedPlan(plan))] }
}

function packReplace(write: Extract<LedgerWrite, { kind: 'replace' }>): Packed {
  const kept = write.planned ? keepPlan(write.next, write.planned) : { header: write.next, rows: [] }
  const seen = keepEvidence(kept.header, write.evidence)
  refuseUnstorable('The record of this change', seen.header)
  const index = write.planned ? indexRows(write.next, write.planned.plan) : []
  const rows = [...kept.rows, ...index, ...seen.rows, ...movedRowsOf(write.next, write.seen.history)]
  return { write, ...seen, rows, guarded: nextHeaderPut(seen.header, write.seen) }
}

/** Evidence goes into the header that names it, or into a row beside it. */
function keepEvidence(
  header: Header,
  evidence: EvidenceRow | undefined,
): Pick<Packed, 'rows' | 'evidence'> & { readonly header: Header } {
  const { id, evidenceRow: name } = header
  if (evidence === undefined) return { header, rows: [] }
  if (name === undefined) throw new Error(`The change ${id} is to have evidence, and its header names none`)
  const bytes = recordBytes(evidence)
  if (canBeKept(bytes)) {
    const keeping: Header = { ...header, schema: KEEPING, keptEvidence: { name, row: evidence } }
    return { header: keeping, rows: [], evidence: { name, kept: evidence } }
  }
  const kept = cutToFit(evidence, bytes)
  return { header, rows: [rowItem(id, name, storedEvidence(kept))], evidence: { name, kept } }
}

function doneAs(packed: readonly Packed[]): Done {
  return {
    kind: 'done',
    headers: new Map(packed.flatMap(({ header }) => (header ? [[header.id, header]] : []))),
    evidence: new Map(packed.flatMap(({ evidence }) => (evidence ? [[evidence.name, evidence.kept]] : []))),
  }
}

function refusedBy(
  packed: readonly Packed[],
  { standing }: Extract<PutAnswer, { kind: 'refused' }>,
): Refused {
  const headers = new Map<string, Header | undefined>()
  const locks = new Map<string, Lock | undefined>()
  const pointers = new Map<string, RepeatPointer | undefined>()
  // Conditional puts come first in a transaction, in the order of the writes.
  const guarded = packed.filter((each) => each.guarded)
  for (const [place, item] of standing) {
    const { write, header } = guarded[place] ?? {}
    if (header) headers.set(header.id, headerOf(item))
    else if (write?.kind === 'lock') locks.set(write.key, item && lockIn(item))
    else if (write?.kind === 'pointer') pointers.set(write.key, pointerIn(item))
  }
  return { kind: 'refused', headers, locks, pointers }
}

function newHeaderPut(header: Header): Put {
  return { item: headerItem(header), condition: either(absent, ifWritten(header)) }
}

function nextHeaderPut(next: Header, seen: Pick<Header, 'version' | 'owner'>): Put {
  const ifUnmoved = all(ifAsSeen(seen), ...ifNothingIsLost(next))
  return { item: headerItem(next), condition: either(ifUnmoved, ifWritten(next)) }
}

/** A try may have been stored and its answer lost, so that its repetition meets itself: then the record is ours. */
function ifWritten({ writeId }: Header): Condition {
  return {
    expression: '#record.#writeId = :writeId',
    names: { '#record': 'record', '#writeId': 'writeId' },
    values: { ':writeId': writeId },
  }
}

function ifAsSeen({ version, owner }: Pick<Header, 'version' | 'owner'>): Condition {
  const ofOwner = owner === undefined ? 'attribute_not_exists(#record.#owner)' : '#record.#owner = :owner'
  return {
    expression: `#record.#schema IN (:plain, :keeping) AND #record.#version = :version AND ${ofOwner}`,
    names: { '#record': 'record', '#schema': 'schema', '#version': 'version', '#owner': 'owner' },
    values: {
      ':plain': 1,
      ':keeping': 2,
      ':version': version,
      ...(owner !== undefined && { ':owner': owner }),
    },
  }
}

/** What a header keeps stands nowhere else: one that was built without it does not take its place. */
function ifNothingIsLost({ planRow, evidenceRow, keptPlan, keptEvidence }: Header): Condition[] {
  const lost: Condition[] = []
  if (keptPlan?.name !== planRow) lost.push(ifNotKept('keptPlan', planRow))
  if (evidenceRow !== undefined && keptEvidence?.name !== evidenceRow) {
    lost.push(ifNotKept('keptEvidence', evidenceRow))
  }
  return lost
}

function ifNotKept(member: 'keptPlan' | 'keptEvidence', row: string): Condition {
  return {
    expression: `attribute_not_exists(#record.#${member}) OR #record.#${member}.#name <> :${member}`,
    names: { '#record': 'record', [`#${member}`]: member, '#name': 'name' },
    values: { [`:${member}`]: row },
  }
}
