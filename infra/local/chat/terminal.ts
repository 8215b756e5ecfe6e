/** A message as lines in a terminal. Control characters are gone, so that no name moves the cursor. */
import { styleText } from 'node:util'
import { alignColumns } from '../../../lib/chat/conversation/words/columns.ts'
import { linesOf, oneLine } from '../../../lib/chat/conversation/words/reply.ts'
import type { SeenMessage, SeenPart, Span } from './seen.ts'

type Style = Parameters<typeof styleText>[0]

/** @param isColoured whether the terminal takes more than plain text. */
export function inTerminal(message: SeenMessage, isColoured: boolean): string {
  const styled = (style: Style, text: string) =>
    isColoured ? styleText(style, text, { validateStream: false }) : text
  const { from, channel, isPrivate, parts, buttons } = message
  const whose = `${oneLine(from)} in ${channel}${isPrivate ? ', only visible to you' : ''}`
  const labels = buttons.map(({ label }) => `[${oneLine(label)}]`).join(' ')
  const blocks = [
    styled('dim', whose),
    ...parts.map((part) => linesOfPart(part, styled)),
    ...(labels === '' ? [] : [styled('bold', labels)]),
  ]
  return blocks.join('\n')
}

function linesOfPart(part: SeenPart, styled: (style: Style, text: string) => string): string {
  switch (part.kind) {
    case 'heading':
      return styled('bold', oneLine(part.text))
    case 'text':
      return linesOf(textOf(part.spans)).join('\n')
    case 'note':
      return styled('dim', oneLine(part.text))
    case 'code':
      return linesOf(part.text)
        .map((line) => `  ${line}`)
        .join('\n')
    case 'fields':
      return alignColumns(
        ['', ''],
        part.fields.map(({ name, value }) => [name, textOf(value)]),
      )
        .slice(1)
        .map((line) => `  ${line}`)
        .join('\n')
  }
}

function textOf(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join('')
}
