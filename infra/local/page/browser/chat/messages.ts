/** The messages that one sees, each replaced in its place when it changes. */
import type { SeenMessage } from '../../../chat/seen.ts'
import { ask } from '../asking.ts'
import { byId, element } from '../dom.ts'
import { firstWords, messageNode } from './message.ts'

/** Still at the end, for a reader who is that close to it. Pixels. */
const NEAR_PX = 60
/** Left free above a message that is gone to. Pixels. */
const ABOVE_PX = 12
/** A press whose answer has not come by then may be repeated. Milliseconds. */
const ANSWERED_WITHIN_MS = 10_000

export interface MessagesOptions {
  /** Who looks. */
  readonly as: () => string
  /** Told what went wrong with a press. */
  readonly onTrouble: (error: unknown) => void
}

export function messagesPanel({ as, onTrouble }: MessagesOptions) {
  const log = byId('messages', HTMLElement)
  const list = byId('message-list', HTMLOListElement)
  const welcome = byId('welcome', HTMLElement)
  const toNewest = byId('to-newest', HTMLButtonElement)
  const announcement = byId('announcement', HTMLElement)
  /** In the order in which they came. */
  const shown = new Map<string, { readonly message: SeenMessage; readonly node: HTMLElement }>()
  /** What the last answer added, and did not change. */
  const added = new Set<Element>()
  /** What is under way, by the press's id, and how it ends. */
  const pressed = new Map<string, () => void>()

  // A keyboard that comes up, or a line that breaks anew, must not hide the newest.
  let wasAtEnd = true
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX
  /** To the end, but for what is longer than there is room: that is read from its beginning. */
  function goTo(node: Element | null): void {
    const end = log.scrollHeight - log.clientHeight
    const place = node ? node.getBoundingClientRect().top - log.getBoundingClientRect().top : Infinity
    log.scrollTop = Math.min(end, log.scrollTop + place - ABOVE_PX)
    wasAtEnd = isAtEnd()
    toNewest.hidden = true
  }
  const goToNewest = () => goTo(list.lastElementChild)
  toNewest.addEventListener('click', goToNewest)
  log.addEventListener('scroll', () => {
    if (isAtEnd()) toNewest.hidden = true
  })
  log.addEventListener('scroll', () => {
    wasAtEnd = isAtEnd()
  })
  new ResizeObserver(() => {
    if (wasAtEnd) log.scrollTop = log.scrollHeight
  }).observe(log)

  function show(message: SeenMessage): void {
    const old = shown.get(message.id)
    const before = old ? previous(message.id) : [...shown.values()].at(-1)?.message
    const node = messageNode(message, {
      as: as(),
      before,
      onPress: (label, made) => press(message, label, made),
    })
    if (old) {
      // The button that was pressed is gone; a keyboard goes on from the message it was in.
      const hadFocus = old.node.contains(document.activeElement) || old.node.dataset['hadFocus'] === 'true'
      old.node.replaceWith(node)
      if (hadFocus) node.focus({ preventScroll: true })
    } else {
      list.append(node)
      added.add(node)
    }
    shown.set(message.id, { message, node })
  }

  /** Of what has just come, where one begins to read: what oneself has said is known. */
  function firstToRead(came: readonly SeenMessage[]): Element | null {
    const last = list.lastElementChild
    const nodes = came.flatMap(({ id, from }) => (from === as() ? [] : (shown.get(id)?.node ?? [])))
    // One that was shown before has changed in its place; of those only the last of all is gone to.
    const fresh = nodes.filter((node) => node === last || added.has(node))
    return fresh.find((node) => !node.classList.contains('aside')) ?? fresh[0] ?? null
  }

  function previous(id: string): SeenMessage | undefined {
    const all = [...shown.values()]
    return all[all.findIndex(({ message }) => message.id === id) - 1]?.message
  }

  async function press(message: SeenMessage, label: string, made: HTMLButtonElement): Promise<void> {
    const node = made.closest('li')
    const buttons = [...(node?.querySelectorAll('button') ?? [])]
    if (node && document.activeElement === made) node.dataset['hadFocus'] = 'true'
    for (const each of buttons) each.disabled = true
    made.setAttribute('aria-busy', 'true')
    const end = () => {
      made.removeAttribute('aria-busy')
      for (const each of buttons) each.disabled = false
    }
    try {
      const body = { as: as(), label, messageId: message.id }
      const { id } = await ask<{ readonly id: string }>('/__chat/press', { body })
      if ([...shown.values()].some((each) => each.message.answers === id)) return end()
      pressed.set(id, end)
      setTimeout(() => ended(id), ANSWERED_WITHIN_MS)
    } catch (error) {
      end()
      onTrouble(error)
    }
  }

  function ended(pressId: string | undefined): void {
    if (pressId === undefined) return
    pressed.get(pressId)?.()
    pressed.delete(pressId)
  }

  return {
    /** @param isAll whether they take the place of everything that is shown. */
    add(messages: readonly SeenMessage[], isAll: boolean): void {
      if (isAll) {
        shown.clear()
        list.replaceChildren()
      }
      if (messages.length === 0 && !isAll) return
      const follows = isAll || isAtEnd()
      const hasMine = messages.some(({ from, id }) => from === as() && !shown.has(id))
      added.clear()
      for (const message of messages) {
        show(message)
        ended(message.answers)
      }
      welcome.hidden = shown.size > 0
      if (follows || hasMine) goTo(isAll ? list.lastElementChild : firstToRead(messages))
      else toNewest.hidden = false
      const newest = messages.filter(({ from }) => from !== as()).at(-1)
      if (!isAll && newest) announcement.replaceChildren(element('span', {}, firstWords(newest)))
    },
    goToNewest,
  }
}
