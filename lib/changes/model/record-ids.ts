/** Ids and digests of records. */
import { createHash, randomFillSync } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID_LENGTH = 20

function encodeId(bytes: Uint8Array): string {
  let id = ''
  let bits = 0
  let pending = 0
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5 && id.length < ID_LENGTH) {
      bits -= 5
      id += ALPHABET.charAt((pending >> bits) & 31)
    }
  }
  return id
}

/** The id that belongs to these parts: the same parts, the same id, so a duplicate finds the first. */
export function idOf(...parts: readonly string[]): string {
  return encodeId(createHash('sha256').update(JSON.stringify(parts)).digest())
}

/**
 * The change that takes another back when its time has come.
 *
 * @param moves how often that time has been moved: what was made for an earlier one is not taken for it.
 */
export function revertIdOf(changeId: string, moves = 0): string {
  return moves === 0 ? idOf('revert', changeId) : idOf('revert', changeId, String(moves))
}

/** The n-th part of a list. */
export function partIdOf(changeId: string, n: number): string {
  return idOf('part', changeId, String(n))
}

/** Whether a change is the planned revert of the one that it undoes. */
export function isPlannedRevert({
  id,
  undoes,
  moves,
}: {
  readonly id: string
  readonly undoes?: string | undefined
  readonly moves?: number | undefined
}): boolean {
  return undoes !== undefined && id === revertIdOf(undoes, moves)
}

/** Of an id, bytes: 100 bits and what is left of a byte. */
const RANDOM_BYTES = 13

/** Of 100 ids, fetched at once: a call for each takes 2 µs, and 10 where it is seldom made. */
const pool = Buffer.alloc(RANDOM_BYTES * 100)
let used = pool.length

export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += RANDOM_BYTES
  return encodeId(pool.subarray(used - RANDOM_BYTES, used))
}

/** SHA-256 in hex over the value's one canonical JSON: keys sorted, absent members left out. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** Keys sorted, absent members left out: the same value, the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
