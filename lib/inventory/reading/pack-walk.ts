/**
 * What is kept of a walk. A page's users wait for their checkpoint as bytes, off the heap. At the checkpoint they are put in
 * the order of their folded ids, in blocks that are each read alone and a stretch at a time: so many pieces are put in one
 * order without any of them being held. Who comes twice is kept as the earlier look had them.
 */
import * as z from 'zod/mini'
import type { LookedAt } from '../compare-person.ts'
import { foldId } from '../inventory-person.ts'
import { type DirectoryRow, unzip, zip } from '../pack-reading.ts'

/** People of a block: some 20 to 100 kB, one item of the ledger. */
const PEOPLE_A_BLOCK = 1_000

/** No block is larger, since an item has its limit; bytes. */
const MAX_BLOCK_BYTES = 300_000

/** People who are read from a block at a time: of each piece so many are held. */
const PEOPLE_A_STRETCH = 100

const [TAB, NEWLINE] = [9, 10]
const COMMA = Buffer.from(',')

/** Somebody whom the walk over licenses listed. */
export interface ListedUser extends Omit<LookedAt, 'licenses'> {
  readonly id: string
  /** Undefined where the page did not say what they hold. */
  readonly licenses: readonly string[] | undefined
}

/** A page's users, and when it was asked for and answered, epoch milliseconds. */
export interface PackedPage extends Omit<LookedAt, 'licenses'> {
  /** Of each a line: the folded id, a tab, a row of JSON. */
  readonly lines: Uint8Array
}

const text = z.nullable(z.string())

/** Id, licenses; null where the page did not say. */
const ListedRow = z.tuple([z.string(), z.nullable(z.readonly(z.array(z.string())))])

/** Id, name, e-mail, state. */
const UserRow = z.tuple([z.string(), text, text, text])

/** A block's first line: when each page of its piece was asked for and answered. */
const Times = z.array(z.tuple([z.number(), z.number()]))

/** Each line after that: of some people the places of their pages, and their rows. */
const ListedStretch = z.tuple([z.array(z.int()), z.array(ListedRow)])
const UserStretch = z.tuple([z.array(z.int()), z.array(UserRow)])

export function packListed({ id, licenses }: Pick<ListedUser, 'id' | 'licenses'>): string {
  return lineOf([id, licenses ?? null] satisfies z.output<typeof ListedRow>)
}

export function packDirectoryUser({ id, name, email, state }: DirectoryRow): string {
  return lineOf([id, name ?? null, email ?? null, state ?? null] satisfies z.output<typeof UserRow>)
}

/** No id has a tab, and JSON has none outside of texts, where it is written otherwise. */
function lineOf(row: readonly [id: string, ...rest: unknown[]]): string {
  return `${foldId(row[0])}\t${JSON.stringify(row)}\n`
}

interface Line {
  readonly key: string
  readonly page: number
  readonly json: Uint8Array
}

/** @param pages in the order in which they were read. */
export async function packBlocks(pages: readonly PackedPage[]): Promise<Uint8Array[]> {
  const times: z.output<typeof Times> = pages.map(({ askedAtMs, answeredAtMs }) => [askedAtMs, answeredAtMs])
  const sorted = sortByKey(pages)
  const blocks: Uint8Array[] = []
  for (let start = 0, length = PEOPLE_A_BLOCK; start < sorted.length; ) {
    const stretches: Uint8Array[] = [Buffer.from(`${JSON.stringify(times)}\n`)]
    const end = Math.min(start + length, sorted.length)
    for (let from = start; from < end; from += PEOPLE_A_STRETCH)
      stretches.push(stretchOf(sorted.slice(from, Math.min(from + PEOPLE_A_STRETCH, end))))
    const bytes = await zip(Buffer.concat(stretches))
    if (bytes.length > MAX_BLOCK_BYTES && length > 1) {
      length = length >> 1
      continue
    }
    blocks.push(bytes)
    start = end
  }
  return blocks
}

/** Each key once, as the first line has it. */
function sortByKey(pages: readonly PackedPage[]): readonly Line[] {
  const byKey = new Map<string, Line>()
  for (const [page, { lines }] of pages.entries()) {
    for (const line of linesOf(lines)) {
      const tab = line.indexOf(TAB)
      const key = line.toString('utf8', 0, tab)
      if (!byKey.has(key)) byKey.set(key, { key, page, json: line.subarray(tab + 1) })
    }
  }
  return [...byKey.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
}

function stretchOf(lines: readonly Line[]): Buffer {
  const rows = lines.flatMap(({ json }, n) => (n === 0 ? [json] : [COMMA, json]))
  const pages = JSON.stringify(lines.map(({ page }) => page))
  return Buffer.concat([Buffer.from(`[${pages},[`), ...rows, Buffer.from(']]\n')])
}

/** A stretch after the other. */
export async function* unpackListed(block: Uint8Array): AsyncGenerator<ListedUser[], void, void> {
  const [first, ...stretches] = await parsedLines(block)
  const times = Times.parse(first?.())
  for (const stretch of stretches) {
    const [pages, rows] = ListedStretch.parse(stretch())
    yield rows.map(([id, licenses], n) => {
      const [askedAtMs, answeredAtMs] = times[pages[n] ?? 0] ?? [0, 0]
      return { id, licenses: licenses ?? undefined, askedAtMs, answeredAtMs }
    })
  }
}

/** A stretch after the other. */
export async function* unpackDirectory(block: Uint8Array): AsyncGenerator<DirectoryRow[], void, void> {
  const [, ...stretches] = await parsedLines(block)
  for (const stretch of stretches) {
    const [, rows] = UserStretch.parse(stretch())
    yield rows.map(([id, name, email, state]) => ({
      id,
      name: name ?? undefined,
      email: email ?? undefined,
      state: state ?? undefined,
    }))
  }
}

/** Each line parsed when it is asked for. */
async function parsedLines(block: Uint8Array): Promise<(() => unknown)[]> {
  return [...linesOf(await unzip(block))].map((line) => () => JSON.parse(line.toString('utf8')))
}

/** Without their ends. */
function* linesOf(bytes: Uint8Array): Generator<Buffer, void, void> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0, end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
    yield all.subarray(start, end)
    start = end + 1
  }
}
