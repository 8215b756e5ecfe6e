/** How faulty fields are told to a caller: all at once, up to a bound, and never by an unprintable name. */
import type { $ZodError, $ZodRawIssue } from 'zod/v4/core'
import { type FieldFault, GatewayError } from './errors.ts'
import { ruleFor } from './text.ts'

/** Faults listed in one answer; of a request with more, the first of them are kept and the others counted. */
const MAX_FAULTS = 50

/** The faults of one request. However many there are, few are kept. */
export class Faults {
  readonly first: FieldFault[] = []
  count = 0

  add(fault: FieldFault): void {
    this.count += 1
    if (this.first.length < MAX_FAULTS) this.first.push(fault)
  }

  addEach(faults: Iterable<FieldFault>): void {
    for (const fault of faults) this.add(fault)
  }

  /** @throws GatewayError `bad.request` where there is any. */
  refuse(): void {
    if (this.count > 0) throw this.asError()
  }

  private asError(): GatewayError {
    const [first] = this.first
    const more = this.count - 1
    const where =
      this.count > this.first.length ? `details has the first ${this.first.length}` : 'see details'
    const rest = more > 0 ? ` (and ${more} more, ${where})` : ''
    return new GatewayError('bad.request', `${first?.fieldName}: ${first?.message}${rest}`, {
      faults: this.first,
    })
  }
}

/** @param name of the parameter that was looked at; empty for the body. */
export function* faultsOf(error: $ZodError, name: string): Generator<FieldFault> {
  for (const issue of error.issues) {
    const path = [name, ...issue.path.map((part) => printableNameOf(String(part)))].filter(
      (part) => part !== '',
    )
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        yield {
          fieldName: [...path, printableNameOf(key)].join('.'),
          errorCode: 'UNKNOWN_FIELD',
          message: ruleFor('is no property of this request: leave it out', key),
        }
      }
      continue
    }
    const fieldName = path.join('.') || '$'
    const errorCode = isMissing(issue) ? 'MISSING' : codeOf(issue.code)
    if (issue.code === 'invalid_type') {
      yield { fieldName, errorCode, message: sentenceOf({ ...issue, input: issue.input }) }
    } else yield { fieldName, errorCode, message: withOddity(issue.message, issue.input) }
  }
}

/** For a check of an object, which sees that a field is wanting beside another: zod's own issues say it by themselves. */
export const asMissing = { isMissing: true } as const

function isMissing(issue: $ZodError['issues'][number]): boolean {
  if (issue.code === 'custom') return issue.params?.['isMissing'] === true
  const isOfValue = issue.code === 'invalid_type' || issue.code === 'invalid_value'
  return isOfValue && issue.input === undefined && issue.path.length > 0
}

/** Where no rule of a field's own has named what cannot be seen in it. */
function withOddity(message: string, input: unknown): string {
  return message.includes('; as character ') ? message : ruleFor(message, input, 'name')
}

/** What an issue without a sentence of its schema's own says: for safeParse, whose own words are a programmer's. */
export function sentenceOf(issue: $ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const isMissing = issue.input === undefined && (issue.path ?? []).length > 0
      return `must be ${isMissing ? 'given, as ' : ''}${typeNames[issue.expected] ?? issue.expected}`
    }
    case 'too_small':
      return `must ${verbOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `must ${verbOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_key':
      return ruleFor(
        `must be named otherwise: it ${issue.issues[0]?.message ?? 'is no name here'}`,
        issue.path?.at(-1),
      )
    case 'unrecognized_keys':
      return 'has properties that are none of this'
    default:
      return 'must be of another form'
  }
}

function verbOf(origin: string): string {
  return origin in units ? 'have' : 'be'
}

function unitOf(origin: string): string {
  return origin in units ? ` ${units[origin]}` : ''
}

const units: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  set: 'entries',
  map: 'entries',
}

/** JSON's types by the names that people have for them. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'a table',
}

function codeOf(zodCode: string): string {
  if (zodCode === 'invalid_type') return 'INVALID_TYPE'
  if (zodCode === 'too_big') return 'TOO_LARGE'
  if (zodCode === 'too_small') return 'TOO_SMALL'
  return zodCode === 'custom' ? 'CONTRADICTION' : 'INVALID_VALUE'
}

/** Characters kept of such a name. */
const MAX_NAME = 64

/**
 * A caller's own name for a field goes back only where it is harmless in a log line and a page: letters that are not
 * plain, blanks and what cannot be seen are written as JSON writes them, of markup and the like nothing is.
 */
export function printableNameOf(name: string): string {
  const kept = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}...` : name
  if (/^[A-Za-z0-9_.[\]-]+$/.test(kept)) return kept
  if (
    kept === '' ||
    !/^[\w.[\]\p{L}\p{M}\p{N}\p{Z}\p{Cf}\p{Pd}\p{Default_Ignorable_Code_Point}-]+$/u.test(kept)
  ) {
    return '(unprintable)'
  }
  return kept.replace(
    /[^A-Za-z0-9_.[\]-]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
}
