/** What is asked of the gateway about changes, and what comes back. */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import {
  Change,
  ChangeListing,
  ChangeResult,
  ChangeResultListing,
} from '../../lib/changes/answers/change-schemas.ts'
import { leftAloneTextOf, namedInLeftAlone } from '../../lib/changes/answers/words/found-words.ts'
import { jsonOf } from '../../lib/json.ts'
import { UserListing } from '../../lib/people/user.ts'
import { UsageError } from '../local/usage.ts'
import { type Ask, RefusedByGateway } from './ask.ts'
import type { Notes } from './notes.ts'
import type { ChangeOptions } from './options.ts'

/** Bad rows that are told: those of one page. */
export const MAX_BAD_ROWS = 100

export interface HandedIn {
  readonly change: Change
  readonly isReplay: boolean
  /** What finds it in the notes. */
  readonly key: string
}

/** @throws Error with a sentence where the file cannot be read; RefusedByGateway */
export async function handIn(
  ask: Ask,
  file: string,
  { order, isAnew }: Pick<ChangeOptions, 'order' | 'isAnew'>,
): Promise<HandedIn> {
  const body = bytesOf(file)
  const query = queryOf(order)
  const key = isAnew ? randomUUID() : keyOf(query, body)
  const path = `/v1/changes?${query}`
  const { bytes, isReplay } = await ask({ path, sent: { key: `file-${key}`, type: 'text/csv', body } })
  return { change: known(Change, bytes), isReplay, key }
}

/**
 * What the file came to, with nothing put on record.
 * @throws Error with a sentence where it was never handed in, as far as the notes know.
 */
export async function findHandedIn(
  ask: Ask,
  file: string,
  order: ChangeOptions['order'],
  notes: Notes,
): Promise<Change> {
  const id = notes.find(keyOf(queryOf(order), bytesOf(file)))
  const change = id === undefined ? undefined : await readIfKnown(ask, id)
  if (change) return change
  throw new Error(
    `${file} was never handed in from here with these options: type those of its plan or apply, or its change's id in place of the file`,
  )
}

/** A gateway that began anew knows none of before. */
async function readIfKnown(ask: Ask, id: string): Promise<Change | undefined> {
  try {
    return await readChange(ask, id)
  } catch (error) {
    if (error instanceof RefusedByGateway && error.status === 404) return undefined
    throw error
  }
}

/** A draft for apply too, which finds what plan has shown, and asks for approval once it has shown it itself. */
const queryOf = (order: ChangeOptions['order']) =>
  new URLSearchParams({ ...order, isDraft: 'true' }).toString()

/** Of the file and all that is said of it, so that whoever runs the same line again finds what it came to. */
function keyOf(query: string, body: Uint8Array): string {
  return createHash('sha256').update(query).update('\n').update(body).digest('hex')
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'EISDIR') {
      const why = code === 'ENOENT' ? 'it is not there, and is no id of a change' : 'it is a directory'
      throw new UsageError(`${file} cannot be read: ${why}`, { cause })
    }
    throw new Error(`${file} cannot be read: this machine says ${code}`, { cause })
  }
}

/** @throws RefusedByGateway where there is none, or it may not be seen. */
export async function readChange(ask: Ask, id: string): Promise<Change> {
  return known(Change, (await ask({ path: `/v1/changes/${id}` })).bytes)
}

/** Of those that were made since a time, newest first. @throws RefusedByGateway */
export async function readChangesPage(ask: Ask, from: string, cursor: string | undefined) {
  const query = new URLSearchParams({ from, limit: '100', ...(cursor !== undefined && { cursor }) })
  return known(ChangeListing, (await ask({ path: `/v1/changes?${query}` })).bytes)
}

/** @throws RefusedByGateway */
export async function applyChange(
  ask: Ask,
  { id, digest }: Change,
  confirmPeople: number | undefined,
): Promise<Change> {
  const body = JSON.stringify({ digest, confirmPeople })
  const key = `apply-${createHash('sha256').update(body).digest('hex')}`
  const sent = { key, type: 'application/json', body }
  return known(Change, (await ask({ path: `/v1/changes/${id}/apply`, sent })).bytes)
}

/** What became of each pair, as a file. */
export async function readResults(ask: Ask, id: string, accept: string, query: object): Promise<Buffer> {
  const asked = new URLSearchParams(Object.entries(query)).toString()
  return (await ask({ path: `/v1/changes/${id}/results${asked === '' ? '' : `?${asked}`}`, accept })).bytes
}

const NamedResult = z.extend(ChangeResult, { userName: z.optional(z.string()) })
/** A row of the file, which has people's names. */
export type NamedResult = z.output<typeof NamedResult>

/** The same as rows. */
export async function readRows(ask: Ask, id: string): Promise<NamedResult[]> {
  const lines = (await readResults(ask, id, 'application/x-ndjson', {})).toString().split('\n')
  return lines.filter((line) => line !== '').map((line) => z.parse(NamedResult, jsonOf(line)))
}

/** What an undo leaves as it is, with people by name where they are known. */
export async function readLeftAlone(ask: Ask, { leftAlone }: Change): Promise<string | undefined> {
  const ids = namedInLeftAlone(leftAlone)
  const names = ids.length === 0 ? new Map<string, string>() : await readNames(ask, ids)
  return leftAloneTextOf(leftAlone, (userId) => names.get(userId) ?? userId)
}

/** Before the first reading nobody knows them. */
async function readNames(ask: Ask, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  try {
    const { bytes } = await ask({ path: `/v1/users?id=${ids.join(',')}` })
    return new Map(
      known(UserListing, bytes).entities.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])),
    )
  } catch (error) {
    if (error instanceof RefusedByGateway) return new Map()
    throw error
  }
}

/** The first bad rows of a list that cannot be planned. */
export async function readBadRows(ask: Ask, id: string): Promise<ChangeResult[]> {
  const page = await ask({ path: `/v1/changes/${id}/results?limit=${MAX_BAD_ROWS}` })
  return known(ChangeResultListing, page.bytes).entities
}

function known<S extends z.ZodMiniType>(schema: S, bytes: Buffer): z.output<S> {
  const found = schema.safeParse(jsonOf(bytes.toString()))
  if (found.success) return found.data
  throw new Error(
    'The gateway answered with what this command does not know: is one of the two of an older version?',
    { cause: found.error },
  )
}
