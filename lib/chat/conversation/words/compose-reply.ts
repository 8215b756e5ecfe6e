/** Short ways to make replies, so that all of them sound alike. */
import { type ErrorCode, type GatewayError, withReason } from '../../../errors.ts'
import type { Role } from '../../../roles.ts'
import type { Misunderstood } from '../../grammar/typed-command.ts'
import { verbs } from '../../grammar/verbs.ts'
import { humanizeSentence } from './humanize-sentence.ts'
import type { Part, Reply } from './reply.ts'
import { lengthTextOf } from './times.ts'

export const sayText = (sentence: string): Part => ({ kind: 'text', text: sentence })
/** @param command what to type next. */
export const sayNote = (sentence: string, command?: string): Part => ({
  kind: 'note',
  text: sentence,
  command,
})
export const sayLines = (...lines: readonly string[]): Part => ({ kind: 'command', lines })

/** An answer that everybody in the channel may see. */
export function answerWith(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'info', parts, isPrivate: false }
}

/** For the person alone: what could not be done, and what to do. */
export function refuse(title: string, ...parts: readonly Part[]): Reply {
  return { title, tone: 'warning', parts, isPrivate: true }
}

export function refuseRole(held: Role, asked: Role): Reply {
  return refuse(
    `This is for ${asked}s`,
    sayText(`Your role here is ${held}. Whoever looks after the gateway can change that in the org file.`),
  )
}

export function explainMistake({ error, didYouMean, usage }: Misunderstood): Reply {
  return refuse(
    error,
    ...(didYouMean === undefined ? [] : [sayText(`Did you mean “${didYouMean}”?`)]),
    sayLines(usage),
  )
}

export function explainVerbs(about: keyof typeof verbs | undefined): Reply {
  const parts =
    about === undefined
      ? [
          sayLines(...Object.values(verbs).map(({ usage }) => usage)),
          sayNote('More of one, with examples:', 'help grant'),
        ]
      : [sayLines(verbs[about].usage), sayNote('For example:'), sayLines(...verbs[about].examples)]
  const title = about === undefined ? 'What can be typed' : verbs[about].help
  return { ...answerWith(title, ...parts), isPrivate: true }
}

/** Longest title that a notification shows whole, in characters: our choice, below what Slack's header takes. */
const MAX_TITLE = 120

/** What Genesys or the way to it is at fault for; a later try may go well. */
const upstreamsOwn: readonly ErrorCode[] = [
  'upstream.bad.response',
  'upstream.unavailable',
  'request.timeout',
]

interface FailureReader {
  readonly timeZone: string
  /** Whether it is known that nothing has been sent for it. */
  readonly isUnchanged: boolean
}

/** What a port threw, as a person can use it: what is wrong, what it did, what to do. */
export function explainFailure(error: GatewayError, { timeZone, isUnchanged }: FailureReader): Reply {
  const { code, message, status, retryAfterSeconds, upstreamBody, upstreamStatus, changeId } = error
  const isBusy = code === 'too.many.requests.retry.after' && upstreamStatus === 429
  const sentence = isBusy
    ? 'Genesys takes no more requests for the moment'
    : withReason(humanizeSentence(dropWhen(message, retryAfterSeconds), { timeZone }), upstreamBody)
  const [title, ...rest] = splitTitle(sentence)
  return {
    ...refuse(
      title,
      ...rest.map(sayText),
      ...(isUnchanged ? [sayText('Nothing was changed in Genesys.')] : []),
      ...(retryAfterSeconds === undefined
        ? []
        : [sayNote(`Try again in ${lengthTextOf(retryAfterSeconds * 1_000)}.`)]),
      ...(upstreamsOwn.includes(code) && !/try again$/.test(sentence)
        ? [
            sayNote(
              `${retryAfterSeconds === undefined ? 'Try again in some minutes. ' : ''}If it stays so, tell whoever operates the gateway.`,
            ),
          ]
        : []),
      ...(changeId === undefined ? [] : [sayNote('To see how it stands:', `change ${changeId}`)]),
    ),
    tone: status >= 500 ? 'bad' : 'warning',
  }
}

/** When to try again stands in a line of its own where that is known. */
function dropWhen(message: string, retryAfterSeconds: number | undefined): string {
  return retryAfterSeconds === undefined ? message : message.replace(/[;,] try again(?: in \d+ s)?$/, '')
}

/** A long sentence is cut where it says what is wrong, and the rest stands below, so that none of it is lost. */
function splitTitle(sentence: string): [title: string, ...rest: string[]] {
  if (sentence.length <= MAX_TITLE) return [sentence]
  const ends = [...sentence.matchAll(/[:;.] /g)].map(({ index }) => index)
  const end = ends.filter((at) => at <= MAX_TITLE).at(-1)
  if (end === undefined) return ['That could not be done', sentence]
  const rest = sentence.slice(end + 2)
  return [sentence.slice(0, end), `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`.replace(/\.\.$/, '.')]
}

/** What went wrong is ours, and something may have been done before it did. @param line what to look at it with. */
export function explainBreak(deliveryId: string, look: string, line: string): Reply {
  return {
    ...refuse(
      'Something went wrong on our side',
      sayText(`${look} before you try again:`),
      sayLines(line),
      sayNote(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}

/** What went wrong is ours, before anything was begun. */
export function explainNotBegun(deliveryId: string): Reply {
  return {
    ...refuse(
      'Something went wrong on our side, and nothing was done',
      sayText('It is tried again by itself. If nothing more comes within five minutes, please try again.'),
      sayNote(`id ${deliveryId}`),
    ),
    tone: 'bad',
  }
}
