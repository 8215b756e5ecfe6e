/** What cannot be read, as a sentence for whoever typed it that repeats no more of it than helps. */
import { oddityIn, withoutInvisible, withoutStrayJoiners } from '../../text.ts'

/** What was typed cannot be read; the message is for the person who typed it. */
export class Unclear extends Error {
  override readonly name = 'Unclear'
  readonly didYouMean: string | undefined

  constructor(message: string, didYouMean?: string) {
    super(message)
    this.didYouMean = didYouMean
  }
}

/** Longest piece of what was typed that a message repeats: enough to find it again in the line. */
const MAX_SHOWN = 40

/** Longest piece before it by which a character that nobody sees is found again. */
const MAX_BEFORE = 16

/**
 * What in a word is not what it looks like, as a sentence about it; empty where there is nothing.
 *
 * @param kind in names, dashes and joiners are what they are; an id has neither.
 */
export function explainOddity(text: string, kind: 'id' | 'name'): string {
  const oddity = oddityIn(text, kind)
  if (!oddity) return ''
  const before = text.slice(0, oddity.at)
  const where = before === '' ? 'at its beginning' : `after ${quoteTyped(before.slice(-MAX_BEFORE))}`
  const seen = quoteTyped(withoutInvisible(text).replace(/\p{Cf}/gu, ''))
  return `${seen} has ${oddity.what} ${where}. Please type it instead of pasting it.`
}

/** What was typed as a message may repeat it: short, and nothing in it that cannot be seen. */
export function quoteTyped(text: string): string {
  // A mention's id is none that anybody typed or can read.
  const seen = text.replace(/@\{[^{}\s]{1,128}\}/g, '@…')
  const visible = [
    ...withoutStrayJoiners(seen)
      .replace(/[[\p{C}\p{Z}]--[\u200c\u200d]]+/gv, ' ')
      .trim(),
  ]
  return `“${visible.length > MAX_SHOWN ? `${visible.slice(0, MAX_SHOWN - 1).join('')}…` : visible.join('')}”`
}
