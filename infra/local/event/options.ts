/** The options of `npm run event`, checked; each error is one sentence that says what to type instead. */
import * as z from 'zod/mini'
import { Instant, Reason } from '../../../lib/changes/model/change-order.ts'
import { FeatureName } from '../../../lib/genesys/models/ids.ts'
import { DATA_OPTION, directoryOf } from '../run-file.ts'
import { mistyped, parsedArgs } from '../usage.ts'

const USAGE = `npm run event -- toggle FEATURE on|off [--reason TEXT] [--not-after TIME] [--data DIR]
puts one event on the bus of a running npm start`

export interface EventOptions {
  readonly featureName: string
  readonly enabled: boolean
  readonly reason: string | undefined
  /** ISO 8601 with an offset. */
  readonly notAfter: string | undefined
  readonly directory: string
}

/** @throws UsageError, HelpAsked */
export function eventOptions(args: readonly string[]): EventOptions {
  const { values, positionals } = parsed(args)
  const [kind, featureName, value, ...rest] = positionals
  if (kind !== 'toggle')
    throw mistyped(kind === undefined ? 'Say what to ask for' : `There is no event '${kind}'`)
  if (featureName === undefined) throw mistyped('Say which toggle')
  if (value !== 'on' && value !== 'off') throw mistyped('Say on or off')
  if (rest.length > 0) throw mistyped(`There is nothing to be said after ${value}`)
  mustBe('FEATURE', FeatureName, featureName)
  if (values.reason !== undefined) mustBe('--reason', Reason, values.reason)
  if (values['not-after'] !== undefined) mustBe('--not-after', Instant, values['not-after'])
  return {
    featureName,
    enabled: value === 'on',
    reason: values.reason,
    notAfter: values['not-after'],
    directory: directoryOf(values.data),
  }
}

const OPTIONS = {
  reason: { type: 'string', value: 'TEXT', says: 'kept with the change' },
  'not-after': {
    type: 'string',
    value: 'TIME',
    says: 'past that it is not carried out; ISO 8601 with an offset (default 15 minutes from now)',
  },
  data: DATA_OPTION,
} as const

function parsed(args: readonly string[]) {
  return parsedArgs({ args: [...args], allowPositionals: true, options: OPTIONS }, USAGE)
}

function mustBe(name: string, schema: z.ZodMiniType, value: string): void {
  const { success, error } = z.safeParse(schema, value)
  if (!success) throw mistyped(`${name} ${error.issues[0]?.message ?? 'is wrong'}`)
}
