import { personOf, unquotedName } from './person.ts'
import type { Token } from './tokens.ts'
import type { PersonRef } from './typed-command.ts'
import { shown, Unclear } from './unclear.ts'

/**
 * People separated by commas or `and`; e-mails, mentions, ids and quoted names by spaces too.
 *
 * @param isAmongKeywords whether keywords may follow, so that a name that looks like one needs quotes.
 * @throws Unclear
 */
export function peopleIn(tokens: readonly Token[], isAmongKeywords: boolean): PersonRef[] {
  return groupsOf(tokens).flatMap((group) => {
    const people = group.map(personOf)
    const clear = people.filter((person) => person !== undefined)
    if (clear.length === group.length) return clear
    const words = group.map(({ text }) => text)
    const name = unquotedName(words, isAmongKeywords)
    if (clear.length === 0) return [name]
    throw new Unclear(`Put commas between people: I cannot tell them apart in ${shown(words.join(' '))}.`)
  })
}

function groupsOf(tokens: readonly Token[]): Token[][] {
  const groups: Token[][] = [[]]
  let before: Token | undefined
  for (const token of tokens) {
    const isAnd = token.kind === 'word' && token.text.toLowerCase() === 'and'
    const group = groups.at(-1) ?? []
    if (!isAnd && token.kind !== 'separator') group.push(token)
    else if (group.length > 0) groups.push([])
    else if (!isAnd || before?.kind !== 'separator' || groups.length === 1)
      throw new Unclear(`Somebody is missing before ${shown(token.text)}.`)
    before = token
  }
  if (groups.length > 1 && groups.at(-1)?.length === 0)
    throw new Unclear('Somebody is missing at the end of the list.')
  return groups.filter((group) => group.length > 0)
}
