/** Users as few bytes: rows without names of members, licenses by their place in one list, gzip. Some 35 bytes a user in the embedded org, and hardly twice that anywhere. */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import * as z from 'zod/mini'
import type { User } from './user.ts'
import { userOf } from './user.ts'

const text = z.nullable(z.string())

/** Id, name, e-mail, state, and the places of the licenses. */
const Row = z.tuple([z.string(), text, text, text, z.array(z.int())])

/** Of the walk that met these users. */
const WalkFacts = z.object({
  /** When its first page was asked for, epoch milliseconds: no user is older. */
  sinceMs: z.number(),
  pageCount: z.int(),
  total: z.optional(z.int()),
  /** Where it goes on; absent of a whole one. */
  nextPage: z.optional(z.int()),
})
export type WalkFacts = z.output<typeof WalkFacts>

const Packed = z.object({
  schema: z.literal(1),
  licenses: z.array(z.string()),
  rows: z.array(Row),
  walk: z.optional(WalkFacts),
})

export interface PackedUsers {
  readonly users: User[]
  readonly walk: WalkFacts | undefined
}

/** More than the largest of organisations takes: what inflates further is none of ours. Bytes. */
const MAX_BYTES = 256_000_000

export async function packUsers(users: readonly User[], walk?: WalkFacts): Promise<Uint8Array> {
  const places = new Map<string, number>()
  const placeOf = (license: string) => {
    const place = places.get(license) ?? places.size
    places.set(license, place)
    return place
  }
  const rows = users.map(({ id, name = null, email = null, state = null, licenses }) => {
    return [id, name, email, state, licenses.map(placeOf)] satisfies z.output<typeof Row>
  })
  const value: z.output<typeof Packed> = { schema: 1, licenses: [...places.keys()], rows, walk }
  return await promisify(gzip)(JSON.stringify(value))
}

/** @returns undefined for what this version has not packed. */
export async function unpackUsers(bytes: Uint8Array): Promise<PackedUsers | undefined> {
  const parsed = Packed.safeParse(await jsonIn(bytes))
  if (!parsed.success) return undefined
  const { licenses, rows, walk } = parsed.data
  const users = rows.map(([id, name, email, state, places]) =>
    userOf(
      id,
      { id, name, email, state },
      places.flatMap((place) => licenses[place] ?? []),
    ),
  )
  return { users, walk }
}

async function jsonIn(bytes: Uint8Array): Promise<unknown> {
  try {
    return JSON.parse((await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES })).toString('utf8'))
  } catch {
    return undefined
  }
}
