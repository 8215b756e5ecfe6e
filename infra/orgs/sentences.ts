/** Rules of single fields, each with the sentence that says what the field must be. */
import * as z from 'zod'
import { escapeInvisible, oddityIn, ruleFor } from '../../lib/text.ts'

/** The end of a sentence that begins with the field's name. */
export const must =
  (rule: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `is missing: it must be ${rule}` : ruleFor(`must be ${rule}${quoted(input)}`, input)

function quoted(input: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof input)
    ? `, not ${escapeInvisible(JSON.stringify(input))}`
    : ''
}

/** Whether nothing in it is invisible: nobody typed that, and what it is compared with does not have it. */
export const isSeen = (value: string): boolean => oddityIn(value, 'name') === undefined

export const text = (rule: string, pattern: RegExp) =>
  z
    .string({ error: must(rule) })
    .refine((value) => pattern.test(value) && isSeen(value), { error: must(rule) })

export const whole = (rule: string, min: number, max: number) =>
  z
    .int({ error: must(rule) })
    .min(min, { error: must(rule) })
    .max(max, { error: must(rule) })

export const oneOf = <const T extends readonly [string, ...string[]]>(rule: string, values: T) =>
  z.enum(values, { error: must(rule) })
