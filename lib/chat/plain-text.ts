/** A reply as text in a terminal, as a person in the chat would read it. */

import { inColumns } from './columns.ts'
import { cutNote, linesOf, oneLine, type Part, type Reply } from './reply.ts'

const signs: Readonly<Record<Reply['tone'], string>> = {
  info: '',
  good: '✓ ',
  warning: '! ',
  bad: '✗ ',
  question: '? ',
}

/** Control characters are gone, so that no name moves the cursor. Ends without a line end. */
export function plainText(reply: Reply): string {
  const buttons = (reply.buttons ?? []).map(({ label }) => `[${oneLine(label)}]`)
  const blocks = [
    [signs[reply.tone] + oneLine(reply.title), ...(reply.isPrivate ? ['(only you see this)'] : [])],
    ...reply.parts.map(linesOfPart),
    buttons.length === 0 ? [] : [buttons.join(' ')],
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function linesOfPart(part: Part): string[] {
  switch (part.kind) {
    case 'text':
    case 'note':
      return oneLine(part.text) === '' ? [] : [oneLine(part.text)]
    case 'code':
      return linesOf(part.text).map((line) => `  ${line}`)
    case 'facts':
      return inColumns(['', ''], part.facts).slice(1)
    case 'table': {
      const rest = part.rows.length === 0 && !part.total ? 'None.' : cutNote(part.rows.length, part)
      return [...inColumns(part.headings, part.rows), ...(rest === undefined ? [] : [rest])]
    }
  }
}
