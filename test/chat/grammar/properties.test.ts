import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import { verbs } from '../../../lib/chat/grammar/verbs.ts'
import { readSlackText } from '../../../lib/chat/slack/typed-text.ts'
import { withoutInvisibleEnds } from '../../../lib/text.ts'
import { command, everyVerb, person, soup, words } from './commands.ts'
import { print } from './print.ts'

const RUNS = { numRuns: 1_000 }
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  // Halves of surrogate pairs and control characters: what no string unit of fast-check makes.
  fc.array(fc.nat({ max: 0xffff }), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
  soup,
  fc
    .tuple(fc.constantFrom(...everyVerb), fc.oneof(soup, fc.string({ unit: 'binary' })))
    .map((two) => two.join(' ')),
)

describe('the grammar', () => {
  it('reads back every command that it prints', () => {
    fc.assert(
      fc.property(command, (each) => {
        expect(parseLine(print(each))).toEqual({ command: each })
      }),
      { numRuns: 3_000 },
    )
  })

  it('takes any text for a command or says what is wrong, and never throws', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseLine(text)
        if ('command' in parsed) expect(parseLine(print(parsed.command))).toEqual(parsed)
        else expect(parsed.misunderstood.error).not.toBe('')
      }),
      { numRuns: 3_000 },
    )
  })

  it('never makes another verb of a line than its first word', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseLine(text)
        if (!('command' in parsed)) return
        const line = withoutInvisibleEnds(text).trim()
        expect(line === '' ? 'help' : line.slice(0, parsed.command.verb.length).toLowerCase()).toBe(
          parsed.command.verb,
        )
      }),
      RUNS,
    )
  })

  it('answers with short text in which everything can be seen, and never suggests a whole line', () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.string({ unit: 'binary', maxLength: 4_000 })), (text) => {
        const parsed = parseLine(text)
        if ('command' in parsed) return
        const { error, didYouMean, usage } = parsed.misunderstood
        expect(error.length).toBeLessThan(400)
        expect(error).not.toMatch(/[\p{C}\u2028\u2029]/u)
        expect(didYouMean ?? '').toMatch(/^[a-z]*$/)
        expect(Object.values(verbs).map((verb) => verb.usage)).toContain(usage)
      }),
      RUNS,
    )
  })

  it('takes everything behind "because" for the reason, whatever is said there', () => {
    fc.assert(
      fc.property(words, (because) => {
        const people = [{ by: 'email', email: 'ana@example.com' }]
        expect(parseLine(`grant cx to ana@example.com until 18:00 because ${because}`)).toEqual({
          command: {
            verb: 'grant',
            license: 'cx',
            people,
            until: { at: { kind: 'clock', time: '18:00' } },
            because,
          },
        })
        expect(parseLine(`revoke cx from ana@example.com BECAUSE ${because}`)).toEqual({
          command: { verb: 'revoke', license: 'cx', people, because },
        })
        expect(parseLine(`toggle f off because ${because}`)).toEqual({
          command: { verb: 'toggle', feature: 'f', set: { enabled: false, because } },
        })
      }),
      RUNS,
    )
  })

  it('takes a quoted name for a name, whatever is in it', () => {
    fc.assert(
      fc.property(words, person, (name, other) => {
        fc.pre(!/["\\“”„‟]/.test(name))
        const people = [{ by: 'name', name }, other]
        const { command: plain } = { command: { verb: 'grant', license: 'cx', people } as const }
        const printed = print({ verb: 'user', person: other }).slice('user '.length)
        expect(parseLine(`grant cx to "${name}" and ${printed}`)).toEqual({ command: plain })
        expect(parseLine(`grant cx to “${name}”, ${printed}`)).toEqual({ command: plain })
        expect(parseLine(`user „${name}“`)).toEqual({ command: { verb: 'user', person: people[0] } })
      }),
      RUNS,
    )
  })

  it('reads text from Slack without a throw, and nothing that was escaped as markup', () => {
    fc.assert(
      fc.property(anything, (text) => {
        readSlackText(text)
        const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
        expect(readSlackText(escaped)).toBe(text)
      }),
      RUNS,
    )
  })
})
