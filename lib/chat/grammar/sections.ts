/**
 * A line cut into its words (bare, quoted, or what separates them) and at its keywords: what stands before the
 * first, behind each, and the reason at its end.
 */
import { Reason } from '../../changes/model/change-order.ts'
import { hasInk, invisibleAt, withoutInvisibleEnds } from '../../text.ts'
import { explainOddity, quoteTyped, Unclear } from './unclear.ts'

export interface LineToken {
  readonly kind: 'word' | 'quoted' | 'separator'
  readonly text: string
  /** Where the text behind it begins. */
  readonly end: number
}

/** Quotes of one kind open and close each other. Phones type the curly ones, Slack's composer the backticks of code. */
const DOUBLE_QUOTES = ['"', '“”„‟', '«»', '`']
/** These are apostrophes too: only at the end of a word do they close. */
const SINGLE_QUOTES = ["'", '‘’‚‛']
const INSIDE_NO_WORD = DOUBLE_QUOTES.join('')

/** White space. The byte order mark is some to JavaScript, and to nobody else. */
const BLANK = /(?!\ufeff)\s/
const SEPARATORS = ',;'

function isEnd(text: string, from: number): boolean {
  const at = from + invisibleAt(text, from)
  return at >= text.length || BLANK.test(text.charAt(at)) || SEPARATORS.includes(text.charAt(at))
}

/**
 * The words of a line, one by one, so that whoever reads a keyword can take the rest of the line as it stands.
 *
 * @throws Unclear at a quote that does not close, or that stands inside a word, and at what nobody sees inside one.
 */
export function* tokensOf(text: string): Generator<LineToken> {
  // A kind of apostrophe that closes nothing from here on: known once, or a line of them would be read again for each.
  const neverClosing = new Set<string>()
  let at = 0
  while (at < text.length) {
    at += invisibleAt(text, at)
    const char = text.charAt(at)
    if (char === '') return
    if (BLANK.test(char)) at += 1
    else if (SEPARATORS.includes(char)) {
      at += 1
      yield { kind: 'separator', text: char, end: at }
    } else {
      const token = readQuotedAt(text, at, neverClosing) ?? readWordAt(text, at)
      yield token
      at = token.end
    }
  }
}

function readWordAt(text: string, start: number): LineToken {
  let end = start
  while (!isEnd(text, end)) {
    if (INSIDE_NO_WORD.includes(text.charAt(end)))
      throw new Unclear('A quote must stand at the beginning of a word.')
    end += 1
  }
  return { kind: 'word', text: requirePlain(text.slice(start, end)), end: end + invisibleAt(text, end) }
}

/** @throws Unclear where something invisible is inside: a line must be what it looks like. */
function requirePlain(word: string): string {
  const text = withoutInvisibleEnds(word)
  const odd = explainOddity(text, 'name')
  if (odd !== '') throw new Unclear(odd)
  return text
}

function readQuotedAt(text: string, start: number, neverClosing: Set<string>): LineToken | undefined {
  const opening = text.charAt(start)
  const double = DOUBLE_QUOTES.find((kind) => kind.includes(opening))
  const quotes = double ?? SINGLE_QUOTES.find((kind) => kind.includes(opening))
  if (quotes === undefined || neverClosing.has(quotes)) return undefined
  const end = closingOf(text, start + 1, quotes, double === undefined)
  if (end !== undefined) {
    const inner = text
      .slice(start + 1, end)
      .replace(/\\(.)/g, (pair, char: string) => (char === '\\' || quotes.includes(char) ? char : pair))
    return { kind: 'quoted', text: requirePlain(inner), end: end + 1 }
  }
  if (double !== undefined) throw new Unclear('A quote is opened and not closed.')
  neverClosing.add(quotes)
  return undefined
}

/** Where the closing quote stands. Behind a backslash, a quote or a backslash is itself. */
function closingOf(text: string, start: number, quotes: string, isApostrophe: boolean): number | undefined {
  for (let at = start; at < text.length; at += 1) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (char === '\\' && next !== '' && (next === '\\' || quotes.includes(next))) at += 1
    else if (quotes.includes(char) && isEnd(text, at + 1)) return at
    else if (quotes.includes(char) && !isApostrophe)
      throw new Unclear('Put a space or a comma behind a closing quote.')
  }
  return undefined
}

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

/** @throws Unclear */
export function reasonIn(text: string): string {
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
