/**
 * Where a text stops being JSON, for whoever wrote it. JSON.parse's own error says it for some faults alone, and quotes the
 * text. Without recursion, so that no depth ends it.
 */

/** A fault's place and what would have been right there. */
export interface JsonFault {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  /** Such as `a comma or ]`. */
  readonly expected: string
}

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'next' | 'nothing'

const BLANKS = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** @returns undefined for what is JSON. */
export function jsonFaultIn(text: string): JsonFault | undefined {
  if (text.startsWith('\ufeff')) return faultAt(text, 0, 'no byte order mark (U+FEFF)')
  const open: ('{' | '[')[] = []
  let wanted: Wanted = 'value'
  let at = 0
  const afterValue = (): Wanted => (open.length === 0 ? 'nothing' : 'next')
  for (;;) {
    at = endOf(BLANKS, text, at) ?? at
    const char = text.charAt(at)
    if (wanted === 'nothing') return char === '' ? undefined : faultAt(text, at, 'the end')
    if (wanted === 'colon') {
      if (char !== ':') return faultAt(text, at, 'a colon')
      wanted = 'value'
      at += 1
    } else if (wanted === 'next') {
      const inner = open.at(-1)
      const closing = inner === '{' ? '}' : ']'
      if (char === ',') wanted = inner === '{' ? 'key' : 'value'
      else if (char === closing) {
        open.pop()
        wanted = afterValue()
      } else return faultAt(text, at, `a comma or ${closing}`)
      at += 1
    } else if ((wanted === 'key or }' && char === '}') || (wanted === 'value or ]' && char === ']')) {
      open.pop()
      wanted = afterValue()
      at += 1
    } else if (wanted === 'key' || wanted === 'key or }') {
      const end = char === '"' ? endOfString(text, at) : { faultAt: at }
      if (typeof end !== 'number')
        return faultAt(text, end.faultAt, inString(end.faultAt, at, 'a name in double quotes'))
      wanted = 'colon'
      at = end
    } else if (char === '{' || char === '[') {
      open.push(char)
      wanted = char === '{' ? 'key or }' : 'value or ]'
      at += 1
    } else if (char === '"') {
      const end = endOfString(text, at)
      if (typeof end !== 'number') return faultAt(text, end.faultAt, inString(end.faultAt, at, 'a value'))
      wanted = afterValue()
      at = end
    } else {
      const end = endOf(NUMBER, text, at) ?? endOf(WORD, text, at)
      if (end === undefined) return faultAt(text, at, 'a value')
      wanted = afterValue()
      at = end
    }
  }
}

function inString(at: number, start: number, expected: string): string {
  return at === start ? expected : 'the rest of a text in double quotes, without control characters'
}

function endOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function endOfString(text: string, start: number): number | { readonly faultAt: number } {
  let at = start + 1
  for (;;) {
    const char = text.charAt(at)
    if (char === '"') return at + 1
    if (char < ' ') return { faultAt: at }
    const end = char === '\\' ? endOf(ESCAPE, text, at) : at + 1
    if (end === undefined) return { faultAt: at }
    at = end
  }
}

function faultAt(text: string, at: number, expected: string): JsonFault {
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, expected }
}
