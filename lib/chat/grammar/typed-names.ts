/** How people, licenses, features and roles are named on a line. */
import { LicenseId, UserId } from '../../genesys/models/ids.ts'
import { nearest } from '../../nearest.ts'
import { keywords, type LineToken } from './sections.ts'
import type { PersonRef } from './typed-command.ts'
import { explainOddity, quoteTyped, Unclear } from './unclear.ts'

/**
 * @param kind what it is the id of, in the sentence that says it is none.
 * @throws Unclear
 */
export function requireName(token: LineToken, kind: 'license' | 'feature' | 'role' | 'period'): string {
  if (token.kind !== 'separator' && LicenseId.safeParse(token.text).success) return token.text
  const odd = explainOddity(token.text, 'id')
  if (odd !== '') throw new Unclear(odd)
  throw new Unclear(
    `${quoteTyped(token.text)} is no ${kind} id: those have letters, digits and _ . : - only.`,
  )
}

/**
 * The one name that was said.
 *
 * @throws Unclear
 */
export function requireOnlyName(tokens: readonly LineToken[], kind: 'license' | 'feature'): string {
  const [first, ...others] = tokens
  if (!first) throw new Unclear(`Which ${kind}? Say its id.`)
  const name = requireName(first, kind)
  requireNoMore(others, kind)
  return name
}

/**
 * Of a list it is the next in it that is too much, and not the comma.
 *
 * @throws Unclear
 */
export function requireNoMore(others: readonly LineToken[], kind: 'license' | 'feature' | 'period'): void {
  const more = others.find((token) => token.kind !== 'separator') ?? others[0]
  if (more) throw new Unclear(`One ${kind} at a time: ${quoteTyped(more.text)} is too much.`)
}

export function nameText(name: string): string {
  return keywords.includes(name.toLowerCase()) ? `"${name}"` : name
}

/** Pages that anybody turns to: more than all of whom one reading holds take. */
const MAX_PAGE = 999

/** @returns undefined for the first, which goes without saying. */
export function laterPageOf(page: number): number | undefined {
  return page === 1 ? undefined : page
}

/** @returns undefined for what is no number of a page. */
export function pageIn(text: string): number | undefined {
  const page = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return page >= 1 && page <= MAX_PAGE ? page : undefined
}

/**
 * People separated by commas or `and`; e-mails, mentions, ids and quoted names by spaces too.
 *
 * @param isAmongKeywords whether keywords may follow, so that a name that looks like one needs quotes.
 * @throws Unclear
 */
export function peopleIn(tokens: readonly LineToken[], isAmongKeywords: boolean): PersonRef[] {
  return groupsOf(tokens).flatMap((group) => {
    const people = group.map(personOf)
    const clear = people.filter((person) => person !== undefined)
    if (clear.length === group.length) return clear
    const words = group.map(({ text }) => text)
    const name = readUnquotedName(words, isAmongKeywords)
    if (clear.length === 0) return [name]
    throw new Unclear(
      `Put commas between people: I cannot tell them apart in ${quoteTyped(words.join(' '))}.`,
    )
  })
}

function groupsOf(tokens: readonly LineToken[]): LineToken[][] {
  const groups: LineToken[][] = [[]]
  let before: LineToken | undefined
  for (const token of tokens) {
    const isAnd = token.kind === 'word' && token.text.toLowerCase() === 'and'
    const group = groups.at(-1) ?? []
    if (!isAnd && token.kind !== 'separator') group.push(token)
    else if (group.length > 0) groups.push([])
    else if (!isAnd || before?.kind !== 'separator' || groups.length === 1)
      throw new Unclear(`Somebody is missing before ${quoteTyped(token.text)}.`)
    before = token
  }
  if (groups.length > 1 && groups.at(-1)?.length === 0)
    throw new Unclear('Somebody is missing at the end of the list.')
  return groups.filter((group) => group.length > 0)
}

/** Narrower than the RFC: nothing that a quote or a keyword could be mistaken for. */
const EMAIL =
  /^[\p{L}\p{N}_+-][\p{L}\p{N}_.!#$%&'’*+/=?^{|}~-]{0,63}@[\p{L}\p{N}.-]{1,189}\.[\p{L}\p{N}-]{2,63}$/u
/** Slack's ids, and those of Teams, which are UUIDs or such as `29:1Ab_c-d`. */
const MENTION = /^@\{([A-Za-z0-9][A-Za-z0-9_.:-]{0,127})\}$/
/** An id whose hyphens something has made typographic. */
const DASHED_ID = /^[0-9a-f]{8}(?:[^0-9a-z][0-9a-f]{4}){3}[^0-9a-z][0-9a-f]{12}$/i
const VISIBLE = /[\p{L}\p{N}]/u

/**
 * The person that one word says by its form, or quotes by name.
 *
 * @returns undefined where the word may be a part of a name.
 * @throws Unclear where quotes hold no name.
 */
function personOf(token: LineToken): PersonRef | undefined {
  const { kind, text } = token
  if (kind === 'quoted') {
    if (!VISIBLE.test(text)) throw new Unclear('There is no name between the quotes.')
    return { by: 'name', name: text.trim() }
  }
  // Letters with marks of their own are letters of an address too.
  if (EMAIL.test(text.normalize('NFC'))) return { by: 'email', email: text }
  const mention = MENTION.exec(text)?.[1]
  if (mention !== undefined) return { by: 'mention', id: mention }
  const id = UserId.safeParse(text)
  if (id.success) return { by: 'id', userId: id.data }
  if (DASHED_ID.test(text)) throw new Unclear(explainOddity(text, 'id'))
  return undefined
}

/** Slips of these in an unquoted name are taken for slips; the shorter keywords are near too many names. */
const LONG_KEYWORDS = keywords.filter((keyword) => keyword.length >= 5)

/**
 * A name without quotes. Among keywords it must not look like one, nor like a time: nobody should get for good what was
 * meant until Friday because of a slip in `until`.
 *
 * @throws Unclear
 */
function readUnquotedName(words: readonly string[], isAmongKeywords: boolean): PersonRef {
  const name = words.join(' ')
  const faulty = words.find(
    (word) => word.includes('@') && !EMAIL.test(word.normalize('NFC')) && !MENTION.test(word),
  )
  if (faulty?.startsWith('@'))
    throw new Unclear(
      `${quoteTyped(faulty)} is no mention: pick the person from the list that comes up, or say their e-mail.`,
    )
  if (faulty !== undefined)
    throw new Unclear(explainOddity(faulty, 'id') || `${quoteTyped(faulty)} is no e-mail address.`)
  if (!VISIBLE.test(name)) throw new Unclear(`${quoteTyped(name)} is no name, e-mail, mention or id.`)
  for (const word of isAmongKeywords ? words : []) {
    const slip = nearest(word, LONG_KEYWORDS)
    if (slip !== undefined || /^\p{N}/u.test(word) || keywords.includes(word.toLowerCase()))
      throw new Unclear(`I cannot read ${quoteTyped(name)}: if it is a name, put it in quotes.`, slip)
  }
  return { by: 'name', name }
}
