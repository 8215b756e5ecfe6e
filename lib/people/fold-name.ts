/** Names and addresses as people compare them: how letters are composed, which apostrophe, how many blanks tells nobody apart. */
import { withoutInvisible, withoutJoiners } from '../text.ts'

const APOSTROPHES = /[’‘ʻʼʹ´`′＇]/g
const BLANKS = /\s+/g

/** Two names are the same where this is. */
export function foldName(name: string): string {
  return withoutInvisible(name)
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replace(APOSTROPHES, "'")
    .replace(BLANKS, ' ')
    .trim()
}

/**
 * The same for names of which one was typed without what joins or parts its letters: not every keyboard has it, and it is
 * not always seen. Two people may be alike in this, and not the same.
 */
export function foldNameLoosely(name: string): string {
  return withoutJoiners(foldName(name))
}

/** The same for e-mail addresses. */
export function foldAddress(email: string): string {
  return foldName(email)
}

/** What a search is for: all parts, each in any of the ways in which it may be written. */
export type SearchParts = readonly (readonly string[])[]

/** Criteria of one search; further parts would hardly narrow it. */
const MAX_PARTS = 6

/**
 * Parts that every name has which folds as this one does, however it is written: how upstream compares is not
 * documented, so letters with marks, apostrophes and blanks are left out of what is searched for.
 */
export function searchablePartsOf(name: string): SearchParts {
  const words = withoutInvisible(name)
    .normalize('NFC')
    .split(BLANKS)
    .filter((word) => word !== '')
  const plain = new Set(words.map(plainPartOf).filter((part) => part !== ''))
  const parts = [...plain].sort((a, b) => b.length - a.length).map(waysToJoin)
  return (parts.length > 0 ? parts : words.map(waysToWrite)).slice(0, MAX_PARTS)
}

/** The longest run of letters and digits that are written in one way only. */
function plainPartOf(word: string): string {
  let longest = ''
  let run = ''
  for (const char of word) {
    // Some apostrophes are letters to Unicode.
    const isPlain =
      /[\p{L}\p{N}]/u.test(char) && char.normalize('NFD') === char && char.search(APOSTROPHES) < 0
    run = isPlain ? run + char : ''
    if (run.length > longest.length) longest = run
  }
  return longest
}

/** Letters of a part that may be parted: each is one more way, and so many narrow a search enough. */
const MAX_JOINED = 12

/** A part of Arabic letters as it is, and with what parts them (U+200C) in one place, where it may have been left out. */
function waysToJoin(part: string): string[] {
  if (!/\p{Script=Arabic}/u.test(part)) return [part]
  const letters = [...part].slice(0, MAX_JOINED)
  const parted = letters.slice(1).map((_, index) => {
    const at = index + 1
    return `${letters.slice(0, at).join('')}\u200c${letters.slice(at).join('')}`
  })
  return [letters.join(''), ...parted]
}

/** The ways in which a text may be held that folds as this one does, as given first. */
export function waysToWrite(text: string): string[] {
  const straight = text.replace(APOSTROPHES, "'")
  const ways = [text, straight, straight.replaceAll("'", '’')]
  return [...new Set(ways.flatMap((way) => [way, way.normalize('NFC'), way.normalize('NFD')]))]
}
