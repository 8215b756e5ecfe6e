/** The words of a line, one by one: bare, quoted, or what separates them. */
import { invisibleAt, withoutInvisibleEnds } from '../../text.ts'
import { explainOddity, Unclear } from './unclear.ts'

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
