/**
 * Slack's text objects, made of text that may be anybody's. Slack reads `& < >` as markup everywhere and decodes
 * their escapes; mrkdwn has no escape for `* _ ~` and the backtick, so what has those is shown as code.
 */
import { cut, oneLine } from '../conversation/words/reply.ts'

export type SlackText =
  | { readonly type: 'plain_text'; readonly text: string; readonly emoji: false }
  | { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true }

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What mrkdwn would act on: emphasis, code, a quote at the start, an emoji's name. Links and mentions need `<`. */
const ACTIVE = /[*_~`]|^>|:[^\s:]*[^\s:\d][^\s:]*:/

/** Slack shows no empty text. */
const NOTHING = '–'

export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (char) => entities[char] ?? char)
}

/** Cut so that its escaped form has at most `max` characters. */
export function cutToLength(text: string, max: number): string {
  return cut(text, max, (char) => entities[char]?.length ?? char.length)
}

/** No markup at all. @param lines each shown on a line of its own. */
export function plainTextOf(lines: string | readonly string[], max: number): SlackText {
  const given = typeof lines === 'string' ? [lines] : lines
  const text = cutToLength(given.map(oneLine).join('\n').trim(), max) || NOTHING
  return { type: 'plain_text', text: escapeMarkup(text), emoji: false }
}

/** `verbatim`: Slack makes no links and mentions of its own out of plain words. */
export function mrkdwnOf(text: string): SlackText {
  return { type: 'mrkdwn', text, verbatim: true }
}

/** Of mrkdwn: one line on which nothing acts. @param max two more for the backticks. */
export function makeInert(text: string, max: number): string {
  const shown = cutToLength(oneLine(text), max) || NOTHING
  return ACTIVE.test(shown) ? codeOf(shown) : escapeMarkup(shown)
}

/** Of mrkdwn: a name in bold where it can be. @param max two more for what makes it so. */
export function boldOf(text: string, max: number): string {
  const shown = cutToLength(oneLine(text), max) || NOTHING
  return ACTIVE.test(shown) ? codeOf(shown) : `*${escapeMarkup(shown)}*`
}

/** A fence around lines, in mrkdwn. @param max without the fence's eight. */
export function fenceLines(lines: readonly string[], max: number): string {
  return `\`\`\`\n${escapeMarkup(cutToLength(replaceBackticks(lines.join('\n')), max))}\n\`\`\``
}

function codeOf(text: string): string {
  return `\`${escapeMarkup(replaceBackticks(text))}\``
}

/** A backtick would end the code that it stands in. */
function replaceBackticks(text: string): string {
  return text.replaceAll('`', '´')
}
