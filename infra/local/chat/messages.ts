/** The messages of the laptop's chats, in the order in which they came, and who sees which. */
import type { SeenButton, SeenMessage } from './seen.ts'

/** The oldest go beyond that many. */
const MAX_KEPT = 500

/** A button with what it hands back when it is pressed, which nobody sees. */
export interface Pressable extends SeenButton {
  readonly value: string
}

export interface Message extends Omit<SeenMessage, 'buttons' | 'channel' | 'isPrivate'> {
  readonly channelId: string
  readonly buttons: readonly Pressable[]
  /** The one member who sees it; the whole channel where absent. */
  readonly onlyFor?: string
}

export type NewMessage = Omit<Message, 'id' | 'version' | 'at'>

export interface Messages {
  add(message: NewMessage): Message
  /** What is shown in a message's place from now on, its buttons included. @returns false where there is no such message. */
  replace(id: string, content: Pick<Message, 'parts' | 'buttons' | 'answers'>): boolean
  get(id: string): Message | undefined
  /** The newest first. */
  all(): readonly Message[]
  version(): number
  /** Resolves when there is a newer version, the time is up, or everything ends. */
  changed(version: number, waitMs: number): Promise<void>
  /** Forgets them all; versions go on. */
  clear(): void
  close(): void
}

/** @param now epoch milliseconds. */
export function messagesOf(now: () => number): Messages {
  let kept: readonly Message[] = []
  let version = 0
  let count = 0
  const waiting = new Set<() => void>()

  function keep(next: readonly Message[]): void {
    kept = next.slice(-MAX_KEPT)
    for (const wake of [...waiting]) wake()
  }

  return {
    add(message) {
      version += 1
      count += 1
      const added = { ...message, id: `m${count}`, version, at: new Date(now()).toISOString() }
      keep([...kept, added])
      return added
    },
    replace(id, content) {
      if (!kept.some((each) => each.id === id)) return false
      version += 1
      keep(kept.map((each) => (each.id === id ? { ...each, ...content, version } : each)))
      return true
    },
    get: (id) => kept.find((each) => each.id === id),
    all: () => kept.toReversed(),
    version: () => version,
    changed(seen, waitMs) {
      if (version > seen || waitMs <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, waitMs)
        waiting.add(wake)
      })
    },
    clear() {
      version += 1
      keep([])
    },
    close() {
      for (const wake of [...waiting]) wake()
    },
  }
}
