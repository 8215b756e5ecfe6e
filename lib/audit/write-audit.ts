/**
 * The record that can be checked: each UTC day's changes, decisions and differences leave as a file for a bucket in which
 * nothing is deleted or written over, each with the hash of the one before. The ledger's records and the chain's head come
 * in, files and the next head go out. Start here: `lines-of-day.ts` says what is in a file, `audit-file.ts` what a file is.
 *
 * A file is put first and the head is moved after, so a run that ends in between is done again with the same bytes. What is
 * there already may be these, or what somebody put in their place, and who may not read cannot tell: then they are put beside
 * it, as one more version, so that the day's record is in the bucket whatever was there. The head says beforehand what is
 * coming, so what is there where nobody of ours has tried to put is somebody else's, and is told. Days go one after another,
 * also those that were missed.
 */
import { randomId } from '../changes/model/record-ids.ts'
import type { Clock, Deadline } from '../clock.ts'
import { dayAfter, startOfDay, utcDayOf } from '../utc-day.ts'
import { type ChainOwner, makeAuditFile } from './audit-file.ts'
import type { AuditBucket, AuditFile, AuditHead, AuditLog, PutResult } from './audit-port.ts'
import { type DaySources, linesOfDay } from './lines-of-day.ts'

/**
 * After the end of a day nothing of it goes on record any more: a record's time is the clock of the invocation that makes
 * it, which lives for half a minute, and clocks differ by seconds. A reading that is still being compared says so itself.
 * An hour is plenty. Milliseconds.
 */
const SETTLED_AFTER_MS = 3_600_000

/** With less of the invocation's time left no further day is begun, milliseconds; the next run goes on. */
const MIN_REMAINING_MS = 5_000

export interface AuditWork extends Pick<DaySources, 'ledger' | 'inventory'> {
  readonly owner: ChainOwner
  readonly bucket: AuditBucket
  readonly log: AuditLog
  readonly clock: Pick<Clock, 'nowMs'>
  readonly deadline: Deadline
}

/**
 * Writes the files of all days that are over and have none.
 *
 * @throws GatewayError or the SDK's error where one cannot be written; the next run begins with it again.
 */
export async function writeAudit(work: AuditWork): Promise<void> {
  const { clock, deadline, log } = work
  let head = await beginChain(work)
  try {
    while (isDayOver(head.nextDay, clock.nowMs()) && deadline.remainingMs() > MIN_REMAINING_MS)
      head = await writeDay(work, head)
  } finally {
    log.noteAge(Math.max(0, clock.nowMs() - startOfDay(head.nextDay)))
  }
}

/** Whether a day is over, and nothing of it is still to come. */
export function isDayOver(day: string, nowMs: number): boolean {
  return nowMs >= startOfDay(dayAfter(day)) + SETTLED_AFTER_MS
}

/** The first head goes on record before the first file: two runs that begin a chain begin the same one. */
async function beginChain({ ledger, clock }: AuditWork): Promise<AuditHead> {
  const seen = await ledger.auditHead()
  if (seen) return seen
  const nowMs = clock.nowMs()
  const first: AuditHead = { sinceMs: nowMs, nextDay: utcDayOf(nowMs), writeId: randomId() }
  return (await ledger.putAuditHead(first, undefined)) ? first : await requireHead({ ledger })
}

async function writeDay(work: AuditWork, seen: AuditHead): Promise<AuditHead> {
  const { ledger, inventory, bucket, owner, log } = work
  const { nextDay: day, sinceMs } = seen
  const lines = await linesOfDay({ ledger, inventory, orgId: owner.orgId }, day)
  const { file, bytes } = makeAuditFile(owner, seen, lines)
  const { head, isFirst } = await announce(work, seen, file)
  const next: AuditHead = { sinceMs, nextDay: dayAfter(day), last: file, writeId: randomId() }
  if (head.nextDay !== day) return await meetAnother(work, next)
  const put = await putFile(work, head, { file, bytes })
  const was = put === 'there' && !isFirst ? 'repeated' : put
  if (was !== 'put') {
    if ((await requireHead({ ledger })).nextDay !== day) return await meetAnother(work, next)
    if (was === 'there') log.noteMet({ ...file, day })
    await bucket.putBeside(file, bytes)
  }
  if (!(await ledger.putAuditHead(next, head))) return await meetAnother(work, next)
  log.noteFile({ ...file, day, bytes: bytes.length, records: lines.length }, was)
  return next
}

/** @returns the head that says what is coming, and whether nobody had said so before. */
async function announce({ ledger }: AuditWork, seen: AuditHead, coming: AuditFile) {
  if (seen.coming) return { head: seen, isFirst: false }
  const next: AuditHead = { ...seen, coming, writeId: randomId() }
  if (await ledger.putAuditHead(next, seen)) return { head: next, isFirst: true }
  return { head: await requireHead({ ledger }), isFirst: false }
}

/** What the bucket has refused is not coming any more: what is there later is not ours. */
async function putFile(
  { ledger, bucket }: AuditWork,
  { coming: _, ...head }: AuditHead,
  { file, bytes }: { readonly file: AuditFile; readonly bytes: Uint8Array },
): Promise<PutResult> {
  try {
    return await bucket.put(file, bytes)
  } catch (error) {
    // Why it was refused is what somebody must hear, whatever becomes of this.
    if (error instanceof Error && 'isRefused' in error && error.isRefused === true)
      await ledger.putAuditHead({ ...head, writeId: randomId() }, head).catch(() => false)
    throw error
  }
}

/** Another run was at the same day. @throws Error where it made other bytes of it, which only a fault of ours can do. */
async function meetAnother({ ledger }: AuditWork, { nextDay, last }: AuditHead): Promise<AuditHead> {
  const stands = await requireHead({ ledger })
  if (stands.nextDay !== nextDay || stands.last?.sha256 === last?.sha256) return stands
  throw new Error(
    `Two runs made different files of one day: ${last?.key} is ${stands.last?.sha256} on record, and ${last?.sha256} here`,
  )
}

async function requireHead({ ledger }: Pick<AuditWork, 'ledger'>): Promise<AuditHead> {
  const head = await ledger.auditHead()
  if (head) return head
  throw new Error(
    'The head of the audit chain is not on record any more, though nobody may delete: look at the table',
  )
}
