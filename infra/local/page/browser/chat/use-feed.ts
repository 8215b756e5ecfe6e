/** Follows what one person sees on one platform, by requests that wait until there is something new. */
import { useEffect, useState } from 'preact/hooks'
import type { Api } from '../../../../../lib/page/browser/api/call-api.ts'
import { usePage } from '../../../../../lib/page/browser/shell/page-context.ts'
import type { SeenMessage } from '../../../chat/seen.ts'

/** The gateway holds a request for 25 s at most. Milliseconds. */
const WAIT_MS = 20_000
/** Between two attempts while the gateway does not answer. Milliseconds. */
const RETRY_MS = 1_000

interface Looked {
  readonly version: number
  readonly messages: readonly SeenMessage[]
}

export interface Feed {
  /** In the order in which they came; one that changes keeps its place. */
  readonly messages: readonly SeenMessage[]
  /** What the last answer brought, new or changed. */
  readonly came: readonly SeenMessage[]
  /** Whether that is everything there is, in place of what was shown before. */
  readonly isAll: boolean
}

/** @returns undefined before the first answer. */
export function useFeed(as: string, platform: SeenMessage['platform']): Feed | undefined {
  const { api } = usePage()
  const [feed, setFeed] = useState<Feed>()
  useEffect(() => {
    const ending = new AbortController()
    const onMessages = (came: readonly SeenMessage[], isAll: boolean) => {
      if (came.length > 0 || isAll) setFeed((last) => withNews(isAll ? undefined : last, came, isAll))
    }
    void follow(api, { platform, as }, onMessages, ending.signal)
    return () => ending.abort()
  }, [api, as, platform])
  return feed
}

function withNews(last: Feed | undefined, came: readonly SeenMessage[], isAll: boolean): Feed {
  const byId = new Map(last?.messages.map((message) => [message.id, message]))
  for (const message of came) byId.set(message.id, message)
  return { messages: [...byId.values()], came, isAll }
}

/** Goes on until the signal ends it. */
async function follow(
  api: Api,
  whose: Readonly<Record<'platform' | 'as', string>>,
  onMessages: (came: readonly SeenMessage[], isAll: boolean) => void,
  ended: AbortSignal,
): Promise<void> {
  /** Undefined before the first answer, and again when the gateway may be another one than before. */
  let seen: number | undefined
  while (!ended.aborted) {
    await untilLookedAt()
    const away = new AbortController()
    const leave = () => away.abort()
    const lose = () => {
      // What waits already may wait for a gateway that is gone.
      if (!api.isReached.get()) away.abort()
    }
    document.addEventListener('visibilitychange', leave)
    const unsubscribe = api.isReached.subscribe(lose)
    try {
      const wait = seen === undefined ? {} : { since: String(seen), waitMs: String(WAIT_MS) }
      const { version, messages } = await api.call<Looked>({
        path: `/__chat/messages?${new URLSearchParams({ ...whose, ...wait })}`,
        signal: AbortSignal.any([ended, away.signal]),
      })
      // Answered for somebody whom nobody is any more.
      if (ended.aborted) return
      if (seen !== undefined && version < seen) seen = undefined
      else {
        onMessages(messages, seen === undefined)
        seen = version
      }
    } catch {
      if (ended.aborted) return
      if (document.hidden) continue
      // Why is told above the view, and to whoever sends something.
      seen = undefined
      await pause(RETRY_MS)
    } finally {
      document.removeEventListener('visibilitychange', leave)
      unsubscribe()
    }
  }
}

/** Browsers allow one host few connections, over all tabs: nothing is asked for one that nobody looks at. */
function untilLookedAt(): Promise<void> {
  if (!document.hidden) return Promise.resolve()
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
