/**
 * JSON from elsewhere. JSON.parse's own error quotes the text that it stumbles over, which may be a secret or
 * somebody's words, so it is not handed on. It takes any depth, and JSON.stringify ends with a RangeError at some
 * 4,000 levels: so what is read has a bound.
 *
 * A request's body is read strictly besides: of two equal keys JSON.parse takes the last, and `__proto__` becomes a
 * key. No small parser refuses all of that, so the text is scanned once after JSON.parse has found it sound.
 */
import { GatewayError } from './errors.ts'
import { printableNameOf } from './field-faults.ts'
import { jsonFaultIn } from './json-fault.ts'

/** Deeper than anything that is read here; Genesys's answers and chat's messages need fewer than ten. */
export const MAX_LEVELS = 32

/** @returns undefined for what is no JSON, which has no such value, and for what is nested deeper than MAX_LEVELS. */
export function jsonOf(text: string | Buffer | undefined): unknown {
  const value = anyJsonOf(text)
  return isTooDeep(value) ? undefined : value
}

/** As jsonOf, but of any depth: for a look at what stands on top. */
export function anyJsonOf(text: string | Buffer | undefined): unknown {
  try {
    return JSON.parse(text?.toString() ?? '')
  } catch {
    return undefined
  }
}

/** @param levels of objects and lists that a value may have, one within the other. */
export function isTooDeep(value: unknown, levels = MAX_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  // Every answer of Genesys passes: without a closure a level, and a copy a list, it takes a third of the time.
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (isTooDeep(each, levels - 1)) return true
  }
  return false
}

/** Stands for what is nested deeper. */
const TOO_DEEP = `(nested deeper than ${MAX_LEVELS} levels)`

/** A value that JSON.stringify can write: as it is where that can be, else a copy with TOO_DEEP in place of what is deeper. */
export function shallowOf(value: unknown): unknown {
  return isTooDeep(value) ? copyOf(value, MAX_LEVELS) : value
}

function copyOf(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return TOO_DEEP
  if (Array.isArray(value)) return value.map((each) => copyOf(each, levels - 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copyOf(each, levels - 1)]))
}

/**
 * Values in one document, counted as what opens an object or a list and what a comma divides. The largest request that
 * is taken but for lists, 500 assignments of one user each, has some 3,000.
 */
const MAX_VALUES = 5_000

/** Keys by which an object's prototype could be reached, in any request. */
const forbiddenKeys: readonly string[] = ['__proto__', 'constructor', 'prototype']

/**
 * @param maxValues where more than usual are taken.
 * @throws GatewayError `bad.request` with the details entry INVALID_JSON, TOO_DEEP, FORBIDDEN_KEY or DUPLICATE_KEY;
 *   `request.entity.too.large` with TOO_MANY_VALUES.
 */
export function parseStrictJson(text: string, maxValues = MAX_VALUES): unknown {
  refuseOutsized(text, maxValues)
  const value = parseJson(text)
  scan(text)
  return value
}

/** The same of a file that an operator wrote, of any size. @throws Error with a sentence that begins with its name. */
export function parseStrictFile(text: string, file: string): unknown {
  try {
    refuseOutsized(text, Number.POSITIVE_INFINITY)
    const value = parseJson(text)
    scan(text)
    return value
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new Error(error.message.replace(BODY, file))
  }
}

/** What the sentences are about. */
const BODY = /^The body/

/**
 * Of any text, JSON or not, before a value is made of it: 2 MB of `{},` are 690,000 objects, and a fault or more of
 * each once a schema looks at them.
 */
function refuseOutsized(text: string, maxValues: number): void {
  let depth = 0
  let values = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      at = endOfString(text, at)
      continue
    }
    if (char === '}' || char === ']') depth -= 1
    const isOpening = char === '{' || char === '['
    if (!isOpening && char !== ',') continue
    values += 1
    if (isOpening) depth += 1
    if (depth > MAX_LEVELS) throw refusal('TOO_DEEP', `The body is nested deeper than ${MAX_LEVELS} levels`)
    if (values > maxValues) throw tooMany(maxValues)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusal('INVALID_JSON', `The body is not valid JSON${placeIn(text)}`)
  }
}

function placeIn(text: string): string {
  const fault = jsonFaultIn(text)
  return fault ? `: at line ${fault.line}, column ${fault.column} there must be ${fault.expected}` : ''
}

/** Walks the text of a valid JSON document without recursion. */
function scan(text: string): void {
  if (!text.isWellFormed()) throw refusal('INVALID_JSON', 'The body has half a surrogate pair')
  /** Keys met in each open object; undefined for an open array. */
  const open: (Set<string> | undefined)[] = []
  let isKeyNext = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      const end = endOfString(text, at)
      const string = stringOf(text.slice(at, end + 1))
      if (isKeyNext) note(string, open.at(-1))
      isKeyNext = false
      at = end
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : undefined)
      isKeyNext = char === '{'
    } else if (char === '}' || char === ']') {
      open.pop()
      isKeyNext = false
    } else if (char === ',') isKeyNext = open.at(-1) !== undefined
  }
}

/** @returns the end of the text where the string does not end. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function stringOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  const string: string = JSON.parse(literal)
  if (!string.isWellFormed()) throw refusal('INVALID_JSON', 'The body has half a surrogate pair')
  return string
}

function note(key: string, keys: Set<string> | undefined): void {
  if (forbiddenKeys.includes(key)) {
    throw refusal('FORBIDDEN_KEY', `The body has the key ${key}, which no request may have`)
  }
  if (keys?.has(key)) {
    throw refusal('DUPLICATE_KEY', `The body has an object with the same key twice: ${printableNameOf(key)}`)
  }
  keys?.add(key)
}

function refusal(errorCode: string, message: string): GatewayError {
  return new GatewayError('bad.request', message, { faults: [{ fieldName: '$', errorCode, message }] })
}

function tooMany(maxValues: number): GatewayError {
  const message = `The body has more than ${maxValues} values, which is more than there is a use for: send it in parts`
  return new GatewayError('request.entity.too.large', message, {
    faults: [{ fieldName: '$', errorCode: 'TOO_MANY_VALUES', message }],
  })
}
