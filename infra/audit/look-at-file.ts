/**
 * One key of the chain as the bucket has it: which of its versions is the gateway's, and what is wrong with that one by
 * itself. By S3's own times, which nobody can set: the gateway writes when the day is over, so what was put before is not
 * its own, and of what came after the first counts, since nobody can make another first.
 */
import { isUtf8 } from 'node:buffer'
import * as z from 'zod/mini'
import { AuditFileEnd, AuditFileHead, sha256Of } from '../../lib/audit/audit-file.ts'
import { canonicalJson } from '../../lib/changes/model/record-ids.ts'
import { jsonOf } from '../../lib/json.ts'
import { endOfDay, isoOf } from '../../lib/utc-day.ts'

/** Bytes that were put under a key. */
export interface FoundVersion {
  readonly versionId: string
  /** When S3 took it, epoch milliseconds. */
  readonly atMs: number
  /** The same for the same bytes, where S3 says one. */
  readonly etag?: string | undefined
  readonly read: () => Promise<Uint8Array>
}

/** A key as the bucket has it. */
export interface FoundFile {
  readonly key: string
  /** The oldest first; none where only delete markers are left. */
  readonly versions: readonly FoundVersion[]
  readonly deleteMarkers: number
}

/** Something wrong with the chain. */
export interface Break {
  readonly key: string
  /** From 1, where it is one line that says so. */
  readonly line?: number | undefined
  readonly what: string
}

/** A file that was looked at. */
export interface LookedFile {
  readonly key: string
  readonly day: string
  readonly sha256: string
  /** What its first line says; undefined where that is none. */
  readonly head?: AuditFileHead | undefined
  readonly lines: number
  readonly breaks: readonly Break[]
  readonly notices: readonly string[]
}

/** A hash that the file must have, and who says so. */
export interface Wanted {
  readonly sha256: string
  readonly by: string
}

/**
 * A file comes an hour after its day, and a night in which S3 or the ledger cannot be reached is made up for in the morning.
 * What comes later than that is worth a question. Milliseconds.
 */
const LATE_MS = 12 * 3_600_000

/** @returns undefined where nothing was put under the key since its day was over. */
export async function lookAtFile(
  file: FoundFile,
  day: string,
  wanted: Wanted | undefined,
): Promise<LookedFile | undefined> {
  const { key } = file
  const since = file.versions.filter(({ atMs }) => atMs >= endOfDay(day))
  const [first] = since
  if (!first) return undefined
  const looked = lookAtBytes(key, day, await first.read())
  const isFirstIt = wanted === undefined || wanted.sha256 === looked.sha256
  const named = isFirstIt ? undefined : await versionOf(since.slice(1), wanted.sha256)
  if (isFirstIt || !named) return { ...looked, notices: noticesOf(file, day, first) }
  const what = `has a first version that ${wanted.by} does not name, put ${isoOf(first.atMs)}: what it names is the version ${named.version.versionId}, put ${isoOf(named.version.atMs)}. One of the two is not the gateway's; the rest is checked with the second`
  const instead = lookAtBytes(key, day, named.bytes)
  return {
    ...instead,
    breaks: [{ key, what }, ...instead.breaks],
    notices: noticesOf(file, day, named.version),
  }
}

async function versionOf(versions: readonly FoundVersion[], sha256: string) {
  for (const version of versions) {
    const bytes = await version.read()
    if (sha256Of(bytes) === sha256) return { version, bytes }
  }
  return undefined
}

function noticesOf({ key, versions, deleteMarkers }: FoundFile, day: string, counts: FoundVersion): string[] {
  const notices: string[] = []
  const early = versions.filter(({ atMs }) => atMs < endOfDay(day))
  // A put whose answer was lost is done again: the same bytes twice say nothing.
  const later = versions.filter(
    ({ atMs, versionId, etag }) =>
      atMs >= endOfDay(day) && versionId !== counts.versionId && (etag === undefined || etag !== counts.etag),
  )
  if (early.length > 0)
    notices.push(
      `${key} has ${early.length} versions that were put before its day was over, the first ${isoOf(early[0]?.atMs ?? 0)}: not by the gateway, and they do not count`,
    )
  if (later.length + deleteMarkers > 0)
    notices.push(
      `${key} has ${later.length + deleteMarkers} more versions or delete markers: somebody wrote over it or deleted it. The first version since its day was over counts`,
    )
  if (counts.atMs - endOfDay(day) > LATE_MS)
    notices.push(
      `${key} was put ${isoOf(counts.atMs)}, ${Math.floor((counts.atMs - endOfDay(day)) / 3_600_000)} hours after its day was over: until then nothing kept what it says`,
    )
  return notices
}

function lookAtBytes(key: string, day: string, bytes: Uint8Array): Omit<LookedFile, 'notices'> {
  const breaks: Break[] = []
  const rows = Buffer.from(bytes).toString('utf8').split('\n')
  const broken = (what: string, line?: number) => void breaks.push({ key, line, what })
  if (!isUtf8(bytes)) broken('is no UTF-8')
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
  if (!end) broken('is not the line that counts the others', Math.max(1, rows.length))
  else if (end.lines !== rows.length - 2)
    broken(`counts ${end.lines} lines, and there are ${rows.length - 2}`, rows.length)
  return { key, day, sha256: sha256Of(bytes), head, lines: Math.max(0, rows.length - 2), breaks }
}
