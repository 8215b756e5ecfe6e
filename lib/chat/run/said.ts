/** Short ways to make replies, so that all of them sound alike. */
import { GatewayError } from '../../errors.ts'
import type { Misunderstood } from '../command.ts'
import { verbs } from '../grammar/verbs.ts'
import type { Part, Reply } from '../reply.ts'

export const text = (sentence: string): Part => ({ kind: 'text', text: sentence })
export const note = (sentence: string): Part => ({ kind: 'note', text: sentence })
export const typed = (line: string): Part => ({ kind: 'code', text: `/license ${line}` })

/** An answer that everybody in the channel may see. */
export function answer(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'info', parts, isPrivate: false }
}

/** For the person alone: what could not be done, and what to do. */
export function refusal(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'warning', parts, isPrivate: true }
}

export function misunderstood({ error, didYouMean, usage }: Misunderstood): Reply {
  return refusal(
    error,
    ...(didYouMean === undefined ? [] : [text(`Did you mean “${didYouMean}”?`)]),
    typed(usage),
  )
}

export function help(about: keyof typeof verbs | undefined): Reply {
  const shown = about === undefined ? Object.entries(verbs) : [[about, verbs[about]] as const]
  return {
    ...answer(
      about === undefined ? 'What can be typed' : verbs[about].help,
      ...shown.flatMap(([, { usage, help: sentence }]) =>
        about === undefined ? [typed(usage), note(sentence)] : [typed(usage)],
      ),
    ),
    isPrivate: true,
  }
}

/** What a port threw, as a person can use it; anything else is ours, and is thrown on. */
export function failed(error: unknown): Reply {
  if (!(error instanceof GatewayError)) throw error
  const { message, retryAfterSeconds } = error
  return {
    ...refusal(
      message,
      ...(retryAfterSeconds === undefined ? [] : [note(`Try again in ${retryAfterSeconds} seconds.`)]),
    ),
    tone: error.status >= 500 ? 'bad' : 'warning',
  }
}
