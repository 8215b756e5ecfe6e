/** Short ways to make replies, so that all of them sound alike. */
import type { GatewayError } from '../../errors.ts'
import type { Role } from '../../operation.ts'
import type { Misunderstood } from '../command.ts'
import { verbs } from '../grammar/verbs.ts'
import type { Part, Reply } from '../reply.ts'

export const text = (sentence: string): Part => ({ kind: 'text', text: sentence })
/** @param command what to type next. */
export const note = (sentence: string, command?: string): Part => ({
  kind: 'note',
  text: sentence,
  ...(command === undefined ? {} : { command }),
})
export const typed = (...lines: readonly string[]): Part => ({ kind: 'command', lines })

/** An answer that everybody in the channel may see. */
export function answer(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'info', parts, isPrivate: false }
}

/** For the person alone: what could not be done, and what to do. */
export function refusal(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'warning', parts, isPrivate: true }
}

export function notTheirRole(held: Role, asked: Role): Reply {
  return refusal(
    `This is for ${asked}s`,
    text(`Your role here is ${held}. Whoever looks after the gateway can change that in the org file.`),
  )
}

export function misunderstood({ error, didYouMean, usage }: Misunderstood): Reply {
  return refusal(
    error,
    ...(didYouMean === undefined ? [] : [text(`Did you mean “${didYouMean}”?`)]),
    typed(usage),
  )
}

export function help(about: keyof typeof verbs | undefined): Reply {
  const parts =
    about === undefined
      ? [
          typed(...Object.values(verbs).map(({ usage }) => usage)),
          note('More of one, with examples:', 'help grant'),
        ]
      : [typed(verbs[about].usage), note('For example:'), typed(...verbs[about].examples)]
  const title = about === undefined ? 'What can be typed' : verbs[about].help
  return { ...answer(title, ...parts), isPrivate: true }
}

/** What a port threw, as a person can use it. */
export function failed({ message, status, retryAfterSeconds, changeId }: GatewayError): Reply {
  return {
    ...refusal(
      message,
      ...(retryAfterSeconds === undefined ? [] : [note(`Try again in ${retryAfterSeconds} seconds.`)]),
      ...(changeId === undefined ? [] : [note('To see how it stands:', `change ${changeId}`)]),
    ),
    tone: status >= 500 ? 'bad' : 'warning',
  }
}

/** What went wrong is ours, and something may have been done before it did. @param line what to look at it with. */
export function brokenOff(deliveryId: string, look: string, line: string): Reply {
  return {
    ...refusal(
      'Something went wrong on our side',
      text(`${look} before you try again:`),
      typed(line),
      note(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}

/** What went wrong is ours, before anything was begun. */
export function notBegun(deliveryId: string): Reply {
  return {
    ...refusal(
      'Something went wrong on our side, and nothing was done',
      text('It is tried again by itself. If nothing more comes within five minutes, please try again.'),
      note(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}
