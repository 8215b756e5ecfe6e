/**
 * Whether a chain of audit files is whole, and where it breaks. What is found in a bucket comes in, file by file; what is
 * wrong with it goes out, in the order of the days. Only the first version of a key counts: nobody can make another first.
 */
import * as z from 'zod/mini'
import { AuditFileEnd, AuditFileHead, sha256Of } from '../../lib/audit/audit-file.ts'
import { dayOfKey, keyOfDay } from '../../lib/audit/audit-key.ts'
import { canonicalJson } from '../../lib/changes/model/record-ids.ts'
import { jsonOf } from '../../lib/json.ts'
import { dayAfter } from '../../lib/utc-day.ts'

/** A key as the bucket has it. */
export interface FoundFile {
  readonly key: string
  /** Versions and delete markers beside the first version. */
  readonly later: number
  /** Reads the first version. */
  readonly read: () => Promise<Uint8Array>
}

/** The newest file, as somebody else than the bucket has it: the ledger, or who wrote the log's line down. */
export interface KnownHead {
  /** Absent where only the hash is known. */
  readonly key?: string | undefined
  readonly sha256: string
}

/** Something wrong with the chain. */
export interface Break {
  readonly key: string
  /** From 1, where it is one line that says so. */
  readonly line?: number | undefined
  readonly what: string
}

export interface ChainChecked {
  readonly breaks: readonly Break[]
  /** What is strange and breaks nothing: the first versions stand. */
  readonly notices: readonly string[]
  readonly files: number
  readonly lines: number
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** The newest file's. */
  readonly sha256?: string | undefined
  readonly stack?: string | undefined
}

export interface ChainExpected {
  /** What the ledger or the log says; the tail cannot be judged without. */
  readonly head?: KnownHead | undefined
  /** The newest day that must have its file by now. */
  readonly newestDay: string
}

/** A file that was looked at. */
interface Looked {
  readonly key: string
  readonly day: string
  readonly sha256: string
  readonly head?: AuditFileHead | undefined
}

/** @param files of one bucket, in the order of their keys. */
export async function checkChain(
  files: Iterable<FoundFile>,
  { head, newestDay }: ChainExpected,
): Promise<ChainChecked> {
  const breaks: Break[] = []
  const notices: string[] = []
  let before: Looked | undefined
  let first: Looked | undefined
  let count = 0
  let lines = 0
  for (const { key, later, read } of files) {
    const day = dayOfKey(key)
    if (day === undefined) {
      notices.push(`${key} is no file of the chain`)
      continue
    }
    if (later > 0)
      notices.push(
        `${key} has ${later} more versions or delete markers: somebody wrote over it or deleted it. Its first version counts`,
      )
    const bytes = await read()
    const looked = lookAt(key, day, bytes, breaks)
    count += 1
    lines += Math.max(0, looked.lines - 2)
    if (before) breaks.push(...missingBetween(before.day, day), ...linkFaults(before, looked))
    else if (looked.head?.previous) {
      breaks.push({
        key: looked.head.previous.key,
        what: `is missing: ${key}, the first that is there, follows it`,
      })
    }
    if (first?.head && looked.head) breaks.push(...ownerFaults(first.head, looked))
    first ??= looked
    before = looked
  }
  breaks.push(...tailFaults(before, head, newestDay))
  return {
    breaks,
    notices,
    files: count,
    lines,
    from: first?.day,
    to: before?.day,
    sha256: before?.sha256,
    stack: first?.head?.stack,
  }
}

/** What is wrong with a file by itself. */
function lookAt(
  key: string,
  day: string,
  bytes: Uint8Array,
  breaks: Break[],
): Looked & { readonly lines: number } {
  const text = Buffer.from(bytes).toString('utf8')
  const rows = text.split('\n')
  const sha256 = sha256Of(bytes)
  const broken = (what: string, line?: number) => void breaks.push({ key, line, what })
  if (rows.pop() !== '') broken('its last line has no end: something was cut off', rows.length + 1)
  const values = rows.map((row, n) => {
    const value = jsonOf(row)
    if (value === undefined) broken('is no JSON', n + 1)
    else if (canonicalJson(value) !== row) broken('is not as the gateway writes it', n + 1)
    return value
  })
  const { data: head } = z.safeParse(AuditFileHead, values[0])
  if (!head) broken('does not say what file it is', 1)
  else if (head.day !== day) broken(`is the file of ${head.day}, under the key of another day`, 1)
  const { data: end } = z.safeParse(AuditFileEnd, values.at(-1))
  if (!end) broken('is not the line that counts the others', rows.length)
  else if (end.lines !== rows.length - 2)
    broken(`counts ${end.lines} lines, and there are ${rows.length - 2}`, rows.length)
  return { key, day, sha256, head, lines: rows.length }
}

function missingBetween(from: string, to: string): Break[] {
  const missing: Break[] = []
  for (let day = dayAfter(from); day < to; day = dayAfter(day))
    missing.push({ key: keyOfDay(day), what: 'is missing' })
  return missing
}

/** A hash says that one of the two was changed; which, the file before that one's own link and the others tell. */
function linkFaults(before: Looked, { key, day, head }: Looked): Break[] {
  if (!head || dayAfter(before.day) !== day) return []
  if (head.previous === null)
    return [{ key, line: 1, what: `says that it is the first, and ${before.key} comes before it` }]
  if (head.previous.key !== before.key)
    return [{ key, line: 1, what: `follows ${head.previous.key}, and not ${before.key}` }]
  if (head.previous.sha256 === before.sha256) return []
  return [
    {
      key: before.key,
      what: `was changed somewhere in it, or line 1 of ${key} was: that names the SHA-256 ${head.previous.sha256}, and the file has ${before.sha256}`,
    },
  ]
}

function ownerFaults(of: AuditFileHead, { key, head }: Looked): Break[] {
  if (!head || (head.stack === of.stack && head.orgId === of.orgId && head.since === of.since)) return []
  return [
    {
      key,
      line: 1,
      what: `is of ${head.stack} and the org ${head.orgId}, in a chain of ${of.stack} and ${of.orgId}`,
    },
  ]
}

/** What is missing at the end shows by what others know of it, and by the calendar. */
function tailFaults(newest: Looked | undefined, head: KnownHead | undefined, newestDay: string): Break[] {
  const headDay = head?.key === undefined ? undefined : dayOfKey(head.key)
  const known = headDay !== undefined && headDay > newestDay ? headDay : newestDay
  if (!newest)
    return head ? [{ key: head.key ?? keyOfDay(known), what: 'is missing, and so is every other file' }] : []
  const missing = missingBetween(newest.day, dayAfter(known))
  if (!head || headDay !== newest.day || head.sha256 === newest.sha256) {
    const isHash = head && headDay === undefined && head.sha256 !== newest.sha256
    return isHash
      ? [
          ...missing,
          {
            key: newest.key,
            what: `is not the newest file that is known: that one has the SHA-256 ${head.sha256}`,
          },
        ]
      : missing
  }
  return [
    ...missing,
    {
      key: newest.key,
      what: `was changed somewhere in it: on record is the SHA-256 ${head.sha256}, and the file has ${newest.sha256}`,
    },
  ]
}
