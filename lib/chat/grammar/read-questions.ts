/** What only asks: people, licenses, roles, lists. */
import { type LineToken, tokensOf } from './sections.ts'
import type { Command, PersonRef } from './typed-command.ts'
import { laterPageOf, pageIn, peopleIn, requireName, requireNoMore, requireOnlyName } from './typed-names.ts'
import { quoteTyped, Unclear } from './unclear.ts'
import { verbOf } from './verbs.ts'

export function readHelp(text: string): Command {
  const [about, more] = tokensOf(text)
  if (!about) return { verb: 'help' }
  const verb = verbOf(about)
  if (more) throw new Unclear('Help about one verb at a time.')
  return { verb: 'help', about: verb }
}

export function readUser(text: string): Command {
  return { verb: 'user', person: requireOnePerson([...tokensOf(text)]) }
}

function requireOnePerson(tokens: readonly LineToken[]): PersonRef {
  if (tokens.length === 0) throw new Unclear('Who? Say an e-mail, a name, a mention or an id.')
  const [person, another] = peopleIn(tokens, false)
  if (!person) throw new Unclear('Who? Say an e-mail, a name, a mention or an id.')
  if (another) throw new Unclear('One person at a time, please.')
  return person
}

export function readSeatsQuestion(text: string): Command {
  const tokens = [...tokensOf(text)]
  return { verb: 'seats', license: tokens.length === 0 ? undefined : requireOnlyName(tokens, 'license') }
}

/** A number behind somebody is a page; of a name that ends in one it is a part only in quotes. */
export function readHistory(text: string): Command {
  const tokens = [...tokensOf(text)]
  const last = tokens.at(-1)
  const isPage = tokens.length > 1 && last?.kind === 'word' && /^-?\d+$/.test(last.text)
  const page = isPage ? pageIn(last.text) : undefined
  if (isPage && page === undefined) {
    throw new Unclear(`Which page? ${quoteTyped(last.text)} is no number of one.`)
  }
  const person = requireOnePerson(isPage ? tokens.slice(0, -1) : tokens)
  return { verb: 'history', person, page: page === undefined ? undefined : laterPageOf(page) }
}

export function readReport(text: string): Command {
  const [period, ...others] = tokensOf(text)
  if (!period) return { verb: 'report' }
  const id = requireName(period, 'period')
  requireNoMore(others, 'period')
  return { verb: 'report', period: id.toLowerCase() === 'current' ? undefined : id }
}

export function readWho(text: string): Command {
  const [license, page, more] = tokensOf(text)
  // What begins with a digit is no other license: it was meant for a page.
  if (!license || !page || !/^[\d-]/.test(page.text)) {
    return { verb: 'who', license: requireOnlyName([...tokensOf(text)], 'license') }
  }
  const number = pageIn(page.text)
  if (number === undefined || more) {
    throw new Unclear(`Which page? ${quoteTyped((more ?? page).text)} is no number of one.`)
  }
  return { verb: 'who', license: requireName(license, 'license'), page: laterPageOf(number) }
}

export function readDefinition(text: string): Command {
  return { verb: 'definition', license: requireOnlyName([...tokensOf(text)], 'license') }
}

export function readDefinitions(text: string): Command {
  requireNothing(text, 'definitions', 'definition')
  return { verb: 'definitions' }
}

export function readApprovals(text: string): Command {
  requireNothing(text, 'approvals', 'change')
  return { verb: 'approvals' }
}

export function readSchedules(text: string): Command {
  requireNothing(text, 'schedules')
  return { verb: 'schedules' }
}

/** @param forOne the verb that does take what was said. */
function requireNothing(text: string, verb: string, forOne?: string): void {
  const [first] = tokensOf(text)
  if (first) throw new Unclear(`“${verb}” stands alone: ${quoteTyped(first.text)} is too much.`, forOne)
}

export function readInfer(text: string): Command {
  const isWord = (token: LineToken) => token.kind !== 'separator'
  const roles = [...tokensOf(text)].filter(isWord).map((token) => requireName(token, 'role'))
  if (roles.length === 0) throw new Unclear('Which roles? Say their ids, with spaces between them.')
  return { verb: 'infer', roles }
}
