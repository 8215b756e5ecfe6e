import { nearest } from '../../nearest.ts'
import { withoutInvisible, withoutJoiners } from '../../text.ts'
import type { Token } from './tokens.ts'
import type { Verb } from './typed-command.ts'
import { oddly, shown, Unclear } from './unclear.ts'
import { isVerb, verbs } from './verbs.ts'

/** @throws Unclear with the verb that was probably meant. */
export function verbOf(token: Token): Verb {
  const word = token.text.toLowerCase()
  if (token.kind === 'word' && isVerb(word)) return word
  if (token.kind === 'separator') throw new Unclear('Begin with what you want to do.', 'help')
  const odd = oddly(token.text, 'id')
  if (odd !== '') throw new Unclear(odd, probable(withoutInvisible(withoutJoiners(word))))
  throw new Unclear(`I do not know ${shown(token.text)}.`, probable(word))
}

function probable(word: string): string | undefined {
  const known = Object.keys(verbs).filter(isVerb)
  return known.find((verb) => verb === word || verbs[verb].alsoCalled.includes(word)) ?? nearest(word, known)
}
