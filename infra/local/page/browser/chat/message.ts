/** One message, as its platform's client would show it. */
import { CHANNEL_NAMES, SLACK, TEAMS } from '../../../chat/places.ts'
import { APP_NAME, type SeenMessage, type SeenPart, type Span } from '../../../chat/seen.ts'
import { button, element } from '../dom.ts'
import { clockTime, wholeTime } from '../times.ts'
import { withMark, withMarkInWords } from './marks.ts'

export interface Showing {
  /** Who looks. */
  readonly as: string
  /** What is shown above it, as far as it goes on from that. */
  readonly before: SeenMessage | undefined
  /** A button was pressed. */
  onPress(label: string, pressed: HTMLButtonElement): void
}

/** Where lines are typed, as its members call it; what comes from elsewhere says so. */
export const USUAL_CHANNELS = {
  slack: CHANNEL_NAMES[SLACK.channels.licenses] ?? '',
  teams: CHANNEL_NAMES[TEAMS.channel] ?? '',
}

export function messageNode(message: SeenMessage, { as, before, onPress }: Showing): HTMLLIElement {
  const { id, from, isPrivate, parts, buttons } = message
  const kind = from === as ? 'mine' : from === APP_NAME ? 'app' : 'other'
  const node = element('li', { class: `message ${kind}`, 'data-id': id, tabindex: '-1' })
  const saying = element('div', { class: isBrief(message) ? 'brief' : 'card' }, ...parts.map(partNode))
  if (buttons.length > 0) {
    const row = element('div', { class: 'buttons' })
    for (const { label, style } of buttons) {
      const made = button(label, { class: style }, () => onPress(label, made))
      row.append(made)
    }
    saying.append(row)
  }
  if (isPrivate) node.classList.add('private')
  if (isAside(message)) {
    node.classList.add('aside')
    node.append(element('p', {}, `${from}:`), saying, ...onlyYou(message))
  } else {
    if (goesOn(message, before)) node.classList.add('goes-on')
    const initial = kind === 'app' ? '' : initialOf(from)
    node.append(
      element('span', { class: 'avatar', 'aria-hidden': 'true' }, initial),
      element('div', { class: 'content' }, byline(message, as), saying),
    )
  }
  return node
}

/** Said by the same one, there and then, to the same people. */
function goesOn(
  { from, channel, isPrivate, answers }: SeenMessage,
  before: SeenMessage | undefined,
): boolean {
  return (
    before !== undefined &&
    !isAside(before) &&
    before.from === from &&
    before.channel === channel &&
    before.isPrivate === isPrivate &&
    before.answers === answers
  )
}

function byline(message: SeenMessage, as: string): HTMLElement {
  const { from, at, channel, platform } = message
  return element(
    'p',
    { class: 'byline' },
    element('strong', {}, from),
    ...(from === as ? [element('span', {}, '(you)')] : []),
    element('time', { datetime: at, title: wholeTime(at) }, clockTime(at)),
    ...(channel === USUAL_CHANNELS[platform] ? [] : [element('span', { class: 'channel' }, channel)]),
    ...onlyYou(message),
  )
}

function onlyYou({ isPrivate }: SeenMessage): Node[] {
  return isPrivate ? [element('span', { class: 'only-you' }, 'Only visible to you')] : []
}

/** A line that needs no frame around it: what somebody typed, and what is said in passing. */
function isBrief({ parts, buttons, from }: SeenMessage): boolean {
  const isFramed = parts.some(({ kind }) => kind !== 'text' && kind !== 'note')
  return from !== APP_NAME || (!isFramed && buttons.length === 0 && parts.length < 2)
}

/** Said in passing to the one who typed, such as that it is under way: the answer proper is still to come. */
function isAside(message: SeenMessage): boolean {
  return message.answers !== undefined && message.isPrivate && isBrief(message)
}

function partNode(part: SeenPart): HTMLElement {
  switch (part.kind) {
    case 'heading':
      return element('h3', {}, ...withMark(part.text))
    case 'text':
      return element('p', { class: 'text' }, ...textNodes(part.spans))
    case 'note':
      return element('p', { class: 'note' }, part.text)
    case 'code':
      return element('pre', {}, element('code', {}, part.text))
    case 'fields':
      return element(
        'dl',
        { class: 'fields' },
        ...part.fields.map(({ name, value }) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, ...value.map(spanNode))),
        ),
      )
  }
}

const tags = { bold: 'strong', code: 'code', subtle: 'small' } as const

function textNodes([first, ...others]: readonly Span[]): (Node | string)[] {
  if (!first) return []
  const nodes = first.style === undefined ? withMark(first.text) : [spanNode(first)]
  return [...nodes, ...others.map(spanNode)]
}

function spanNode({ text, style }: Span): Node {
  return style === undefined ? document.createTextNode(text) : element(tags[style], {}, text)
}

function initialOf(name: string): string {
  return (name.split('-').at(-1) ?? name).slice(0, 1).toUpperCase()
}

/** What a message says first, for those who hear the page. */
export function firstWords({ from, parts }: SeenMessage): string {
  const [first] = parts
  if (!first) return from
  const words =
    first.kind === 'text' ? first.spans.map(({ text }) => text).join('') : 'text' in first ? first.text : ''
  return `${from}: ${withMarkInWords(words)}`
}
