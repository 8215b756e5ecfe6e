/** Messages on their way: each way is tried until one takes it, and the work behind it is never done again. */
import type { AskedMessage } from '../../changes/record/ledger.ts'
import type { ChatLog, Undelivered } from './wish-log.ts'
import type { Reply } from './words/reply.ts'

export interface Way {
  /** For the log, such as `the channel`. */
  readonly by: string
  /** @returns whether the message was taken. @throws Error where nobody knows. */
  readonly send: () => Promise<boolean>
}

/** Where replies can be sent. */
export interface ReplyPlace extends Pick<Way, 'by'> {
  /** @returns where it stands, `true` where that is not known; false where it was not taken. @throws Error as a way. */
  readonly send: (said: Reply) => Promise<AskedMessage | boolean>
}

export function waysTo(places: readonly ReplyPlace[], said: Reply): Way[] {
  return places.map(({ by, send }) => ({ by, send: async () => (await send(said)) !== false }))
}

/** The chat takes no more for so long. */
export class ChatBusy extends Error {
  override readonly name = 'ChatBusy'
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super(`it takes no more for ${Math.ceil(retryAfterMs / 1_000)} s`)
    this.retryAfterMs = retryAfterMs
  }
}

type SentReply = Pick<Undelivered, 'id' | 'what'> & {
  /** Where it is lost, whoever it matters to has been told in another message. */
  readonly isToldOtherwise?: boolean | undefined
}

/** Never throws: what no way took is for the log, and for the alarm on it. */
export async function deliverReply(
  log: Pick<ChatLog, 'noteUndelivered'>,
  { id, what, isToldOtherwise = false }: SentReply,
  ways: readonly Way[],
): Promise<void> {
  const tried: string[] = []
  for (const way of ways) {
    const fault = await faultOf(way)
    if (fault === undefined) {
      if (tried.length > 0) log.noteUndelivered({ id, what, tried, isLost: false })
      return
    }
    tried.push(`${way.by}: ${fault}`)
  }
  log.noteUndelivered({ id, what, tried, isLost: !isToldOtherwise })
}

/** Why a way did not take it. What may have arrived all the same counts as not taken: told twice is better than not. */
async function faultOf({ send }: Way): Promise<string | undefined> {
  try {
    return (await send()) ? undefined : 'not taken'
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'
  }
}
