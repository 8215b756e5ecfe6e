/** What the chats' own services were told to refuse, for whoever tries out what then happens. */

/** The calls that can be refused, each once for every time it was asked for. */
export type Refusable = 'response_url' | 'chat.postMessage' | 'chat.update' | 'users.info' | 'workflow'

export interface Refusals {
  /** @param error Slack's word for it, such as `not_in_channel`. */
  plan(call: Refusable, error?: string, times?: number): void
  /** @returns the word for it where this call is to be refused. */
  take(call: Refusable): string | undefined
  clear(): void
}

export function refusalsOf(): Refusals {
  let planned: { readonly call: Refusable; readonly error: string; left: number }[] = []
  return {
    plan(call, error = 'internal_error', times = 1) {
      planned.push({ call, error, left: times })
    },
    take(call) {
      const next = planned.find((each) => each.call === call && each.left > 0)
      if (next) next.left -= 1
      return next?.error
    },
    clear() {
      planned = []
    },
  }
}
