import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../lib/errors.ts'
import { parseStrictJson } from '../lib/json.ts'
import { jsonFaultIn } from '../lib/json-fault.ts'

const forbidden = ['__proto__', 'constructor', 'prototype']

const key = fc.string({ unit: 'grapheme' }).filter((name) => !forbidden.includes(name))
const { value: jsonValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

/** The details entry's code of the refusal, undefined where the text is taken. */
function refusalOf(text: string): string | undefined {
  try {
    parseStrictJson(text)
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error.faults[0]?.errorCode
    throw error
  }
}

describe('a text that is not JSON', () => {
  it.each([
    ['{"a":1,}', 1, 8, 'a name in double quotes'],
    ['[1,\n 2,\n]', 3, 1, 'a value'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['[1 2]', 1, 4, 'a comma or ]'],
    ['{"a":1', 1, 7, 'a comma or }'],
    ['{} x', 1, 4, 'the end'],
    ["{'a':1}", 1, 2, 'a name in double quotes'],
    ['"a\\x"', 1, 3, 'the rest of a text in double quotes, without control characters'],
    ['[01]', 1, 3, 'a comma or ]'],
    ['tru', 1, 1, 'a value'],
    ['\ufeff{}', 1, 1, 'no byte order mark (U+FEFF)'],
    ['['.repeat(200_000), 1, 200_001, 'a value'],
  ])('is told where: %j at line %i, column %i there must be %s', (text, line, column, expected) => {
    expect(jsonFaultIn(text)).toEqual({ line, column, expected })
  })

  it('is told so of just what JSON.parse refuses', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '.5',
      'e3',
      'null',
      ' ',
      '"',
      '\\u12',
      '0',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const isSound = (() => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        expect([text, jsonFaultIn(text) === undefined]).toEqual([text, isSound])
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('strict JSON', () => {
  it('is what JSON.parse makes of it, however it is indented', () => {
    fc.assert(
      fc.property(jsonValue, fc.constantFrom(0, 2, '\t', '\r\n'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect([parseStrictJson(text), jsonFaultIn(text)]).toEqual([value, undefined])
      }),
      { numRuns: 500 },
    )
  })

  it('is the same with every character of its strings escaped', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const escaped = JSON.stringify(value).replaceAll(/"((?:[^"\\]|\\.)*)"/g, (literal) => {
          const units = Array.from(JSON.parse(literal).split(''), (unit: string) => unit.charCodeAt(0))
          return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`
        })
        expect(parseStrictJson(escaped)).toEqual(value)
      }),
    )
  })

  it('is refused where it is not what JSON.parse takes, and never throws anything but a refusal', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'{}[]":,\\ u0d8-1e.tfn'), maxLength: 30 })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (text) => {
        const code = refusalOf(text)
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        if (!isJson) expect(code).toBe('INVALID_JSON')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is refused where any object in it has a key twice', () => {
    fc.assert(
      fc.property(key, jsonValue, jsonValue, fc.boolean(), fc.nat(5), (name, one, two, isEscaped, depth) => {
        const literal = JSON.stringify(name)
        const again =
          isEscaped && name !== ''
            ? `"${name
                .split('')
                .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
                .join('')}"`
            : literal
        const object = `{${literal}:${JSON.stringify(one)},${again}:${JSON.stringify(two)}}`
        expect(refusalOf(`${'[{"in":'.repeat(depth)}${object}${'}]'.repeat(depth)}`)).toBe('DUPLICATE_KEY')
      }),
    )
  })

  it('takes a key again in another object, and as a value', () => {
    for (const text of [
      '[{"a":1},{"a":1}]',
      '{"a":{"a":"a"},"b":"a"}',
      '{"a":["a","a"],"b":{"a":1}}',
      '["a","a"]',
    ]) {
      expect(refusalOf(text)).toBeUndefined()
    }
  })

  it.each(forbidden)('never has %s as a key, but may have it as a value', (name) => {
    fc.assert(
      fc.property(jsonValue, fc.nat(5), (value, depth) => {
        const object = `{"a":0,"${name}":${JSON.stringify(value)}}`
        expect(refusalOf(`${'[{"in":'.repeat(depth)}${object}${'}]'.repeat(depth)}`)).toBe('FORBIDDEN_KEY')
      }),
      { numRuns: 30 },
    )
    const value = { a: [name, name], b: name, c: { d: [name, { e: name }] } }
    expect(parseStrictJson(JSON.stringify(value))).toEqual(value)
  })

  it('has no half of a surrogate pair, escaped or not', () => {
    const half = fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit))
    const plain = fc.string({ unit: fc.constantFrom(...'ab"\\ é') })
    fc.assert(
      fc.property(plain, half, plain, fc.boolean(), fc.boolean(), (before, lone, after, isEscaped, isKey) => {
        const text = JSON.stringify(before + lone + after)
        const literal = isEscaped ? text : text.replace(/\\ud[89a-f][0-9a-f]{2}/i, lone)
        expect(refusalOf(isKey ? `{${literal}:1}` : `[${literal}]`)).toBe('INVALID_JSON')
      }),
    )
    expect(parseStrictJson('["\\ud83d\\ude00","\u{1f600}"]')).toEqual(['\u{1f600}', '\u{1f600}'])
  })

  it('(B10) is 32 levels deep at most, brackets in strings not counted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (depth, kinds) => {
          const arrays = kinds.slice(0, depth)
          const open = arrays.map((isArray) => (isArray ? '[' : '{"[":')).join('')
          const close = arrays
            .map((isArray) => (isArray ? ']' : '}'))
            .toReversed()
            .join('')
          expect(refusalOf(`${open}"[{[{"${close}`)).toBe(depth > 32 ? 'TOO_DEEP' : undefined)
        },
      ),
    )
  })

  it('of 100,000 levels is refused without exhausting the stack (B11)', () => {
    expect(refusalOf('['.repeat(100_000) + ']'.repeat(100_000))).toBe('TOO_DEEP')
    expect(refusalOf(`${'{"a":'.repeat(100_000)}0${'}'.repeat(100_000)}`)).toBe('TOO_DEEP')
  })

  it.each([
    ['{"a\u200e":1,"a\u200e":2}', 'The body has an object with the same key twice: a\\u200E'],
    [`{"${'k'.repeat(90)}":1,"${'k'.repeat(90)}":2}`, `same key twice: ${'k'.repeat(64)}...`],
    ['{"<b>":1,"<b>":2}', 'same key twice: (unprintable)'],
    ['{"constructor":1}', 'The body has the key constructor, which no request may have'],
  ])('names the key of %j that is there twice, or that none may have', (text, message) => {
    expect(() => parseStrictJson(text)).toThrow(message)
  })

  it('says nothing else of the text in a refusal', () => {
    for (const text of [
      '{"canary":',
      '{"a":"canary","a":"canary"}',
      '{"canary":{"__proto__":1}}',
      '"canary\\ud800"',
    ]) {
      expect(() => parseStrictJson(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('canary') }),
      )
    }
  })
})
