/**
 * What is kept of a walk. A page's users wait for their checkpoint as bytes, off the heap. At the checkpoint they are put in
 * the order of their folded ids, in blocks that are each read alone and a stretch at a time: so many pieces are put in one
 * order without any of them being held. Who comes twice is kept as the earlier look had them.
 */
import * as z from 'zod/mini'
import type { LookedAt } from '../compare-person.ts'
import { foldId } from '../inventory-person.ts'
import { type DirectoryRow, PEOPLE_A_STRETCH, unzipStretches, zipStretches } from '../pack-reading.ts'

/** Of 500 people: some 10 to 60 kB, far from what one item of the ledger may be. */
const STRETCHES_A_BLOCK = 5

const [TAB, NEWLINE] = [9, 10]
const COMMA = Buffer.from(',')

/** Somebody whom the walk over licenses listed. */
export interface ListedUser extends Omit<LookedAt, 'licenses'> {
  readonly id: string
  /** Each once; undefined where the page did not say what they hold. */
  readonly licenses: readonly string[] | undefined
}

/** A page's users, and when it was asked for and answered, epoch milliseconds. */
export interface PackedPage extends Omit<LookedAt, 'licenses'> {
  /** Of each a line: the folded id, a tab, a row of JSON. */
  readonly lines: Uint8Array
}

/** Id, licenses; null where the page did not say. */
type ListedRow = readonly [id: string, licenses: readonly string[] | null]

/** Id, name, e-mail, state. */
type UserRow = readonly [id: string, name: string | null, email: string | null, state: string | null]

/** Of some people: when each one's page was asked for and answered, and their rows. It is looked at without a schema of each row, which would take a third of all the memory that putting a reading in order does. */
type Stretch<Row> = readonly [times: readonly Times[], rows: readonly Row[]]
type Times = readonly [askedAtMs: number, answeredAtMs: number]
const ListedStretch = z.custom<Stretch<ListedRow>>((value) => isStretch(value, isListedRow))
const UserStretch = z.custom<Stretch<UserRow>>((value) => isStretch(value, isUserRow))

function isStretch(value: unknown, isRow: (row: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false
  const [times, rows] = value
  return Array.isArray(times) && times.every(isTimes) && Array.isArray(rows) && rows.every(isRow)
}

function isTimes(times: unknown): boolean {
  return Array.isArray(times) && times.length === 2 && times.every(Number.isInteger)
}

function isListedRow(row: unknown): boolean {
  if (!Array.isArray(row) || typeof row[0] !== 'string') return false
  return row[1] === null || (Array.isArray(row[1]) && row[1].every((each) => typeof each === 'string'))
}

function isUserRow(row: unknown): boolean {
  if (!Array.isArray(row) || typeof row[0] !== 'string' || row.length !== 4) return false
  return row.every((each) => each === null || typeof each === 'string')
}

export function packListed({ id, licenses }: Pick<ListedUser, 'id' | 'licenses'>): string {
  return lineOf([id, licenses ?? null] satisfies ListedRow)
}

export function packDirectoryUser({ id, name, email, state }: DirectoryRow): string {
  return lineOf([id, name ?? null, email ?? null, state ?? null] satisfies UserRow)
}

/** No id has a tab, and JSON has none outside of texts, where it is written otherwise. */
function lineOf(row: readonly [id: string, ...rest: unknown[]]): string {
  return `${foldId(row[0])}\t${JSON.stringify(row)}\n`
}

interface Line {
  readonly key: string
  readonly page: PackedPage
  readonly json: Uint8Array
}

/** @param pages in the order in which they were read. */
export async function packBlocks(pages: readonly PackedPage[]): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = []
  const stretches = stretchesOf(pages)
  for (let start = 0; start < stretches.length; start += STRETCHES_A_BLOCK)
    blocks.push(await zipStretches(stretches.slice(start, start + STRETCHES_A_BLOCK)))
  return blocks
}

/** Each user once, as the first line has them. All of it at once, since what lives while others are read is kept for long. */
function stretchesOf(pages: readonly PackedPage[]): readonly Buffer[] {
  const byKey = new Map<string, Line>()
  for (const page of pages) {
    for (const line of linesOf(page.lines)) {
      const tab = line.indexOf(TAB)
      const key = line.toString('utf8', 0, tab)
      if (!byKey.has(key)) byKey.set(key, { key, page, json: line.subarray(tab + 1) })
    }
  }
  const sorted = [...byKey.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
  const stretches: Buffer[] = []
  for (let start = 0; start < sorted.length; start += PEOPLE_A_STRETCH)
    stretches.push(stretchOf(sorted.slice(start, start + PEOPLE_A_STRETCH)))
  return stretches
}

function stretchOf(lines: readonly Line[]): Buffer {
  const times = lines.map(({ page }): Times => [page.askedAtMs, page.answeredAtMs])
  const rows = lines.flatMap(({ json }, n) => (n === 0 ? [json] : [COMMA, json]))
  return Buffer.concat([Buffer.from(`[${JSON.stringify(times)},[`), ...rows, Buffer.from(']]')])
}

/** A stretch after the other. */
export async function* unpackListed(block: Uint8Array): AsyncGenerator<ListedUser[], void, void> {
  for await (const stretch of unzipStretches(block)) {
    const [times, rows] = ListedStretch.parse(stretch)
    yield rows.map(([id, licenses], n) => {
      const [askedAtMs, answeredAtMs] = times[n] ?? [0, 0]
      return { id, licenses: licenses ? distinct(licenses) : undefined, askedAtMs, answeredAtMs }
    })
  }
}

/** A stretch after the other. */
export async function* unpackDirectory(block: Uint8Array): AsyncGenerator<DirectoryRow[], void, void> {
  for await (const stretch of unzipStretches(block)) {
    const [, rows] = UserStretch.parse(stretch)
    yield rows.map(([id, name, email, state]) => ({
      id,
      name: name ?? undefined,
      email: email ?? undefined,
      state: state ?? undefined,
    }))
  }
}

/** As they are written first; a page that names one twice, in whatever case, says no more than that it is held. */
function distinct(ids: readonly string[]): readonly string[] {
  if (ids.length < 2) return ids
  return ids.filter((id, n) => ids.findIndex((each) => foldId(each) === foldId(id)) === n)
}

/** Without their ends. */
function* linesOf(bytes: Uint8Array): Generator<Buffer, void, void> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0, end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
    yield all.subarray(start, end)
    start = end + 1
  }
}
