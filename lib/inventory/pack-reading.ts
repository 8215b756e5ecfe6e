/** What a reading keeps as few bytes: rows without names of members, licenses by their place in one list, gzip. */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as z from 'zod/mini'
import type { InventoryPerson } from './inventory-person.ts'
import type { Difference } from './inventory-port.ts'

const text = z.nullable(z.string())
const places = z.array(z.int())

/** What is true of a person, added up. */
const FLAGS = { isMissing: 1, isUnread: 2, isUnlisted: 4 } as const

/** License, whether it was held, from when on, when that was seen last; milliseconds after `sinceMs`. */
const Contested = z.tuple([z.int(), z.boolean(), z.int(), z.optional(z.int())])

/** Id, name, e-mail, state, licenses, when they were seen (milliseconds after `sinceMs`), flags, contested pairs. */
const People = z.object({
  schema: z.literal(1),
  sinceMs: z.number(),
  licenses: z.array(z.string()),
  rows: z.array(
    z.tuple([
      z.string(),
      text,
      text,
      text,
      places,
      z.int(),
      z.optional(z.int()),
      z.optional(z.array(Contested)),
    ]),
  ),
})

const Differences = z.object({
  schema: z.literal(1),
  rows: z.array(z.tuple([z.string(), z.string(), z.boolean(), z.number(), z.nullable(z.number()), text])),
})

export interface DirectoryRow {
  readonly id: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly state?: string | undefined
}

/** @param sinceMs what times are counted from, epoch milliseconds. */
export async function packPeople(people: readonly InventoryPerson[], sinceMs: number): Promise<Uint8Array> {
  const stretches: string[] = []
  for (let start = 0; start < people.length; start += PEOPLE_A_STRETCH)
    stretches.push(peopleText(people.slice(start, start + PEOPLE_A_STRETCH), sinceMs))
  return await zipStretches(stretches)
}

function peopleText(people: readonly InventoryPerson[], sinceMs: number): string {
  const list = placesInOneList()
  const rows = people.map((person): z.output<typeof People>['rows'][number] => {
    const { id, name = null, email = null, state = null, licenses, seenAtMs, contested } = person
    const row = [id, name, email, state, licenses.map(list.placeOf), seenAtMs - sinceMs] as const
    const flags = flagsOf(person)
    if (flags === 0 && !contested) return [...row]
    const pairs = (contested ?? []).map(
      ({ licenseId, isHeld, fromMs, knownAtMs }): z.output<typeof Contested> => {
        const pair = [list.placeOf(licenseId), isHeld, fromMs - sinceMs] as const
        return knownAtMs === undefined ? [...pair] : [...pair, knownAtMs - sinceMs]
      },
    )
    return [...row, flags, pairs]
  })
  return JSON.stringify({ schema: 1, sinceMs, licenses: list.all(), rows } satisfies z.output<typeof People>)
}

export async function unpackPeople(bytes: Uint8Array): Promise<InventoryPerson[]> {
  const people: InventoryPerson[] = []
  for await (const stretch of unzipStretches(bytes)) people.push(...peopleOf(stretch))
  return people
}

function peopleOf(stretch: unknown): InventoryPerson[] {
  const { sinceMs, licenses, rows } = People.parse(stretch)
  return rows.map(([id, name, email, state, at, offsetMs, flags = 0, contested]) => ({
    id,
    name: name ?? undefined,
    email: email ?? undefined,
    state: state ?? undefined,
    licenses: at.flatMap((place) => licenses[place] ?? []),
    seenAtMs: sinceMs + offsetMs,
    isMissing: (flags & FLAGS.isMissing) > 0 || undefined,
    isUnread: (flags & FLAGS.isUnread) > 0 || undefined,
    isUnlisted: (flags & FLAGS.isUnlisted) > 0 || undefined,
    contested: contested?.length
      ? contested.map(([place, isHeld, fromMs, knownMs]) => ({
          licenseId: licenses[place] ?? '',
          isHeld,
          ...(knownMs === undefined ? {} : { knownAtMs: sinceMs + knownMs }),
          fromMs: sinceMs + fromMs,
        }))
      : undefined,
  }))
}

function flagsOf({ isMissing, isUnread, isUnlisted }: InventoryPerson): number {
  return (
    (isMissing ? FLAGS.isMissing : 0) + (isUnread ? FLAGS.isUnread : 0) + (isUnlisted ? FLAGS.isUnlisted : 0)
  )
}

export function packDifferences(differences: readonly Difference[]): Promise<Uint8Array> {
  const rows = differences.map(
    ({
      userId,
      licenseId,
      isGiven,
      atMs,
      afterMs = null,
      by,
    }): z.output<typeof Differences>['rows'][number] => [
      userId,
      licenseId,
      isGiven,
      atMs,
      afterMs,
      by === 'outside' ? null : by.changeId,
    ],
  )
  return zip(JSON.stringify({ schema: 1, rows } satisfies z.output<typeof Differences>))
}

export async function unpackDifferences(bytes: Uint8Array): Promise<Difference[]> {
  const { rows } = Differences.parse(await parse(bytes))
  return rows.map(([userId, licenseId, isGiven, atMs, afterMs, changeId]) => ({
    userId,
    licenseId,
    isGiven,
    atMs,
    afterMs: afterMs ?? undefined,
    by: changeId === null ? 'outside' : { changeId },
  }))
}

function placesInOneList() {
  const found = new Map<string, number>()
  return {
    placeOf(license: string): number {
      const place = found.get(license) ?? found.size
      found.set(license, place)
      return place
    },
    all: () => [...found.keys()],
  }
}

/** People who are zipped together: some 15 kB of JSON. */
export const PEOPLE_A_STRETCH = 100

const LENGTH_BYTES = 4

/** What each zipping has to write into. It outlives the zipping until a full collection, and Node's own is four times as large. */
const CHUNK_BYTES = 4_096

/** The first byte of whatever gzip makes; no stretch is so long that its length begins with it. */
const GZIP_MAGIC = 0x1f

/** More than any stretch of a reading takes: what inflates further is none of ours. Bytes. */
const MAX_BYTES = 64_000_000

async function zip(bytes: string | Uint8Array): Promise<Buffer> {
  return await promisify(gzip)(bytes, { chunkSize: CHUNK_BYTES })
}

async function parse(bytes: Uint8Array): Promise<unknown> {
  return JSON.parse(
    (await promisify(gunzip)(bytes, { chunkSize: CHUNK_BYTES, maxOutputLength: MAX_BYTES })).toString('utf8'),
  )
}

/**
 * Of each stretch how long it is, and then its JSON, zipped alone: no more is ever unpacked than what is looked at. V8 puts
 * what it parses of a text over 100 kB where only a full collection finds it (kPretenureThreshold in json-parser.h).
 */
export async function zipStretches(stretches: Iterable<string | Uint8Array>): Promise<Uint8Array> {
  const all: Buffer[] = []
  for (const stretch of stretches) {
    const zipped = await zip(stretch)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(zipped.length)
    all.push(length, zipped)
  }
  return Buffer.concat(all)
}

/** Each with its length, so that it can be unpacked alone; they are copies, and keep nothing else in memory. */
export function stretchesOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === GZIP_MAGIC) return [bytes]
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Uint8Array[] = []
  for (let at = 0; at < all.length; ) {
    const end = at + LENGTH_BYTES + all.readUInt32BE(at)
    found.push(Uint8Array.prototype.slice.call(all, at, end))
    at = end
  }
  return found
}

/** Each parsed when it is asked for. */
export async function* unzipStretches(bytes: Uint8Array): AsyncGenerator<unknown, void, void> {
  // As it was kept before there were stretches: one, whose length is not told.
  if (bytes[0] === GZIP_MAGIC) {
    yield await parse(bytes)
    return
  }
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < all.length; ) {
    const start = at + LENGTH_BYTES
    at = start + all.readUInt32BE(at)
    yield await parse(all.subarray(start, at))
  }
}
