/**
 * Characters that nobody sees and characters that look like others, as they come with what is pasted. At the ends of a
 * word the invisible ones are dropped, anywhere else whoever wrote it is told which one it is and where.
 */
import * as z from 'zod/mini'

/** Most of what is looked at, and nothing in it is odd. */
const ASCII = /^[ -~]*$/

/** Without width or ink, by Unicode's own list: zero-width, bidi controls, soft hyphens, variation selectors, fillers, tags. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu

/** It turns letters around, so what stands behind it is not what it looks like: told wherever it stands. */
const OVERRIDE = /[\u202d\u202e]/

/** What a word ends at: nothing, white space, or what stands between or around words. */
const WORD_END = /^[\s,;"“”„‟'‘’‚‛«»`()<>]?$/

/** ZWNJ and ZWJ: letters of Persian and Hindi, and emoji, are written with them; and how an emoji is to look, behind it. */
const JOINERS = /[\u200c\u200d]|(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]/gu

/** One that joins or parts nothing that can be seen: only letters of scripts that are written with them look other for it. */
const STRAY_JOINERS =
  /(?<![[\p{L}\p{M}]--[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hani}]])[\u200c\u200d]|[\u200c\u200d](?![[\p{L}\p{M}]--[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Hani}]])/gv

/** What is typed by itself, or by a phone, where a hyphen belongs. */
const DASHES: Readonly<Record<string, string>> = {
  '\u2010': 'a typographic hyphen',
  '\u2011': 'a non-breaking hyphen',
  '\u2012': 'a figure dash',
  '\u2013': 'an en dash',
  '\u2014': 'an em dash',
  '\u2015': 'a horizontal bar',
  '\u2212': 'a minus sign',
  '\ufe58': 'a small em dash',
  '\ufe63': 'a small hyphen',
  '\uff0d': 'a full-width hyphen',
}
const DASH = new RegExp(`[${Object.keys(DASHES).join('')}]`, 'u')

/** How long a run of what is invisible and may be dropped begins there, in UTF-16 units. */
export function invisibleAt(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.codePointAt(at)
    const char = code === undefined ? '' : String.fromCodePoint(code)
    if (char === '' || OVERRIDE.test(char) || char.search(INVISIBLE) < 0) return at - from
    at += char.length
  }
}

/** Whatever is invisible at the ends of words is gone; in one pass, however much there is. */
export function withoutInvisibleEnds(text: string): string {
  if (ASCII.test(text)) return text
  return text.replace(INVISIBLE, (run, at: number) => {
    if (OVERRIDE.test(run)) return run
    const isAtEnd = WORD_END.test(text.charAt(at - 1)) || WORD_END.test(text.charAt(at + run.length))
    return isAtEnd ? '' : run
  })
}

/** For comparing: nothing invisible, save what joins letters inside a word. */
export function withoutInvisible(text: string): string {
  return withoutInvisibleEnds(text).replace(INVISIBLE, (run) => run.match(JOINERS)?.join('') ?? '')
}

/** Line ends and other controls too: a text of others that is quoted in a sentence. */
const UNPRINTABLE = new RegExp(`[\\p{Cc}\\u2028\\u2029]|${INVISIBLE.source}`, 'gu')

/** What nobody sees, or what ends a line or turns letters around, is named by its number instead. */
export function withEscapes(text: string): string {
  return text.replace(UNPRINTABLE, (run) => Array.from(run, (char) => `<${codeAt(char, 0)}>`).join(''))
}

export function withoutJoiners(text: string): string {
  return text.replace(JOINERS, '')
}

/** The joiners of a text that are part of how its letters look stay. */
export function withoutStrayJoiners(text: string): string {
  return text.replace(STRAY_JOINERS, '')
}

/** What in a text is not what it looks like. */
export interface Oddity {
  /** Such as `an invisible character (U+200E)`. */
  readonly what: string
  /** Where it stands, in UTF-16 units. */
  readonly at: number
}

/** @param kind in names, dashes and joiners are what they are; an id has neither. */
export function oddityIn(text: string, kind: 'id' | 'name'): Oddity | undefined {
  if (ASCII.test(text)) return undefined
  const looked = kind === 'name' ? text.replace(JOINERS, (joiner) => 'x'.repeat(joiner.length)) : text
  const invisible = looked.search(INVISIBLE)
  if (invisible >= 0) return { what: `an invisible character (${codeAt(text, invisible)})`, at: invisible }
  const dash = kind === 'name' ? -1 : text.search(DASH)
  if (dash < 0) return undefined
  const name = DASHES[text.charAt(dash)] ?? 'a dash'
  return { what: `${name} (${codeAt(text, dash)}) where a hyphen belongs`, at: dash }
}

/** With what nobody sees in it as JSON writes it. */
export function escapeInvisible(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]|[^\S ]/gu, escapeUnits).replace(INVISIBLE, escapeUnits)
}

function escapeUnits(run: string): string {
  return run
    .split('')
    .map((unit) => `\\u${hexOf(unit.charCodeAt(0))}`)
    .join('')
}

function hexOf(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0')
}

function codeAt(text: string, at: number): string {
  return `U+${hexOf(text.codePointAt(at) ?? 0)}`
}

/** The rule, and where it is broken by what cannot be seen, what that is; nothing else of the text is repeated. */
export function ruleFor(rule: string, text: unknown, kind: 'id' | 'name' = 'id'): string {
  const oddity = typeof text === 'string' ? (oddityIn(text, kind) ?? blankIn(text)) : undefined
  return oddity ? `${rule}; as character ${oddity.at + 1} it has ${oddity.what}` : rule
}

/** A blank at an end, or one that is no plain one: hard to see as well, where a rule is broken. */
function blankIn(text: string): Oddity | undefined {
  const at = text.search(/^\s|[^\S ]|\s$/)
  return at < 0 ? undefined : { what: `a blank (${codeAt(text, at)})`, at }
}

/** What turns the direction of writing, so that a text is not what it looks like. Marks (U+200E and kin) turn nothing. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/

/** What has a place of its own and no ink: blanks of Braille, which are no white space. */
const INKLESS = /[\s\u2800]+/g

/** Whether there is something to see. */
export function hasInk(text: string): boolean {
  return text.replace(INVISIBLE, '').replace(INKLESS, '') !== ''
}

/** Check of free text: there is something to see, and nothing turns it around. */
export function checkLegible(rule: string) {
  return z.check<string>((context) => {
    const { value: input } = context
    const turn = input.search(TURNING)
    if (turn < 0 && hasInk(input)) return
    const fault =
      turn < 0
        ? 'of this there is nothing to see'
        : `as character ${turn + 1} it has ${codeAt(input, turn)}, which turns what is behind it around`
    context.issues.push({ code: 'invalid_format', format: 'regex', input, message: `${rule}; ${fault}` })
  })
}

/**
 * Checks of a field that people paste into: what is invisible at its ends is dropped, what is not what it looks like is
 * refused though the pattern takes it, and the rule is told by `ruleFor`.
 */
export function checksOfPasted(pattern: RegExp, rule: string, kind: 'id' | 'name' = 'id') {
  return [
    z.overwrite(withoutInvisibleEnds),
    z.regex(pattern, { error: ({ input }) => ruleFor(rule, input, kind) }),
    z.check<string>((context) => {
      const { value: input } = context
      if (oddityIn(input, kind) === undefined || !pattern.test(input)) return
      const message = ruleFor(rule, input, kind)
      context.issues.push({ code: 'invalid_format', format: 'regex', input, message, continue: true })
    }),
  ] as const
}

/** Of a field without a pattern of its own: nothing in it is other than it looks. */
export function checkVisible(rule: string, kind: 'id' | 'name' = 'id') {
  return z.refine<string>((text) => oddityIn(text, kind) === undefined, {
    error: ({ input }) => ruleFor(rule, input, kind),
  })
}
