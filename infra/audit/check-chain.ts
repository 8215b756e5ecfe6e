/**
 * Whether a chain of audit files is whole, and where it breaks. What is found in a bucket comes in, key by key; what is
 * wrong with it goes out, in the order of the days. `look-at-file.ts` says which version of a key counts.
 */
import type { AuditFileHead } from '../../lib/audit/audit-file.ts'
import { dayOfKey, isNamedAsFile, keyOfDay } from '../../lib/audit/audit-key.ts'
import type { AuditFile } from '../../lib/audit/audit-port.ts'
import { dayAfter, endOfDay, utcDayOf } from '../../lib/utc-day.ts'
import { type Break, type FoundFile, type LookedFile, lookAtFile, type Wanted } from './look-at-file.ts'

export interface ChainChecked {
  readonly breaks: readonly Break[]
  /** What is strange and breaks nothing. */
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
  /** The newest file, as the ledger has it; the tail cannot be judged without. */
  readonly head?: AuditFile | undefined
  /** The hash of any file, as somebody has noted it once. */
  readonly noted?: string | undefined
  /** The newest day that must have its file by now. */
  readonly newestDay: string
  /** Epoch milliseconds: a day that is not over has no file. */
  readonly nowMs: number
}

/** A key with its day. */
type Dated = readonly [day: string, file: FoundFile]

/** @param files of one bucket, in the order of their keys. @throws what reading one throws. */
export async function checkChain(files: Iterable<FoundFile>, expected: ChainExpected): Promise<ChainChecked> {
  const { dated, empty, breaks, notices } = sortOut(files, expected)
  const looked: LookedFile[] = []
  // From the newest on: each says which bytes the one before it must have.
  for (const [day, file] of dated.toReversed()) {
    const found = await lookAtFile(file, day, wantedOf(day, looked[0], expected.head))
    if (found) looked.unshift(found)
    else {
      empty.add(day)
      breaks.push({ key: file.key, what: 'was put before its day was over, and so not by the gateway' })
    }
  }
  const chain = fromItsStart(looked, breaks)
  for (const file of chain) {
    breaks.push(...file.breaks)
    notices.push(...file.notices)
  }
  breaks.push(...linksOf(chain), ...endFaults(chain, empty, expected))
  notices.push(...notedNotices(chain, expected))
  const [first] = chain
  const newest = chain.at(-1)
  return {
    breaks: breaks.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)),
    notices,
    files: chain.length,
    lines: chain.reduce((sum, { lines }) => sum + lines, 0),
    from: first?.day,
    to: newest?.day,
    sha256: newest?.sha256,
    stack: chain.find(({ head }) => head)?.head?.stack,
  }
}

/** Keys that cannot be the chain's are one fault each, and nothing is concluded from them. */
function sortOut(files: Iterable<FoundFile>, { nowMs }: ChainExpected) {
  const dated: Dated[] = []
  /** Days whose key has nothing that counts, which is a fault already. */
  const empty = new Set<string>()
  const breaks: Break[] = []
  const notices: string[] = []
  for (const file of files) {
    const { key, versions } = file
    const day = dayOfKey(key)
    if (day === undefined) {
      if (isNamedAsFile(key)) breaks.push({ key, what: 'is called after no day' })
      else notices.push(`${key} is no file of the chain`)
    } else if (versions.length === 0) {
      breaks.push({ key, what: 'is missing: it has no version any more, only delete markers' })
      empty.add(day)
    } else if (endOfDay(day) > nowMs) {
      breaks.push({ key, what: 'is of a day that is not over: the gateway did not write it' })
    } else {
      dated.push([day, file])
    }
  }
  return { dated, empty, breaks, notices }
}

/** What others say of a day's file: the one after it, or the ledger. */
function wantedOf(
  day: string,
  after: LookedFile | undefined,
  head: AuditFile | undefined,
): Wanted | undefined {
  if (head?.key === keyOfDay(day)) return { sha256: head.sha256, by: 'the ledger' }
  const previous = after?.day === dayAfter(day) ? after.head?.previous : undefined
  return after && previous?.key === keyOfDay(day) ? { sha256: previous.sha256, by: after.key } : undefined
}

/** The chain begins with the file that says so; a key of a day before is none of it. */
function fromItsStart(looked: readonly LookedFile[], breaks: Break[]): readonly LookedFile[] {
  const start = looked.findIndex(({ day, head }) => head?.previous === null && head.day === day)
  for (const { key } of looked.slice(0, Math.max(0, start)))
    breaks.push({ key, what: `is of a day before the first, which is ${looked[start]?.day}` })
  return looked.slice(Math.max(0, start))
}

function linksOf(chain: readonly LookedFile[]): Break[] {
  const first = chain[0]
  const owner = chain.find(({ head }) => head)?.head
  return [
    ...(first ? startFaults(first) : []),
    ...chain.slice(1).flatMap((file, n) => linkFaults(chain[n], file)),
    ...(owner ? chain.flatMap((file) => ownerFaults(owner, file)) : []),
  ]
}

function startFaults({ key, day, head }: LookedFile): Break[] {
  if (!head) return []
  if (head.previous)
    return [{ key: head.previous.key, what: `is missing: ${key}, the first that is there, follows it` }]
  const began = utcDayOf(Date.parse(head.since))
  return began === day
    ? []
    : [{ key, line: 1, what: `says that the chain began on ${began}, and that nothing comes before ${day}` }]
}

/** A hash says that one of the two was changed; which, the file before that one's own link and the others tell. */
function linkFaults(before: LookedFile | undefined, { key, day, head }: LookedFile): Break[] {
  if (!head || !before || dayAfter(before.day) !== day) return []
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

function ownerFaults(of: AuditFileHead, { key, head }: LookedFile): Break[] {
  if (!head || (head.stack === of.stack && head.orgId === of.orgId && head.since === of.since)) return []
  return [
    {
      key,
      line: 1,
      what: `is of ${head.stack} and the org ${head.orgId}, since ${head.since}, in a chain of ${of.stack} and ${of.orgId}, since ${of.since}`,
    },
  ]
}

/** What is missing or too much shows by what others know of the chain, and by the calendar. */
function endFaults(
  chain: readonly LookedFile[],
  empty: ReadonlySet<string>,
  { head, noted, newestDay }: ChainExpected,
): Break[] {
  const headDay = head && dayOfKey(head.key)
  const known = headDay !== undefined && headDay > newestDay ? headDay : newestDay
  const [first] = chain
  if (!first) {
    const key = head?.key ?? (noted === undefined ? undefined : keyOfDay(known))
    return key === undefined ? [] : [{ key, what: 'is missing, and so is every other file' }]
  }
  const breaks: Break[] = []
  const days = new Map(chain.map((file) => [file.day, file]))
  const newest = chain.at(-1) ?? first
  const end = newest.day > known ? newest.day : known
  for (let day = first.day; day <= end; day = dayAfter(day))
    if (!days.has(day) && !empty.has(day)) breaks.push({ key: keyOfDay(day), what: 'is missing' })
  if (head && headDay !== undefined) {
    const file = days.get(headDay)
    if (file && file.sha256 !== head.sha256)
      breaks.push({
        key: file.key,
        what: `was changed somewhere in it: on record is the SHA-256 ${head.sha256}, and the file has ${file.sha256}`,
      })
    for (const { key, day } of chain)
      if (day > headDay)
        breaks.push({
          key,
          what: `is later than the newest that the ledger knows, ${head.key}: the gateway did not write it, or was ended in the middle, and then the next hour puts it right`,
        })
  }
  if (noted !== undefined && !chain.some(({ sha256 }) => sha256 === noted))
    breaks.push({
      key: newest.key,
      what: `ends a chain in which no file has the SHA-256 ${noted} that was noted`,
    })
  return breaks
}

function notedNotices(chain: readonly LookedFile[], { noted }: ChainExpected): string[] {
  const file = chain.find(({ sha256 }) => sha256 === noted)
  return file && file !== chain.at(-1)
    ? [`the hash that was noted is that of ${file.key}: what comes after it, it says nothing of`]
    : []
}
