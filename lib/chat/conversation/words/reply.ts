/** A reply before it is Slack's or Teams'. All text is plain: what renders it escapes it, so no name can become a mention. */
import { withoutStrayJoiners } from '../../../text.ts'

/** One part of a reply, in the order in which it is read. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** A sentence in a lesser voice, such as an age or an id; behind it what to type next, as in `command`. */
  | { readonly kind: 'note'; readonly text: string; readonly command?: string | undefined }
  /** Rows of equal columns, the first row of `rows` not a heading. Long ones are cut with a count. */
  | {
      readonly kind: 'table'
      readonly headings: readonly string[]
      readonly rows: readonly (readonly string[])[]
      /** Rows there are in all, where more than are given. */
      readonly total?: number | undefined
      /** What to type or call to get the rest. */
      readonly rest?: string | undefined
    }
  /** Name and value, such as who, license, before, after. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  /** Lines to be typed, shown as code. How the app is called there is put before each by what renders them. */
  | { readonly kind: 'command'; readonly lines: readonly string[] }

/** What a button does, bound to the plan's digest; the platform carries it and hands it back. */
export interface ButtonAction {
  readonly do: 'apply' | 'cancel' | 'approve' | 'reject' | 'undo'
  readonly changeId: string
  readonly digest: string
}

export interface Button {
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
  readonly action: ButtonAction
}

export interface Reply {
  /** One line, for notifications and where nothing else can be shown. */
  readonly title: string
  /** How it ended, for a colour or a sign; `info` for answers. */
  readonly tone: 'info' | 'good' | 'warning' | 'bad' | 'question'
  readonly parts: readonly Part[]
  readonly buttons?: readonly Button[] | undefined
  /** Shown to the person alone: refusals, help, mistakes. */
  readonly isPrivate: boolean
}

/** What comes of a delivery, for whoever sent it. One of the two at least. */
export interface DeliveryReplies {
  readonly said?: Reply | undefined
  /** How a change stands, in place of the message whose button was pressed. */
  readonly stands?: Reply | undefined
}

/** What is never shown: it reverses or hides what stands beside it (bidi, zero-width, tags, fillers). */
const UNSEEN = /[[\p{Cf}\p{Default_Ignorable_Code_Point}]--[\u200c\u200d]]/gv
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

/** Text as it may be shown: what is there can be seen, on one line. A line of its own is a part of its own. */
export function oneLine(text: string): string {
  return linesOf(text).join(' ').replace(/\s+/g, ' ').trim()
}

/** The lines of words to be typed, their blanks kept. */
export function linesOf(text: string): string[] {
  const lines = text.toWellFormed().split(/\r\n|[\n\r\u2028\u2029]/)
  return lines.map((line) => withoutStrayJoiners(line.replace(UNSEEN, '')).replace(CONTROL, ' ').trimEnd())
}

/** Longest tail that `cut` writes, in characters. */
const TAIL_LENGTH = 22

/**
 * Text of at most so many characters; what is left out is counted. No character is halved.
 * @param max at least twice the tail's 22.
 * @param lengthOf what one character takes where it is shown, escapes included.
 */
export function cut(text: string, max: number, lengthOf = (char: string) => char.length): string {
  const chars = [...text]
  let length = 0
  let kept = 0
  for (const [index, char] of chars.entries()) {
    length += lengthOf(char)
    if (length <= max - TAIL_LENGTH) kept = index + 1
    if (length > max) return `${chars.slice(0, kept).join('')}… (${chars.length - kept} more)`
  }
  return text
}

/** Under a table that does not show all there is: how much it shows, and how to get the rest. */
export function cutNote(shown: number, table: Extract<Part, { kind: 'table' }>): string | undefined {
  const total = Math.max(table.total ?? 0, table.rows.length)
  if (shown >= total) return undefined
  const rest = oneLine(table.rest ?? '')
  return `${shown} of ${total} shown.${rest === '' ? '' : ` The rest: ${rest}`}`
}
