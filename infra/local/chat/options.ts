/** The options of `npm run chat`, checked; each error is one sentence that says what to type instead. */
import { parsedArgs, UsageError } from '../usage.ts'
import type { Platform } from './workspace.ts'

const USAGE = `npm run chat -- "/license user ana@example.com" [--as operator|U0OPERATOR] [--teams] [--press LABEL] [--data DIR]
npm run chat -- --press approve --as approver            a button of the newest message that has it`

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

/** @throws UsageError */
export function chatOptions(args: readonly string[]): ChatOptions {
  const { values, positionals } = parsed(args)
  const [line, ...rest] = positionals
  if (rest.length > 0) throw usage('Put what is typed between quotes, as one argument')
  if (line === undefined && values.press === undefined)
    throw usage('Say what is typed, or which button is pressed')
  if (values.teams && values.press !== undefined) throw usage('There are no buttons in Teams')
  return {
    platform: values.teams ? 'teams' : 'slack',
    as: values.as,
    line,
    press: values.press,
    directory: values.data,
  }
}

function parsed(args: readonly string[]) {
  const options = {
    as: { type: 'string', default: 'operator' },
    teams: { type: 'boolean', default: false },
    press: { type: 'string' },
    data: { type: 'string', default: '.local' },
  } as const
  return parsedArgs({ args: [...args], allowPositionals: true, options }, USAGE)
}

function usage(sentence: string): UsageError {
  return new UsageError(`${sentence}:\n${USAGE}`)
}
