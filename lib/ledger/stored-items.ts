/**
 * Records as items: what is stored of them beside themselves, how large they may be, and what is checked when they
 * are read.
 */
import * as z from 'zod/mini'
import type { EvidenceRow, PlanRow, Reading } from '../changes/model/change.ts'
import { type Header, type HeaderMembers, isWhole } from '../changes/model/header.ts'
import { endToTellOf, type ScheduleRecord, scheduleStates } from '../changes/model/schedule.ts'
import { changeStates, missingIn } from '../changes/model/transitions.ts'
import { GatewayError } from '../errors.ts'
import { headerKey, type Item, listPks, listSkOf, scheduleKey } from './table/keys.ts'

/** Records are our own writes: what matters is that they are of a shape that this version knows. */
const KnownHeader = z.looseObject({
  schema: z.literal([1, 2]),
  id: z.string(),
  state: z.enum(changeStates),
  version: z.int(),
})
const KnownSchedule = z.looseObject({
  schema: z.literal(1),
  id: z.string(),
  state: z.enum(scheduleStates),
  version: z.int(),
})

/** One partition holds all that is due: it is read once a minute, and only headers are written to it. */
export const DUE_PK = 'due'

export function headerItem(header: Header): Item {
  const { dueAtMs } = header
  return {
    ...headerKey(header.id),
    record: storedHeader(header),
    listPk: listPks.state(header.state),
    listSk: listSkOf(header),
    ...(dueAtMs !== undefined && { duePk: DUE_PK, dueAt: dueAtMs }),
  }
}

/** @throws GatewayError `ledger.record.unknown` */
export function headerOf(item: Item | undefined): Header | undefined {
  if (item === undefined) return undefined
  if (!KnownHeader.safeParse(item['record']).success) throw unknownRecord(item)
  const record = headerMembersOf(item['record'] as HeaderMembers)
  if (isWhole(record)) return record
  throw new GatewayError(
    'ledger.record.unknown',
    `The change ${record.id} is on record as ${record.state} and lacks what guards it there (${missingIn({ ...record }).join(', ')}), so it is left alone: somebody else has written it`,
  )
}

/** A row that is kept in a header goes once the header names another. */
function storedHeader({ keptPlan, keptEvidence, ...header }: Header): object {
  const { planRow, evidenceRow } = header
  return {
    ...header,
    ...(keptPlan?.name === planRow && { keptPlan: { ...keptPlan, row: storedPlan(keptPlan.row) } }),
    ...(keptEvidence?.name === evidenceRow &&
      keptEvidence && { keptEvidence: { ...keptEvidence, row: storedEvidence(keptEvidence.row) } }),
  }
}

function headerMembersOf(record: HeaderMembers): HeaderMembers {
  const { keptPlan, keptEvidence } = record
  return {
    ...record,
    ...(keptPlan && { keptPlan: { ...keptPlan, row: planOf(keptPlan.row) } }),
    ...(keptEvidence && { keptEvidence: { ...keptEvidence, row: evidenceOf(keptEvidence.row) } }),
  }
}

/** Beside the changes that are due, so that neither is read for the other. */
export const SCHEDULES_DUE_PK = 'due#schedules'

export function scheduleItem(record: ScheduleRecord): Item {
  const due = endToTellOf(record)
  return {
    ...scheduleKey(record.id),
    record,
    listPk: listPks.schedules,
    listSk: listSkOf(record),
    ...(due && { duePk: SCHEDULES_DUE_PK, dueAt: due.atMs }),
  }
}

/** @throws GatewayError `ledger.record.unknown` */
export function storedScheduleOf(item: Item | undefined): ScheduleRecord | undefined {
  if (item === undefined) return undefined
  if (!KnownSchedule.safeParse(item['record']).success) throw unknownRecord(item)
  return item['record'] as ScheduleRecord
}

/** What a row holds, where it is of this shape. @throws GatewayError `ledger.record.unknown` */
export function rowOf(item: Item): object {
  const { schema, row } = item
  if (schema !== 1 || typeof row !== 'object' || row === null) throw unknownRecord(item)
  return row
}

/** A reading that says nothing is null on record: a list of the SDK's drops what is undefined, and all after it would move up. */
type StoredReadings<R, Name extends keyof R> = Omit<R, Name> & { readonly [K in Name]?: (boolean | null)[] }

export function storedPlan({ before, ...plan }: PlanRow): StoredReadings<PlanRow, 'before'> {
  return { ...plan, ...(before && { before: before.map(orNull) }) }
}

export function planOf(row: object): PlanRow {
  const { before, ...plan } = row as StoredReadings<PlanRow, 'before'>
  return { ...plan, ...(before && { before: before.map(orUndefined) }) }
}

export function storedEvidence({ after, ...evidence }: EvidenceRow): StoredReadings<EvidenceRow, 'after'> {
  return { ...evidence, after: after.map(orNull) }
}

export function evidenceOf(row: object): EvidenceRow {
  const { after = [], ...evidence } = row as StoredReadings<EvidenceRow, 'after'>
  return { ...evidence, after: after.map(orUndefined) }
}

const orNull = (reading: Reading) => reading ?? null
const orUndefined = (stored: boolean | null): Reading => stored ?? undefined

/** For lists: one record of another version must not hide the others. @returns undefined in its place. */
export function ifKnown<T>(
  read: (item: Item | undefined) => T | undefined,
  item: Item | undefined,
): T | undefined {
  try {
    return read(item)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ledger.record.unknown') return undefined
    throw error
  }
}

export function unknownRecord({ pk }: Item): GatewayError {
  return new GatewayError(
    'ledger.record.unknown',
    `The record of ${pk.replace('#', ' ')} is none that this version of the gateway knows, so it is left alone: run the version that wrote it, or a newer one`,
  )
}

/** DynamoDB stores 400 kB in an item, names of attributes included; what is left is for its own way of counting. Bytes. */
const MAX_RECORD_BYTES = 380_000

/** JSON is no shorter than what DynamoDB counts, save a byte or two for small numbers. */
export function recordBytes(record: unknown): number {
  return Buffer.byteLength(JSON.stringify(record))
}

/** Of a member, in JSON: a quote within a text has a backslash before it. */
const EMPTY_NAME = /[{,]"":/

/**
 * A row of so many bytes is kept in the header, where it costs no write or read of its own, and is written again with
 * each move: half a dozen write units more for a change of one user, and a header is read by the half unit of 4 kB.
 */
const MAX_KEPT_BYTES = 3_000

/** @param bytes of a row. @returns whether it is small enough to be kept in its header. */
export function canBeKept(bytes: number): boolean {
  return bytes <= MAX_KEPT_BYTES
}

/**
 * @returns how many bytes it takes.
 * @throws GatewayError `request.entity.too.large` or `bad.request` rather than let DynamoDB refuse it.
 */
export function refuseUnstorable(what: string, record: unknown): number {
  const json = JSON.stringify(record)
  if (EMPTY_NAME.test(json)) {
    throw new GatewayError(
      'bad.request',
      `${what} would have a field without a name, and the ledger keeps none; leave that field out`,
    )
  }
  const bytes = Buffer.byteLength(json)
  if (bytes <= MAX_RECORD_BYTES) return bytes
  throw new GatewayError(
    'request.entity.too.large',
    `${what} would take ${bytes} bytes on record, and the ledger keeps at most ${MAX_RECORD_BYTES} of each; make several smaller changes`,
  )
}

/**
 * Evidence is of what has happened, so it is never refused: where it is too large, first what users hold besides goes,
 * then upstream's texts. What became of each target always stays.
 *
 * @param bytes how many it takes.
 */
export function cutToFit(evidence: EvidenceRow, bytes: number): EvidenceRow {
  if (bytes <= MAX_RECORD_BYTES) return evidence
  const { holdings: _holdings, ...rest } = evidence
  if (recordBytes(rest) <= MAX_RECORD_BYTES) return rest
  return { ...rest, texts: rest.texts.map(() => null) }
}
