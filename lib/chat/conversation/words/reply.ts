/**
 * A reply before it is Slack's or Teams', and short ways to make one, so that all of them sound alike. All text is
 * plain: what renders it escapes it, so no name can become a mention.
 */
import { type ErrorCode, type GatewayError, withReason } from '../../../errors.ts'
import type { Role } from '../../../roles.ts'
import { withoutStrayJoiners } from '../../../text.ts'
import type { Misunderstood } from '../../grammar/typed-command.ts'
import { verbs } from '../../grammar/verbs.ts'
import { humanizeSentence } from './humanize-sentence.ts'
import { lengthTextOf } from './times.ts'

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
  readonly do:
    | 'apply'
    | 'cancel'
    | 'approve'
    | 'reject'
    | 'undo'
    | 'retry'
    | 'extend'
    | 'end'
    | 'pause'
    | 'resume'
    /** Calls off a list that is under way, and nothing else. */
    | 'stop'
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
  /** Where the page shows it, for platforms that know the page's address. */
  readonly onPage?: PageLink | undefined
}

export interface PageLink {
  readonly label: string
  /** As the page has it in its own links, behind its address. */
  readonly hash: `#/${string}`
}

/** A change, with all that may be done about it: what waits for approval is decided there as well. */
export const linkToChange = (changeId: string): PageLink => ({
  label: 'See it on the page',
  hash: `#/changes/${encodeURIComponent(changeId)}`,
})

export const linkToReport = (periodId: string): PageLink => ({
  label: 'See it with charts on the page',
  hash: `#/report/${encodeURIComponent(periodId)}`,
})

export const linkToSeats: PageLink = { label: 'See the seats on the page', hash: '#/seats' }

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

export const sayText = (sentence: string): Part => ({ kind: 'text', text: sentence })
/** @param command what to type next. */
export const sayNote = (sentence: string, command?: string): Part => ({
  kind: 'note',
  text: sentence,
  command,
})
export const sayLines = (...lines: readonly string[]): Part => ({ kind: 'command', lines })

/** An answer that everybody in the channel may see. */
export function answerWith(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'info', parts, isPrivate: false }
}

/** For the person alone: what could not be done, and what to do. */
export function refuse(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'warning', parts, isPrivate: true }
}

export function refuseRole(held: Role, asked: Role): Reply {
  return refuse(
    `This is for ${asked}s`,
    sayText(`Your role here is ${held}. Whoever looks after the gateway can change that in the org file.`),
  )
}

export function explainMistake({ error, didYouMean, usage }: Misunderstood): Reply {
  return refuse(
    error,
    ...(didYouMean === undefined ? [] : [sayText(`Did you mean “${didYouMean}”?`)]),
    sayLines(usage),
  )
}

export function explainVerbs(about: keyof typeof verbs | undefined): Reply {
  const parts =
    about === undefined
      ? [
          sayLines(...Object.values(verbs).map(({ usage }) => usage)),
          sayNote('More of one, with examples:', 'help grant'),
        ]
      : [sayLines(verbs[about].usage), sayNote('For example:'), sayLines(...verbs[about].examples)]
  const title = about === undefined ? 'What can be typed' : verbs[about].help
  return { ...answerWith(title, ...parts), isPrivate: true }
}

/** Longest title that a notification shows whole, in characters: our choice, below what Slack's header takes. */
const MAX_TITLE = 120

/** What Genesys or the way to it is at fault for; a later try may go well. */
const upstreamsOwn: readonly ErrorCode[] = [
  'upstream.bad.response',
  'upstream.unavailable',
  'request.timeout',
]

interface FailureReader {
  readonly timeZone: string
  /** Whether it is known that nothing has been sent for it. */
  readonly isUnchanged: boolean
}

/** What a port threw, as a person can use it: what is wrong, what it did, what to do. */
export function explainFailure(error: GatewayError, { timeZone, isUnchanged }: FailureReader): Reply {
  const { code, message, status, retryAfterSeconds, upstreamBody, upstreamStatus, changeId } = error
  const isBusy = code === 'too.many.requests.retry.after' && upstreamStatus === 429
  const sentence = isBusy
    ? 'Genesys takes no more requests for the moment'
    : withReason(humanizeSentence(dropWhen(message, retryAfterSeconds), { timeZone }), upstreamBody)
  const [title, ...rest] = splitTitle(sentence)
  return {
    ...refuse(
      title,
      ...rest.map(sayText),
      ...(isUnchanged ? [sayText('Nothing was changed in Genesys.')] : []),
      ...(retryAfterSeconds === undefined
        ? []
        : [sayNote(`Try again in ${lengthTextOf(retryAfterSeconds * 1_000)}.`)]),
      ...(upstreamsOwn.includes(code) && !/try again$/.test(sentence)
        ? [
            sayNote(
              `${retryAfterSeconds === undefined ? 'Try again in some minutes. ' : ''}If it stays so, tell whoever operates the gateway.`,
            ),
          ]
        : []),
      ...(changeId === undefined ? [] : [sayNote('To see how it stands:', `change ${changeId}`)]),
    ),
    tone: status >= 500 ? 'bad' : 'warning',
  }
}

/** When to try again stands in a line of its own where that is known. */
function dropWhen(message: string, retryAfterSeconds: number | undefined): string {
  return retryAfterSeconds === undefined
    ? message
    : message.replace(/[;,] try again(?: in (?:\d+ s|a minute))?$/, '')
}

/** A long sentence is cut where it says what is wrong, and the rest stands below, so that none of it is lost. */
function splitTitle(sentence: string): [title: string, ...rest: string[]] {
  if (sentence.length <= MAX_TITLE) return [sentence]
  const ends = [...sentence.matchAll(/[:;.] /g)].map(({ index }) => index)
  const end = ends.filter((at) => at <= MAX_TITLE).at(-1)
  if (end === undefined) return ['That could not be done', sentence]
  const rest = sentence.slice(end + 2)
  return [sentence.slice(0, end), `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`.replace(/\.\.$/, '.')]
}

/** What went wrong is ours, and something may have been done before it did. @param line what to look at it with. */
export function explainBreak(deliveryId: string, look: string, line: string): Reply {
  return {
    ...refuse(
      'Something went wrong on our side',
      sayText(`${look} before you try again:`),
      sayLines(line),
      sayNote(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}

/** What went wrong is ours, before anything was begun. */
export function explainNotBegun(deliveryId: string): Reply {
  return {
    ...refuse(
      'Something went wrong on our side, and nothing was done',
      sayText('It is tried again by itself. If nothing more comes within five minutes, please try again.'),
      sayNote(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}
