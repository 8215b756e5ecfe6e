/** How faulty fields are told to a caller: all at once, up to a bound, and never by an unprintable name. */
import type { $ZodError } from 'zod/v4/core'
import { type FieldFault, GatewayError } from '../errors.ts'

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
    const path = [name, ...issue.path.map(String)].filter((part) => part !== '')
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        yield {
          fieldName: [...path, printable(key)].join('.'),
          errorCode: 'UNKNOWN_FIELD',
          message: 'is no property of this request: leave it out',
        }
      }
      continue
    }
    const fieldName = path.join('.') || '$'
    if (issue.code === 'invalid_type') {
      const isMissing = issue.input === undefined && issue.path.length > 0
      yield {
        fieldName,
        errorCode: isMissing ? 'MISSING' : 'INVALID_TYPE',
        message: `must be ${isMissing ? 'given, as ' : ''}${spoken[issue.expected] ?? issue.expected}`,
      }
    } else yield { fieldName, errorCode: codeOf(issue.code), message: issue.message }
  }
}

/** JSON's types by the names that people have for them. */
const spoken: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
}

function codeOf(zodCode: string): string {
  if (zodCode === 'too_big') return 'TOO_LARGE'
  if (zodCode === 'too_small') return 'TOO_SMALL'
  return zodCode === 'custom' ? 'CONTRADICTION' : 'INVALID_VALUE'
}

/** A caller's own name for a field goes back only where it is harmless in a log line and a page. */
export function printable(name: string): string {
  return /^[A-Za-z0-9_.[\]-]{1,64}$/.test(name) ? name : '(unprintable)'
}
