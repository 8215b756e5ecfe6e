/**
 * JSON from elsewhere, before a schema looks at it. JSON.parse's own error quotes the text that it stumbles over, which
 * may be a secret or somebody's words, so it is not handed on.
 *
 * JSON.parse takes any depth, and JSON.stringify ends with a RangeError at some 4,000 levels: so what is read has a bound.
 */

/** Deeper than anything that is read here; Genesys's answers and chat's messages need fewer than ten. */
export const MAX_LEVELS = 32

/** @returns undefined for what is no JSON, which has no such value, and for what is nested deeper than MAX_LEVELS. */
export function jsonOf(text: string | Buffer | undefined): unknown {
  const value = anyJsonOf(text)
  return isTooDeep(value) ? undefined : value
}

/** As jsonOf, but of any depth: for a look at what stands on top. */
export function anyJsonOf(text: string | Buffer | undefined): unknown {
  try {
    return JSON.parse(String(text ?? ''))
  } catch {
    return undefined
  }
}

/** @param levels of objects and lists that a value may have, one within the other. */
export function isTooDeep(value: unknown, levels = MAX_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((each) => isTooDeep(each, levels - 1))
  for (const name in value) if (isTooDeep(Reflect.get(value, name), levels - 1)) return true
  return false
}

/** Stands for what is nested deeper. */
const TOO_DEEP = `(nested deeper than ${MAX_LEVELS} levels)`

/** A value that JSON.stringify can write: as it is where that can be, else a copy with TOO_DEEP in place of what is deeper. */
export function shallowOf(value: unknown): unknown {
  return isTooDeep(value) ? copyOf(value, MAX_LEVELS) : value
}

function copyOf(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return TOO_DEEP
  if (Array.isArray(value)) return value.map((each) => copyOf(each, levels - 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each, levels - 1)]))
}
