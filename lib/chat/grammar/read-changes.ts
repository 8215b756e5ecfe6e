/** Changes that there are: listed, looked at, taken back, called off. */
import { ChangeId, resultOutcomes } from '../../changes/answers/change-schemas.ts'
import { nearest } from '../../nearest.ts'
import { untilIn } from './read-wishes.ts'
import { type LineToken, sectionsOf, tokensOf } from './sections.ts'
import type { Command } from './typed-command.ts'
import { laterPageOf, pageIn } from './typed-names.ts'
import { quoteTyped, Unclear } from './unclear.ts'

export function readChanges(text: string): Command {
  const [first, second, more] = tokensOf(text)
  const word = first?.text.toLowerCase()
  const isWhich = word === 'mine' || word === 'open' || word === 'due'
  const which = isWhich ? word : 'all'
  const last = isWhich ? second : first
  if (!last) return { verb: 'changes', which }
  const page = pageIn(last.text)
  const excess = isWhich ? more : second
  if (page !== undefined && !excess) return { verb: 'changes', which, page: laterPageOf(page) }
  const wrong = page === undefined ? last : (excess ?? last)
  const meant =
    changeIdIn(last.text) === undefined ? nearest(last.text.toLowerCase(), ['mine', 'open', 'due']) : 'change'
  throw new Unclear(
    `Which changes? Say “mine”, “open”, “due” or nothing, and a page if you like, but not ${quoteTyped(wrong.text)}.`,
    meant,
  )
}

export function readChange(text: string): Command {
  const [id, word, page, more] = tokensOf(text)
  if (word?.text.toLowerCase() !== 'people') return { verb: 'change', changeId: onlyChangeId(text) }
  const changeId = onlyChangeId(id?.text ?? '')
  const people = page === undefined ? 1 : pageIn(page.text)
  if (people === undefined || more) {
    throw new Unclear(
      `Which page of the people? ${quoteTyped((more ?? page)?.text ?? '')} is no page number.`,
    )
  }
  return { verb: 'change', changeId, people }
}

export function readOutcomes(text: string): Command {
  const [id, ...more] = tokensOf(text)
  const changeId = changeIdOf(id, undefined)
  const page = pageIn(more.at(-1)?.text ?? '')
  const words = page === undefined ? more : more.slice(0, -1)
  const typed = words.map((each) => each.text.toLowerCase()).join(' ')
  // `not applied` and `not-applied` are what the API calls `not.applied`.
  const word = typed.replace(/[ -]/g, '.')
  const outcome = resultOutcomes.find((each) => each === word)
  if (words.length > 0 && outcome === undefined) {
    throw new Unclear(
      `Which results? ${quoteTyped(typed)} is no page and no outcome: those are ${resultOutcomes.join(', ')}.`,
      nearest(word, resultOutcomes),
    )
  }
  return { verb: 'results', changeId, outcome, page: page === undefined ? undefined : laterPageOf(page) }
}

export function readUndo(text: string): Command {
  const { head, because } = sectionsOf(text, [])
  const [id, more] = head
  return { verb: 'undo', changeId: changeIdOf(id, more), because }
}

export function readRetry(text: string): Command {
  return { verb: 'retry', changeId: onlyChangeId(text) }
}

export function readSettle(text: string): Command {
  return { verb: 'settle', changeId: onlyChangeId(text) }
}

export function readExtend(text: string): Command {
  const said = sectionsOf(text, ['until', 'for'])
  const [id, more] = said.head
  const changeId = changeIdOf(id, more)
  const until = untilIn(said)
  if (until) return { verb: 'extend', changeId, until }
  throw new Unclear('Until when? Say a time behind “until”, or a duration behind “for”.')
}

export function readEnd(text: string): Command {
  return { verb: 'end', changeId: onlyChangeId(text) }
}

export function readCancel(text: string): Command {
  return { verb: 'cancel', changeId: onlyChangeId(text) }
}

/** @returns undefined where what is typed does not begin with an id: then no list is meant. */
export function listIn(text: string, verb: 'pause' | 'resume'): string | undefined {
  const [first = '', ...more] = text.trim().split(/\s+/)
  const changeId = changeIdIn(first)
  if (changeId === undefined && more.length === 0 && isLikeId(first)) {
    throw new Unclear(
      `${quoteTyped(first)} is no list's id: those have 20 letters and digits. For all writes give a reason in words behind “${verb}”.`,
    )
  }
  if (changeId === undefined || more.length === 0) return changeId
  throw new Unclear(
    `One list, or all writes? For the list say “${verb} ${changeId}” alone; for all writes begin the reason with another word.`,
  )
}

/** One word with digits among its letters, or cut short, is an id that was mistyped and no reason: all writes would stop. */
function isLikeId(word: string): boolean {
  return /…|\.\.\./.test(word) || (/\d/.test(word) && /[a-z]/i.test(word))
}

/** Nine digits are more people than there are in any org. */
const COUNT = /^\d{1,9}$/

export function readConfirm(text: string): Command {
  const [id, count, more] = tokensOf(text)
  const changeId = changeIdOf(id, more)
  if (!count) throw new Unclear('How many people does it change? Type that number behind the id.')
  // Where sentences set thousands apart, so do people.
  const digits = count.text.replace(/(?<=\d)[.'’_](?=\d{3}\b)/g, '')
  if (!COUNT.test(digits)) throw new Unclear(`${quoteTyped(count.text)} is no number of people.`)
  return { verb: 'confirm', changeId, count: Number(digits) }
}

export function readReject(text: string): Command {
  const { head, because } = sectionsOf(text, [])
  const [id, more] = head
  return { verb: 'reject', changeId: changeIdOf(id, more), because }
}

function onlyChangeId(text: string): string {
  const [first, more] = tokensOf(text)
  return changeIdOf(first, more)
}

function changeIdOf(first: LineToken | undefined, more: LineToken | undefined): string {
  if (!first) throw new Unclear('Which change? Say its id; “changes” lists them.')
  if (more) throw new Unclear(`One change at a time: ${quoteTyped(more.text)} is too much.`)
  const id = changeIdIn(first.text)
  if (id !== undefined) return id
  const isList = ['mine', 'open', 'due'].includes(first.text.toLowerCase())
  throw new Unclear(
    `${quoteTyped(first.text)} is no change id: those have 20 letters and digits.`,
    isList ? 'changes' : undefined,
  )
}

function changeIdIn(text: string): string | undefined {
  const id = ChangeId.safeParse(text)
  return id.success ? id.data : undefined
}
