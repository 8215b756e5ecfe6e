/** The options of `npm run chat`, checked; each error is one sentence that says what to type instead. */
import { DATA_OPTION, directoryOf } from '../run-file.ts'
import { mistyped, parsedArgs } from '../usage.ts'
import type { Platform } from './workspace.ts'

const USAGE = `npm run chat -- "/license user ana@example.com" [--as WHO] [--press LABEL]
npm run chat -- --teams "user ana@example.com" [--as WHO]
npm run chat -- --press approve --as approver [--data DIR]
types into the chats of a running npm start, or presses a button: behind a line
of its reply, else of the newest message that has one`

export interface ChatOptions {
  readonly platform: Platform
  /** A role, a name of policy.json or an id of that platform. */
  readonly as: string
  /** What is typed, if anything is. */
  readonly line: string | undefined
  /** The label of the button that is pressed, in any case. */
  readonly press: string | undefined
  readonly directory: string
}

/** @throws UsageError, HelpAsked */
export function chatOptions(args: readonly string[]): ChatOptions {
  const { values, positionals } = parsed(args)
  const [line, ...rest] = positionals
  if (rest.length > 0) throw mistyped('Put what is typed between quotes, as one argument')
  if (line === undefined && values.press === undefined)
    throw mistyped('Say what is typed, or which button is pressed')
  if (line?.trim() === '') throw mistyped('There is nothing to type in an empty line')
  if (values.teams && values.press !== undefined) throw mistyped('There are no buttons in Teams')
  return {
    platform: values.teams ? 'teams' : 'slack',
    as: values.as,
    line,
    press: values.press,
    directory: directoryOf(values.data),
  }
}

/** As docs/chat.md lists them too. */
export const CHAT_OPTIONS = {
  as: {
    type: 'string',
    default: 'operator',
    value: 'WHO',
    says: 'a role (viewer, operator, approver), a name of policy.json or a Slack id',
  },
  press: { type: 'string', value: 'LABEL', says: 'presses a button' },
  teams: { type: 'boolean', default: false, says: 'types in Teams, where there are no buttons' },
  data: DATA_OPTION,
} as const

function parsed(args: readonly string[]) {
  return parsedArgs({ args: [...args], allowPositionals: true, options: CHAT_OPTIONS }, USAGE)
}
