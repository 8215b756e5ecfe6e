/**
 * A reply as Slack's Block Kit, for a response URL and for chat.postMessage alike. Slack's text objects,
 * made of text that may be anybody's. Slack reads `& < >` as markup everywhere and decodes their escapes;
 * mrkdwn has no escape for `* _ ~` and the backtick, so what has those is shown as code.
 */
import { fitColumns } from '../conversation/words/columns.ts'
import {
  type Button,
  cut,
  cutNote,
  linesOf,
  oneLine,
  type Part,
  type Reply,
} from '../conversation/words/reply.ts'
import {
  MAX_BLOCKS,
  MAX_BUTTONS,
  MAX_FIELD_LENGTH,
  MAX_FIELDS,
  MAX_HEADER_LENGTH,
  MAX_LABEL_LENGTH,
  MAX_TEXT_LENGTH,
  MAX_VALUE_LENGTH,
} from './limits.ts'

interface ButtonElement {
  readonly type: 'button'
  readonly action_id: string
  readonly text: SlackText
  readonly value: string
  readonly style?: 'primary' | 'danger' | undefined
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: SlackText }
  | { readonly type: 'section'; readonly text: SlackText }
  | { readonly type: 'section'; readonly fields: readonly SlackText[] }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] }
  | { readonly type: 'actions'; readonly elements: readonly ButtonElement[] }

export interface SlackMessage {
  readonly response_type: 'ephemeral' | 'in_channel'
  /** Whether it takes the place of the message whose button was pressed. */
  readonly replace_original: boolean
  /** For notifications and screen readers. */
  readonly text: string
  /** Of `text`: nothing in it is markup, a link or a mention. */
  readonly mrkdwn: false
  readonly parse: 'none'
  readonly link_names: false
  readonly blocks: readonly SlackBlock[]
  /** The message that it stands below; in the channel besides, where `reply_broadcast`. */
  readonly thread_ts?: string | undefined
  readonly reply_broadcast?: boolean | undefined
}

const signs: Readonly<Record<Reply['tone'], string>> = {
  info: '',
  good: '✅ ',
  warning: '⚠️ ',
  bad: '❌ ',
  question: '❓ ',
}

/** Longest line of a listed row, and the longest name of a fact, in characters: our choice. */
const MAX_LINE_LENGTH = 300
const MAX_NAME_LENGTH = 75

/**
 * A new message.
 *
 * @param pageUrl the page's address, with a slash at its end; without it nothing leads there.
 */
export function slackMessageOf(reply: Reply, pageUrl?: string): SlackMessage {
  const title = plainTextOf(reply.title, MAX_HEADER_LENGTH - signs[reply.tone].length)
  // Nothing of what is said may be lost for being too long for a heading.
  const isCut = title.text !== plainTextOf(reply.title, MAX_TEXT_LENGTH).text
  const link = linkOf(reply, pageUrl)
  return {
    response_type: reply.isPrivate ? 'ephemeral' : 'in_channel',
    replace_original: false,
    text: plainTextOf(reply.title, MAX_TEXT_LENGTH).text,
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    blocks: [
      { type: 'header', text: { ...title, text: signs[reply.tone] + title.text } },
      ...fitParts(
        isCut ? [{ kind: 'text', text: reply.title }, ...reply.parts] : reply.parts,
        MAX_BLOCKS - 3 - link.length,
      ),
      ...link,
      ...actionsOf(reply.buttons ?? []),
    ],
  }
}

/** In place of the message whose button was pressed, so that nobody presses it again. */
export function slackReplacementOf(reply: Reply, pageUrl?: string): SlackMessage {
  return { ...slackMessageOf(reply, pageUrl), replace_original: true }
}

/** No button: Slack would send us each press of one that only leads somewhere. */
function linkOf({ onPage }: Reply, pageUrl: string | undefined): SlackBlock[] {
  if (onPage === undefined || pageUrl === undefined) return []
  const link = `<${escapeMarkup(pageUrl + onPage.hash)}|${escapeMarkup(onPage.label)}>`
  return [{ type: 'context', elements: [mrkdwnOf(link)] }]
}

const USER_ID = /^[UW][A-Z0-9]{1,31}$/

/**
 * The title alone, below a message that was edited, which notifies nobody (docs.slack.dev, chat.update): whoever is
 * mentioned is notified, and where nobody is, whoever reads the channel sees it there too.
 */
export function slackReplyTo(ts: string, { title, tone }: Reply, userId: string | undefined): SlackMessage {
  const isMentioned = userId !== undefined && USER_ID.test(userId)
  const said = `${signs[tone]}${makeInert(title, MAX_TEXT_LENGTH / 2)}`
  return {
    ...slackMessageOf({ title, tone, parts: [], isPrivate: false }),
    blocks: [{ type: 'section', text: mrkdwnOf(isMentioned ? `<@${userId}> ${said}` : said) }],
    thread_ts: ts,
    reply_broadcast: !isMentioned,
  }
}

/** The parts that fit between header, link and buttons; those that don't are counted. */
function fitParts(parts: readonly Part[], room: number): SlackBlock[] {
  const blocks: SlackBlock[] = []
  for (const [index, part] of parts.entries()) {
    const more = blocksOf(part)
    if (blocks.length + more.length > room)
      return [...blocks, contextOf(`… ${parts.length - index} more parts`)]
    blocks.push(...more)
  }
  return blocks
}

function blocksOf(part: Part): SlackBlock[] {
  switch (part.kind) {
    case 'text':
      return oneLine(part.text) === '' ? [] : [sectionOf(plainTextOf(part.text, MAX_TEXT_LENGTH))]
    case 'note':
      return noteOf(part)
    case 'command':
      return [
        sectionOf(
          mrkdwnOf(
            fenceLines(
              part.lines.flatMap((line) => linesOf(typedLineOf(line))),
              MAX_TEXT_LENGTH - 8,
            ),
          ),
        ),
      ]
    case 'facts':
      return factsOf(part.facts)
    case 'table':
      return tableOf(part)
  }
}

function noteOf({ text, command }: Extract<Part, { kind: 'note' }>): SlackBlock[] {
  const sentence = command === undefined ? text : `${text} ${typedLineOf(command)}`
  return oneLine(sentence) === '' ? [] : [contextOf(sentence)]
}

/** As it is typed here. */
function typedLineOf(line: string): string {
  return `/license ${line}`
}

function factsOf(facts: Extract<Part, { kind: 'facts' }>['facts']): SlackBlock[] {
  const fields = facts.map(([name, value]) => {
    const shownName = boldOf(name, MAX_NAME_LENGTH)
    return mrkdwnOf(`${shownName}\n${makeInert(value, MAX_FIELD_LENGTH - MAX_NAME_LENGTH - 5)}`)
  })
  const blocks: SlackBlock[] = []
  for (let at = 0; at < fields.length; at += MAX_FIELDS) {
    blocks.push({ type: 'section', fields: fields.slice(at, at + MAX_FIELDS) })
  }
  return blocks
}

function tableOf(part: Extract<Part, { kind: 'table' }>): SlackBlock[] {
  const columns = fitColumns(part.headings, part.rows)
  const lines = columns ?? [part.headings, ...part.rows].map(listRow)
  const shown = lines.slice(0, countFittingLines(lines))
  const text = columns
    ? mrkdwnOf(fenceLines(shown, MAX_TEXT_LENGTH - 8))
    : plainTextOf(shown, MAX_TEXT_LENGTH)
  const rest = part.rows.length === 0 && !part.total ? 'None.' : cutNote(shown.length - 1, part)
  return [sectionOf(text), ...(rest === undefined ? [] : [contextOf(rest)])]
}

/** A row on one line that a phone may wrap. */
function listRow(row: readonly string[]): string {
  const cells = row.map(oneLine).filter((cell) => cell !== '')
  return cutToLength(cells.join(' · '), MAX_LINE_LENGTH)
}

/** Lines from the first that make a section, the fence and the line ends counted. */
function countFittingLines(lines: readonly string[]): number {
  let length = 8
  const end = lines.findIndex((line) => {
    length += escapeMarkup(line).length + 1
    return length > MAX_TEXT_LENGTH
  })
  return end === -1 ? lines.length : end
}

function actionsOf(buttons: readonly Button[]): SlackBlock[] {
  const elements = buttons.slice(0, MAX_BUTTONS).flatMap((button, index): ButtonElement[] => {
    const value = JSON.stringify(button.action)
    // Half an action is none.
    if (value.length > MAX_VALUE_LENGTH) return []
    return [
      {
        type: 'button',
        action_id: `${button.action.do}-${index}`,
        text: plainTextOf(button.label, MAX_LABEL_LENGTH),
        value,
        style: button.style === 'plain' ? undefined : button.style,
      },
    ]
  })
  return elements.length === 0 ? [] : [{ type: 'actions', elements }]
}

function sectionOf(text: SlackText): SlackBlock {
  return { type: 'section', text }
}

function contextOf(text: string): SlackBlock {
  return { type: 'context', elements: [plainTextOf(text, MAX_TEXT_LENGTH)] }
}

export type SlackText =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true }

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What mrkdwn would act on: emphasis, code, a quote at the start, an emoji's name. Links and mentions need `<`. */
const ACTIVE = /[*_~`]|^>|:[^\s:]*[^\s:\d][^\s:]*:/

/** Slack shows no empty text. */
const NOTHING = '–'

function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (char) => entities[char] ?? char)
}

/** Cut so that its escaped form has at most `max` characters. */
function cutToLength(text: string, max: number): string {
  return cut(text, max, (char) => entities[char]?.length ?? char.length)
}

/** No markup at all. @param lines each shown on a line of its own. */
function plainTextOf(lines: string | readonly string[], max: number): SlackText {
  const given = typeof lines === 'string' ? [lines] : lines
  const text = cutToLength(given.map(oneLine).join('\n').trim(), max) || NOTHING
  return { type: 'plain_text', text: escapeMarkup(text), emoji: false }
}

/** `verbatim`: Slack makes no links and mentions of its own out of plain words. */
function mrkdwnOf(text: string): SlackText {
  return { type: 'mrkdwn', text, verbatim: true }
}

/** Of mrkdwn: one line on which nothing acts. @param max two more for the backticks. */
function makeInert(text: string, max: number): string {
  const shown = cutToLength(oneLine(text), max) || NOTHING
  return ACTIVE.test(shown) ? codeOf(shown) : escapeMarkup(shown)
}

/** Of mrkdwn: a name in bold where it can be. @param max two more for what makes it so. */
function boldOf(text: string, max: number): string {
  const shown = cutToLength(oneLine(text), max) || NOTHING
  return ACTIVE.test(shown) ? codeOf(shown) : `*${escapeMarkup(shown)}*`
}

/** A fence around lines, in mrkdwn. @param max without the fence's eight. */
function fenceLines(lines: readonly string[], max: number): string {
  return `\`\`\`\n${escapeMarkup(cutToLength(replaceBackticks(lines.join('\n')), max))}\n\`\`\``
}

function codeOf(text: string): string {
  return `\`${escapeMarkup(replaceBackticks(text))}\``
}

/** A backtick would end the code that it stands in. */
function replaceBackticks(text: string): string {
  return text.replaceAll('`', '´')
}
