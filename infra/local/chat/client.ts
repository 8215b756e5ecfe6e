/** `npm run chat`'s side of the API that chatFront serves. */
import type { SeenMessage } from './seen.ts'
import type { Platform } from './workspace.ts'

/** How long an answer is waited for: as long as the functions may take, and their replies. Milliseconds. */
const PATIENCE_MS = 35_000

/** What belongs to one answer is there when the gateway has nothing more to deliver, which is waited for so long. Milliseconds. */
const REST_WITHIN_MS = 5_000

/** One look waits so long at most, milliseconds: the gateway's own limit is 25 s. */
const MAX_LOOK_MS = 20_000

export interface ChatClient {
  /** Types a line. @returns its id. */
  say(line: string): Promise<string>
  /** @returns the press's id. */
  press(message: SeenMessage, label: string): Promise<string>
  /** All that the person sees now, the oldest first. */
  seen(): Promise<readonly SeenMessage[]>
  /**
   * Waits for messages that fit, and for what comes right behind the first one.
   *
   * @returns none where nothing came in time.
   */
  awaited(fits: (message: SeenMessage) => boolean): Promise<readonly SeenMessage[]>
}

/** @param gateway base URL of a running local gateway. Every method throws Error with a sentence for a person. */
export function chatClient(gateway: string, platform: Platform, as: string): ChatClient {
  async function ask<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${gateway}/__chat/${path}`, {
      ...(body
        ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
        : {}),
    }).catch((cause: unknown) => {
      throw new Error(`Nothing answers at ${gateway}; is the gateway still running?`, { cause })
    })
    const text = await response.text()
    // The same code on the same machine wrote it.
    const value = JSON.parse(text) as T & { readonly message?: string }
    if (!response.ok) throw new Error(value.message ?? `The gateway answered ${response.status}`)
    return value
  }

  const look = (since: number, waitMs: number, until: 'news' | 'rest' = 'news') =>
    ask<{ readonly version: number; readonly messages: readonly SeenMessage[] }>(
      `messages?${new URLSearchParams({ platform, as, since: String(since), waitMs: String(waitMs), until })}`,
    )

  return {
    say: async (line) => (await ask<{ readonly id: string }>('say', { platform, as, line })).id,
    press: async ({ id: messageId }, label) =>
      (await ask<{ readonly id: string }>('press', { as, label, messageId })).id,
    seen: async () => (await look(0, 0)).messages,
    async awaited(fits) {
      const untilMs = performance.now() + PATIENCE_MS
      for (let since = 0, leftMs = PATIENCE_MS; leftMs > 0; leftMs = Math.ceil(untilMs - performance.now())) {
        const { version, messages } = await look(since, Math.min(leftMs, MAX_LOOK_MS))
        const first = messages.filter(fits)
        if (first.length > 0) {
          const { messages: later } = await look(version, REST_WITHIN_MS, 'rest')
          const found = [...first, ...later.filter(fits)].map((message) => [message.id, message] as const)
          return [...new Map(found).values()]
        }
        since = version
      }
      return []
    },
  }
}
