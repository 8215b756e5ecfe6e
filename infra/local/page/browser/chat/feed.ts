/** Follows what one person sees on one platform, by requests that wait until there is something new. */
import type { SeenMessage } from '../../../chat/seen.ts'
import { ask, sentenceOf } from '../asking.ts'
import type { Choice } from '../choice.ts'
import { pause, visible } from '../waiting.ts'

/** The gateway holds a request for 25 s at most. Milliseconds. */
const WAIT_MS = 20_000
/** Between two attempts while the gateway does not answer. Milliseconds. */
const RETRY_MS = 1_000

interface Looked {
  readonly version: number
  readonly messages: readonly SeenMessage[]
}

export interface Follower {
  /** @param isAll whether that is everything there is, in place of what was shown before. */
  onMessages(messages: readonly SeenMessage[], isAll: boolean): void
  /** @param trouble a sentence while the gateway does not answer. */
  onStanding(trouble: string | undefined): void
}

/** Goes on until the signal ends it. */
export async function follow(
  { as, platform }: Choice,
  { onMessages, onStanding }: Follower,
  ended: AbortSignal,
): Promise<void> {
  /** Undefined before the first answer, and again when the gateway may be another one than before. */
  let seen: number | undefined
  while (!ended.aborted) {
    await visible()
    const hidden = new AbortController()
    const hide = () => hidden.abort()
    document.addEventListener('visibilitychange', hide, { once: true })
    try {
      const wait = seen === undefined ? {} : { since: String(seen), waitMs: String(WAIT_MS) }
      const query = new URLSearchParams({ platform, as, ...wait })
      const signal = AbortSignal.any([ended, hidden.signal])
      const { version, messages } = await ask<Looked>(`/__chat/messages?${query}`, { signal })
      // Answered for somebody whom nobody is any more.
      if (ended.aborted) return
      onStanding(undefined)
      if (seen !== undefined && version < seen) seen = undefined
      else {
        onMessages(messages, seen === undefined)
        seen = version
      }
    } catch (error) {
      if (ended.aborted) return
      if (hidden.signal.aborted) continue
      seen = undefined
      onStanding(sentenceOf(error))
      await pause(RETRY_MS)
    } finally {
      document.removeEventListener('visibilitychange', hide)
    }
  }
}
