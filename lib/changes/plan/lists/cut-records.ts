/**
 * A file of rows cut into its records, in one pass and each of bounded length, so that no text however it is made keeps
 * the parser busy: behind each quote that does not end a field, it looks at all that follows.
 */

/** What Excel takes into a cell, with what stands beside it. UTF-16 units. */
export const MAX_RECORD_LENGTH = 40_000

export type CutRecord =
  | { readonly kind: 'record'; readonly line: number; readonly text: string }
  | { readonly kind: 'too-long' | 'bad-quote'; readonly line: number }

const QUOTE = 34
const FEED = 10
const RETURN = 13

/** @returns its records, up to the first that is none; `line` is where each begins, the first is 1: a quoted field may go over several. */
export function* cutRecords(text: string, delimiter: string): Generator<CutRecord> {
  let line = 1
  for (let from = 0; from < text.length; ) {
    const { end, next, breaks, fault } = endOfRecord(text, from, delimiter.charCodeAt(0))
    if (fault) {
      yield { kind: fault, line }
      return
    }
    yield { kind: 'record', line, text: text.slice(from, end) }
    line += breaks
    from = next
  }
}

interface RecordEnd {
  readonly end: number
  /** Where the next one begins. */
  readonly next: number
  readonly breaks: number
  readonly fault?: 'too-long' | 'bad-quote'
}

function endOfRecord(text: string, from: number, delimiter: number): RecordEnd {
  let state: 'begins' | 'plain' | 'quoted' | 'closed' = 'begins'
  let breaks = 0
  const longest = from + MAX_RECORD_LENGTH
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const isBreak = unit === FEED || unit === RETURN
    const breakLength = unit === RETURN && text.charCodeAt(at + 1) === FEED ? 2 : 1
    if (state !== 'quoted' && isBreak) return { end: at, next: at + breakLength, breaks: breaks + 1 }
    if (at >= longest) return { end: at, next: at, breaks, fault: 'too-long' }
    if (state === 'quoted') {
      if (isBreak) {
        breaks += 1
        at += breakLength - 1
      } else if (unit === QUOTE && text.charCodeAt(at + 1) === QUOTE) at += 1
      else if (unit === QUOTE) state = 'closed'
    } else if (unit === delimiter) state = 'begins'
    else if (state === 'closed') {
      if (text.charAt(at).trim() !== '') return { end: at, next: at, breaks, fault: 'bad-quote' }
    } else state = unit === QUOTE && state === 'begins' ? 'quoted' : 'plain'
  }
  const rest = { end: text.length, next: text.length, breaks }
  return state === 'quoted' ? { ...rest, fault: 'bad-quote' } : rest
}
