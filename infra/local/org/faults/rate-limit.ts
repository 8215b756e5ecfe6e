/** Where one token stands in its window: `reset` is whole seconds until the window ends, at least 1. */
export interface RateStanding {
  readonly count: number
  readonly allowed: number
  readonly reset: number
  readonly isExceeded: boolean
}

/** Upstream counts per token in windows of one minute: "300 requests a minute per client-credentials token". */
const WINDOW_MS = 60_000

/** Counts requests per token in a fixed window that the token's first request opens. `now` is epoch milliseconds. */
export function createRateLimit(requestsPerMinute: number, now: () => number) {
  const windows = new Map<string, { startedAt: number; count: number }>()
  return {
    /** Counts one request; a refused request counts too. */
    count(token: string): RateStanding {
      const at = now()
      let window = windows.get(token)
      if (!window || at >= window.startedAt + WINDOW_MS) window = { startedAt: at, count: 0 }
      window.count += 1
      windows.set(token, window)
      return {
        count: window.count,
        allowed: requestsPerMinute,
        reset: Math.max(1, Math.ceil((window.startedAt + WINDOW_MS - at) / 1000)),
        isExceeded: window.count > requestsPerMinute,
      }
    },
    reset: () => windows.clear(),
  }
}

/** A rate limit shared by all requests of one org. */
export type RateLimit = ReturnType<typeof createRateLimit>
