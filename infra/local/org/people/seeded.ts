/**
 * Numbers and ids that depend on nothing but an index, so that person 99,999 costs no more than person 0 and two
 * runs agree. The mixer is MurmurHash3's public-domain 32-bit finalizer: invertible, hence ids without collisions.
 */

/** Scrambles 32 bits; `unmix` takes it back. */
export function mix(value: number): number {
  let h = value >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The inverse of `mix`: multiplies by the inverses of its constants modulo 2^32. */
function unmix(mixed: number): number {
  let h = mixed >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x7ed1b41d)
  h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243)
  return (h ^ (h >>> 16)) >>> 0
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** A lower-case id in the shape of a version 4 UUID whose first eight digits are `mix(index ^ seed)`. */
export function seededUuid(index: number, seed: number): string {
  const a = mix(index ^ seed)
  const b = mix(a ^ 0x5bd1e995)
  const c = mix(b ^ 0x1b873593)
  const d = mix(c ^ 0x38b34ae5)
  const version = `4${hex(b & 0xfff, 3)}`
  const variant = `${hex(8 | (c >>> 30), 1)}${hex(c & 0xfff, 3)}`
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-${version}-${variant}-${hex((c >>> 12) & 0xffff, 4)}${hex(d, 8)}`
}

/** The index that `seededUuid` made the id from; meaningless for any other id, so compare the id afterwards. */
export function indexOfSeededUuid(id: string, seed: number): number {
  return (unmix(Number.parseInt(id.slice(0, 8), 16)) ^ seed) >>> 0
}
