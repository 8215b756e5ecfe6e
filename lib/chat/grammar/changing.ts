/** Changes that there are: listed, looked at, taken back. */
import { ChangeId } from '../../changes/models.ts'
import { nearest } from '../../nearest.ts'
import type { Command } from '../command.ts'
import { tokensOf } from './tokens.ts'
import { shown, Unclear } from './unclear.ts'

export function readChanges(text: string): Command {
  const [first, more] = tokensOf(text)
  if (!first) return { verb: 'changes', which: 'all' }
  const word = first.text.toLowerCase()
  if ((word !== 'mine' && word !== 'open') || more) {
    const meant = changeIdIn(first.text) === undefined ? nearest(word, ['mine', 'open']) : 'change'
    throw new Unclear(
      `Which changes? Say “mine”, “open” or nothing, but not ${shown((more ?? first).text)}.`,
      meant,
    )
  }
  return { verb: 'changes', which: word }
}

export function readChange(text: string): Command {
  return { verb: 'change', changeId: onlyChangeId(text) }
}

export function readUndo(text: string): Command {
  return { verb: 'undo', changeId: onlyChangeId(text) }
}

export function readSettle(text: string): Command {
  return { verb: 'settle', changeId: onlyChangeId(text) }
}

function onlyChangeId(text: string): string {
  const [first, more] = tokensOf(text)
  if (!first) throw new Unclear('Which change? Say its id; “changes” lists them.')
  if (more) throw new Unclear(`One change at a time: ${shown(more.text)} is too much.`)
  const id = changeIdIn(first.text)
  if (id !== undefined) return id
  const isList = ['mine', 'open'].includes(first.text.toLowerCase())
  throw new Unclear(
    `${shown(first.text)} is no change id: those have 20 letters and digits.`,
    isList ? 'changes' : undefined,
  )
}

/** Ids are read aloud and typed: Crockford's alphabet takes I and L for 1, O for 0, and any case. */
function changeIdIn(text: string): string | undefined {
  const id = ChangeId.safeParse(text.toLowerCase().replace(/[il]/g, '1').replaceAll('o', '0'))
  return id.success ? id.data : undefined
}
