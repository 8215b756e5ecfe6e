import { UserId } from '../../genesys/models/ids.ts'
import { nearest } from '../../nearest.ts'
import { keywords } from './sections.ts'
import type { Token } from './tokens.ts'
import type { PersonRef } from './typed-command.ts'
import { oddly, shown, Unclear } from './unclear.ts'

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
export function personOf(token: Token): PersonRef | undefined {
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
  if (DASHED_ID.test(text)) throw new Unclear(oddly(text, 'id'))
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
export function unquotedName(words: readonly string[], isAmongKeywords: boolean): PersonRef {
  const name = words.join(' ')
  const faulty = words.find(
    (word) => word.includes('@') && !EMAIL.test(word.normalize('NFC')) && !MENTION.test(word),
  )
  if (faulty?.startsWith('@'))
    throw new Unclear(
      `${shown(faulty)} is no mention: pick the person from the list that comes up, or say their e-mail.`,
    )
  if (faulty !== undefined) throw new Unclear(oddly(faulty, 'id') || `${shown(faulty)} is no e-mail address.`)
  if (!VISIBLE.test(name)) throw new Unclear(`${shown(name)} is no name, e-mail, mention or id.`)
  for (const word of isAmongKeywords ? words : []) {
    const slip = nearest(word, LONG_KEYWORDS)
    if (slip !== undefined || /^\p{N}/u.test(word) || keywords.includes(word.toLowerCase()))
      throw new Unclear(`I cannot read ${shown(name)}: if it is a name, put it in quotes.`, slip)
  }
  return { by: 'name', name }
}

export function personText(person: PersonRef): string {
  if (person.by === 'email') return person.email
  if (person.by === 'id') return person.userId
  if (person.by === 'mention') return `@{${person.id}}`
  return `"${person.name.replace(/["\\]/g, '\\$&')}"`
}
