/** A line cut at its keywords: what stands before the first, behind each, and the reason at its end. */
import { Reason } from '../../changes/model/change-order.ts'
import { hasInk } from '../../text.ts'
import { type LineToken, tokensOf } from './tokens.ts'
import { quoteTyped, Unclear } from './unclear.ts'

export type Keyword = 'to' | 'from' | 'at' | 'until' | 'for'

/** Where a license or a feature is called like one of these, it needs quotes. */
export const keywords: readonly string[] = ['to', 'from', 'at', 'until', 'for', 'because'] satisfies (
  | Keyword
  | 'because'
)[]

/** A line cut at its keywords. */
export interface Sections {
  readonly head: readonly LineToken[]
  readonly parts: ReadonlyMap<Keyword, readonly LineToken[]>
  /** Everything behind `because`, as it was typed. */
  readonly because?: string | undefined
}

/**
 * Keywords count as bare words only. One that is said again in its own part is a word of it (`at tomorrow at 9:00`), and
 * behind `because` nothing is a keyword, a quote or a time any more.
 *
 * @throws Unclear
 */
export function sectionsOf(text: string, known: readonly Keyword[]): Sections {
  const head: LineToken[] = []
  const parts = new Map<Keyword, LineToken[]>()
  let current = head
  for (const token of tokensOf(text)) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : ''
    if (word === 'because') return { head, parts, because: reasonIn(text.slice(token.end)) }
    const keyword = known.find((each) => each === word)
    if (keyword === undefined || parts.get(keyword) === current) current.push(token)
    else if (parts.has(keyword)) throw new Unclear(`“${keyword}” is there twice.`)
    else {
      current = []
      parts.set(keyword, current)
    }
  }
  return { head, parts }
}

/** What turns the direction of writing: a reason must be what it looks like. Marks (U+200E and kin) turn nothing. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]+/g

/** What comes around a phrase that was pasted; an override is never taken away, since what it turns is not what it looks like. */
function isAtEnd(text: string, run: string, at: number): boolean {
  if (/[\u202d\u202e]/.test(run)) return false
  return /^\s?$/.test(text.charAt(at - 1)) || /^\s?$/.test(text.charAt(at + run.length))
}

function reasonIn(text: string): string {
  const reason = text.replace(TURNING, (run, at: number) => (isAtEnd(text, run, at) ? '' : run)).trim()
  const turn = reason.search(TURNING)
  if (turn >= 0) {
    const code = reason.charCodeAt(turn).toString(16).toUpperCase()
    throw new Unclear(
      `The reason has an invisible character (U+${code}) after ${quoteTyped(reason.slice(Math.max(0, turn - 16), turn))}. Please type it instead of pasting it.`,
    )
  }
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(reason) || !hasInk(reason))
    throw new Unclear('Because of what? Say the reason behind “because”.')
  if (!Reason.safeParse(reason).success) throw new Unclear('The reason may have up to 500 characters.')
  return reason
}

/**
 * The words of one part, one space between them.
 *
 * @param missing what to ask where there are none.
 * @throws Unclear
 */
export function wordsOf(tokens: readonly LineToken[], missing: string): string {
  if (tokens.length === 0) throw new Unclear(missing)
  return tokens.map(({ text }) => text).join(' ')
}
