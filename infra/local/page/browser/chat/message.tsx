/** One message, as its platform's client would show it. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../../../../lib/page/browser/parts/button.tsx'
import { Time } from '../../../../../lib/page/browser/parts/times.tsx'
import { usePage } from '../../../../../lib/page/browser/shell/page-context.ts'
import { CHANNEL_NAMES, SLACK, TEAMS } from '../../../chat/places.ts'
import { APP_NAME, type SeenMessage } from '../../../chat/seen.ts'
import { withMarkInWords } from './marks.tsx'
import { MessagePart } from './message-part.tsx'

/** Where lines are typed, as its members call it; what comes from elsewhere says so. */
export const USUAL_CHANNELS = {
  slack: CHANNEL_NAMES[SLACK.channels.licenses] ?? '',
  teams: CHANNEL_NAMES[TEAMS.channel] ?? '',
}

/** A press whose answer has not come by then may be repeated. Milliseconds. */
const ANSWERED_WITHIN_MS = 10_000

interface MessageProps {
  readonly message: SeenMessage
  /** What is shown above it. */
  readonly before: SeenMessage | undefined
  /** Who looks. */
  readonly as: string
  /** What was typed or pressed that there is an answer to. */
  readonly answered: ReadonlySet<string | undefined>
  readonly onTrouble: (problem: unknown) => void
}

export function Message({ message, before, as, answered, onTrouble }: MessageProps) {
  const { id, from, version } = message
  const item = useRef<HTMLLIElement>(null)
  const hadFocus = item.current?.contains(document.activeElement) ?? false
  useLayoutEffect(() => {
    // The button that was pressed may be gone; a keyboard goes on from the message it was in.
    if (hadFocus && !item.current?.contains(document.activeElement))
      item.current?.focus({ preventScroll: true })
  }, [version])
  const kind = from === as ? 'mine' : from === APP_NAME ? 'app' : 'other'
  const saying = (
    <div class={isBrief(message) ? 'brief' : 'card'}>
      {message.parts.map((part, place) => (
        // Nothing in a part has a state of its own.
        <MessagePart key={`${version} ${place}`} part={part} />
      ))}
      <Buttons key={version} message={message} as={as} answered={answered} onTrouble={onTrouble} />
    </div>
  )
  const looks = `message ${kind}${message.isPrivate ? ' private' : ''}`
  if (isAside(message)) {
    return (
      <li ref={item} class={`${looks} in-passing`} data-id={id} tabIndex={-1}>
        <p>{from}:</p>
        {saying}
        <OnlyYou message={message} />
      </li>
    )
  }
  return (
    <li ref={item} class={`${looks}${goesOn(message, before) ? ' goes-on' : ''}`} data-id={id} tabIndex={-1}>
      <span class="avatar" aria-hidden="true">
        {initialOf(from)}
      </span>
      <div class="content">
        <p class="byline">
          <strong>{from}</strong>
          {from === as && <span>(you)</span>}
          <Time at={message.at} />
          {message.channel !== USUAL_CHANNELS[message.platform] && <span>{message.channel}</span>}
          <OnlyYou message={message} />
        </p>
        {saying}
      </div>
    </li>
  )
}

function Buttons({ message, as, answered, onTrouble }: Omit<MessageProps, 'before'>) {
  const { api } = usePage()
  /** What is under way; the id of the press once it has been taken. */
  const [pressed, setPressed] = useState<{ readonly label: string; readonly id?: string }>()
  const isBusy = pressed !== undefined && !answered.has(pressed.id ?? '')

  async function press(label: string): Promise<void> {
    if (isBusy) return
    setPressed({ label })
    try {
      const { id } = await api.call<{ readonly id: string }>({
        method: 'POST',
        path: '/__chat/press',
        body: { as, label, messageId: message.id },
      })
      setPressed({ label, id })
      setTimeout(() => setPressed((last) => (last?.id === id ? undefined : last)), ANSWERED_WITHIN_MS)
      onTrouble(undefined)
    } catch (error) {
      setPressed(undefined)
      onTrouble(error)
    }
  }

  if (message.buttons.length === 0) return null
  return (
    <div class="buttons">
      {message.buttons.map(({ label, style }) => (
        <Button
          key={label}
          look={style}
          isBusy={isBusy && pressed.label === label}
          {...(isBusy && { 'aria-disabled': true })}
          onClick={() => void press(label)}
        >
          {label}
        </Button>
      ))}
    </div>
  )
}

function OnlyYou({ message }: { readonly message: SeenMessage }) {
  return message.isPrivate ? <span class="only-you">Only visible to you</span> : null
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

/** A line that needs no frame around it: what somebody typed, and what is said in passing. */
function isBrief({ parts, buttons, from }: SeenMessage): boolean {
  const isFramed = parts.some(({ kind }) => kind !== 'text' && kind !== 'note')
  return from !== APP_NAME || (!isFramed && buttons.length === 0 && parts.length < 2)
}

/** Said in passing to the one who typed, such as that it is under way: the answer proper is still to come. */
export function isAside(message: SeenMessage): boolean {
  return message.answers !== undefined && message.isPrivate && isBrief(message)
}

function initialOf(name: string): string {
  return (name.split('-').at(-1) ?? name).slice(0, 1).toUpperCase()
}

/** What a message says first, for those who hear the page. */
export function firstWordsOf({ from, parts }: SeenMessage): string {
  const [first] = parts
  if (!first) return from
  const words =
    first.kind === 'text' ? first.spans.map(({ text }) => text).join('') : 'text' in first ? first.text : ''
  return `${from}: ${withMarkInWords(words)}`
}
