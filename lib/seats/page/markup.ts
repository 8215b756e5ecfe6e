/** HTML that is put together from templates: what stands in between is escaped, unless it is markup itself. */
import { withEscapes } from '../../text.ts'
import { wordsOfId } from '../words/seat-words.ts'

export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: nothing is written for undefined. */
export type MarkupPart = Markup | string | number | undefined | readonly MarkupPart[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Controls, ends of lines, and what turns the direction of writing: no text of others needs them to be read. */
const TURNING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/** As text, and as the value of an attribute in quotes; nothing in it hides. */
function escapeText(text: string): string {
  return text.replace(TURNING, withEscapes).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
}

export function html(strings: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(''))
}

function textOf(part: MarkupPart): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part))
  return part.map(textOf).join('')
}

/** A text of others, such as a name: in its own direction, whatever stands around it. */
export function quoted(text: string): Markup {
  return html`<bdi>${text}</bdi>`
}

/** The id of a license, which may go on in the next line where one of its words begins. */
export function quotedId(id: string): Markup {
  return html`<bdi>${wordsOfId(id).map((word, index) => html`${index === 0 ? undefined : html`<wbr>`}${word}`)}</bdi>`
}
