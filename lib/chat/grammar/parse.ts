/**
 * Enters a line that somebody typed, leaves a command, or what is wrong with it in plain words. Start reading here:
 * verbs.ts says what there is, sections.ts cuts a line, and each verb is read by one of the read-… files.
 */

import {
  readCancel,
  readChange,
  readChanges,
  readConfirm,
  readEnd,
  readExtend,
  readOutcomes,
  readReject,
  readRetry,
  readSettle,
  readUndo,
} from './read-changes.ts'
import {
  readApprovals,
  readDefinition,
  readDefinitions,
  readHelp,
  readHistory,
  readInfer,
  readReport,
  readSchedules,
  readSeatsQuestion,
  readUser,
  readWho,
} from './read-questions.ts'
import { readGrant, readRevoke, readToggle } from './read-wishes.ts'
import { readPauseOrder, readResume, readWrites } from './read-writes.ts'
import { tokensOf } from './sections.ts'
import type { Command, Parsed, Verb } from './typed-command.ts'
import { quoteTyped, Unclear } from './unclear.ts'
import { isVerb, verbOf, verbs } from './verbs.ts'

/** Longest line that is read, in UTF-16 units: some fifty people and a reason. */
const MAX_LENGTH = 3_000

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/
/** What no keyboard types. */
const HIDDEN = /\p{Cc}/u
/** What stands where something was that could not be read. */
const UNREAD = '\ufffd'

/** Each takes what stands behind the verb. */
const readers: Readonly<Record<Verb, (text: string) => Command>> = {
  help: readHelp,
  user: readUser,
  who: readWho,
  seats: readSeatsQuestion,
  history: readHistory,
  report: readReport,
  definitions: readDefinitions,
  definition: readDefinition,
  infer: readInfer,
  toggle: readToggle,
  grant: readGrant,
  revoke: readRevoke,
  changes: readChanges,
  change: readChange,
  results: readOutcomes,
  approvals: readApprovals,
  confirm: readConfirm,
  reject: readReject,
  undo: readUndo,
  retry: readRetry,
  settle: readSettle,
  cancel: readCancel,
  extend: readExtend,
  end: readEnd,
  schedules: readSchedules,
  writes: readWrites,
  pause: readPauseOrder,
  resume: readResume,
}

/**
 * What was typed behind `/license`, with mentions as `@{id}`. Never throws.
 */
export function parseLine(text: string): Parsed {
  let verb: Verb = 'help'
  try {
    const line = requireLine(text)
    const [first] = tokensOf(line)
    if (!first) return { command: { verb: 'help' } }
    verb = verbOf(first)
    return { command: readers[verb](line.slice(first.end)) }
  } catch (error) {
    if (!(error instanceof Unclear)) throw error
    const { message, didYouMean } = error
    const meant = verb === 'help' && didYouMean !== undefined && isVerb(didYouMean) ? didYouMean : verb
    return {
      misunderstood: {
        error: message,
        didYouMean,
        usage: verbs[meant].usage,
      },
    }
  }
}

function requireLine(text: string): string {
  if (text.length > MAX_LENGTH)
    throw new Unclear(`That is too long: up to ${MAX_LENGTH} characters can be read.`)
  const line = text.trim().replaceAll('\t', ' ')
  if (LINE_BREAK.test(line)) throw new Unclear('One command on one line, please.')
  if (HIDDEN.test(line) || !line.isWellFormed())
    throw new Unclear('There are hidden characters in that. Please type it instead of pasting it.')
  if (line.includes(UNREAD))
    throw new Unclear(
      `A character could not be read${behindText(line, line.indexOf(UNREAD))}. Please type it instead of pasting it.`,
    )
  return line
}

function behindText(line: string, at: number): string {
  const before = line.slice(Math.max(0, at - 16), at)
  return before.trim() === '' ? '' : ` after ${quoteTyped(before)}`
}
