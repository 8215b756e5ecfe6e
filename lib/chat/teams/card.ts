/**
 * A reply as an Adaptive Card for Teams. All text is in text runs, which know no Markdown; cards in an outgoing
 * webhook's answer have no buttons that act, so those become words. Teams shows a card to the whole channel:
 * `isPrivate` cannot be kept here. Sources: learn.microsoft.com, "Text features" and "Create Outgoing Webhooks".
 */
import { alignFigures } from '../conversation/words/columns.ts'
import {
  type Button,
  cut,
  cutNote,
  linesOf,
  oneLine,
  type Part,
  type Reply,
} from '../conversation/words/reply.ts'

interface TextRun {
  readonly type: 'TextRun'
  readonly text: string
  readonly weight?: 'Bolder'
  readonly size?: 'Medium' | 'Small'
  readonly color?: 'Good' | 'Warning' | 'Attention' | 'Accent'
  readonly isSubtle?: true
  readonly fontType?: 'Monospace'
}

interface TextLine {
  readonly type: 'RichTextBlock'
  readonly inlines: readonly TextRun[]
  readonly spacing?: 'None' | 'Medium' | undefined
}

interface Card {
  readonly type: 'AdaptiveCard'
  readonly $schema: string
  readonly version: '1.4'
  readonly fallbackText: string
  readonly body: readonly TextLine[]
  /** The one kind that works in an outgoing webhook's answer ("Create Outgoing Webhooks"). */
  readonly actions?: readonly {
    readonly type: 'Action.OpenUrl'
    readonly title: string
    readonly url: string
  }[]
}

interface CardMessage {
  readonly type: 'message'
  readonly attachments: readonly {
    readonly contentType: 'application/vnd.microsoft.card.adaptive'
    readonly contentUrl?: null
    readonly content: Card
  }[]
}

/** Largest card's body, in bytes as JSON: a message may have 28 kB with all that is around it. */
const MAX_BODY_BYTES = 26_000
/** Kept of it for what is said of the rest. */
const CLOSING_BYTES = 2_000

/** Longest title, and longest text of a run, in characters: our choice, far below the body's size. */
const MAX_TITLE_LENGTH = 200
const MAX_RUN_LENGTH = 2_000
const MAX_CELL_LENGTH = 200

const colors: Readonly<Record<Reply['tone'], Pick<TextRun, 'color'>>> = {
  info: {},
  good: { color: 'Good' },
  warning: { color: 'Warning' },
  bad: { color: 'Attention' },
  question: { color: 'Accent' },
}

/** What an outgoing webhook answers with. @param pageUrl the page's address, with a slash at its end, where there is one. */
export function teamsCardOf(reply: Reply, pageUrl?: string): CardMessage {
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', content: cardOf(reply, pageUrl) },
    ],
  }
}

/** What is posted to a channel's incoming URL, as Workflows takes it. */
export function teamsPostOf(reply: Reply, pageUrl?: string): CardMessage {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: cardOf(reply, pageUrl),
      },
    ],
  }
}

function cardOf(reply: Reply, pageUrl: string | undefined): Card {
  const title = textRunOf(reply.title, MAX_TITLE_LENGTH)
  const whole: Part = { kind: 'text', text: reply.title }
  const isCut = title.text !== textRunOf(reply.title).text
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.4',
    fallbackText: title.text,
    body: bodyOf(
      isCut ? { ...reply, parts: [whole, ...reply.parts] } : reply,
      textLineOf([{ ...title, weight: 'Bolder', size: 'Medium', ...colors[reply.tone] }]),
    ),
    ...(reply.onPage === undefined || pageUrl === undefined
      ? {}
      : {
          actions: [
            { type: 'Action.OpenUrl', title: reply.onPage.label, url: pageUrl + reply.onPage.hash } as const,
          ],
        }),
  }
}

function bodyOf({ parts, buttons }: Reply, title: TextLine): TextLine[] {
  const words = buttonLinesOf(buttons ?? [])
  const body = [title]
  let used = bytesOf(title) + words.reduce((sum, each) => sum + bytesOf(each), 0)
  const fits = (each: TextLine, kept: number) => used + bytesOf(each) <= MAX_BODY_BYTES - kept
  const put = (each: TextLine) => {
    body.push(each)
    used += bytesOf(each)
  }
  for (const [index, part] of parts.entries()) {
    const lines = linesOfPart(part)
    const end = lines.findIndex((each) => {
      if (!fits(each, CLOSING_BYTES)) return true
      put(each)
      return false
    })
    const shown = end === -1 ? lines.length : end
    if (part.kind === 'table') {
      const rest = part.rows.length === 0 && !part.total ? 'None.' : cutNote(Math.max(shown - 1, 0), part)
      if (rest !== undefined && fits(noteLineOf(rest), CLOSING_BYTES / 2)) put(noteLineOf(rest))
    }
    if (shown < lines.length) {
      const more = parts.length - index - 1
      if (part.kind !== 'table') put(noteLineOf('… cut here: more than fits a message of Teams'))
      if (more > 0) put(noteLineOf(`… and ${more} more parts`))
      break
    }
  }
  return [...body, ...words]
}

function linesOfPart(part: Part): TextLine[] {
  switch (part.kind) {
    case 'text':
      return oneLine(part.text) === '' ? [] : [textLineOf([textRunOf(part.text)], 'Medium')]
    case 'note':
      return noteOf(part)
    case 'command':
      return part.lines
        .flatMap((each) => linesOf(typedLineOf(each)))
        .map((each) => textLineOf([{ ...codeRunOf(each), fontType: 'Monospace' }], 'None'))
    case 'facts':
      return part.facts.map(([name, value]) =>
        textLineOf(
          [{ ...textRunOf(`${oneLine(name)}: `, MAX_CELL_LENGTH, ' '), weight: 'Bolder' }, textRunOf(value)],
          'None',
        ),
      )
    case 'table':
      return (
        figureLinesOf(part) ?? [
          textLineOf([{ ...textRunOf(joinCells(part.headings)), size: 'Small', isSubtle: true }], 'Medium'),
          ...part.rows.map(([first = '', ...others]) =>
            textLineOf(
              [
                { ...textRunOf(first, MAX_CELL_LENGTH), weight: 'Bolder' },
                ...(joinCells(others) === ''
                  ? []
                  : [textRunOf(joinCells(others), MAX_RUN_LENGTH, '', ' · ')]),
              ],
              'None',
            ),
          ),
        ]
      )
  }
}

function noteOf({ text, command }: Extract<Part, { kind: 'note' }>): TextLine[] {
  const sentence = command === undefined ? text : `${text} ${typedLineOf(command)}`
  return oneLine(sentence) === '' ? [] : [noteLineOf(sentence)]
}

/** As it is typed here, where the webhook has the name that the guide gives it. */
function typedLineOf(line: string): string {
  return `@license ${line}`
}

/** Figures come first, since only their width is known to be the same in each row: a name may take another line. */
function figureLinesOf({ headings, rows }: Extract<Part, { kind: 'table' }>): TextLine[] | undefined {
  return alignFigures(headings, rows)?.map(({ name, figures }, place) => {
    // Clients make one of several blanks.
    const run = { ...codeRunOf(`${figures}  `.replaceAll(' ', '\u00a0')), fontType: 'Monospace' } as const
    const label = textRunOf(name, MAX_CELL_LENGTH)
    return place === 0
      ? textLineOf([run, { ...label, isSubtle: true }], 'Medium')
      : textLineOf([run, { ...label, weight: 'Bolder' }], 'None')
  })
}

/** A row reads well on a phone where it is a line and not a table. Nothing stands where a cell has nothing. */
function joinCells(cells: readonly string[]): string {
  return cells
    .map((cell) => cut(oneLine(cell), MAX_CELL_LENGTH))
    .filter((cell) => cell !== '')
    .join(' · ')
}

/** At most this many changes are told how to go on with; a reply is about one. */
const MAX_CHANGES = 3

/** What stands in the reply already, as lines to be typed. */
const typedAnyhow: readonly Button['action']['do'][] = ['undo', 'extend', 'end']

function buttonLinesOf(buttons: readonly Button[]): TextLine[] {
  const inWords = buttons.filter(({ action }) => !typedAnyhow.includes(action.do))
  const ids = [...new Set(inWords.map(({ action }) => action.changeId))].slice(0, MAX_CHANGES)
  return ids.map((id) => {
    const actions = inWords.map(({ action }) => action).filter(({ changeId }) => changeId === id)
    const verbs = [...new Set(actions.map((action) => action.do))]
    const named = actions.find((action) => action.do === 'apply' || action.do === 'approve')
    const digest = named ? ` (${named.do} names the digest ${named.digest})` : ''
    const ways = `type “/license change ${id}” in Slack, or use the gateway’s API${digest}`
    return textLineOf([textRunOf(`To ${verbs.join(' or ')} it: ${ways}`)], 'Medium')
  })
}

function noteLineOf(text: string): TextLine {
  return textLineOf([{ ...textRunOf(text, MAX_CELL_LENGTH * 2), size: 'Small', isSubtle: true }])
}

function textLineOf(inlines: readonly TextRun[], spacing?: TextLine['spacing']): TextLine {
  return { type: 'RichTextBlock', inlines, spacing }
}

function textRunOf(text: string, max = MAX_RUN_LENGTH, after = '', before = ''): TextRun {
  return { type: 'TextRun', text: `${before}${makeInert(cut(oneLine(text), max)) || '–'}${after}` }
}

/** Blanks at the start of a line of code stay. */
function codeRunOf(text: string): TextRun {
  return { type: 'TextRun', text: makeInert(cut(text, MAX_RUN_LENGTH)) || ' ' }
}

/**
 * A run knows no Markdown, but Workflows makes mentions of `<at>` and cards make times of `{{DATE(…)}}`, and neither
 * has an escape that every Teams client shows as it should.
 */
function makeInert(text: string): string {
  return text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/\{(?=\{)/g, '{ ')
}

function bytesOf(each: TextLine): number {
  return Buffer.byteLength(JSON.stringify(each)) + 1
}
