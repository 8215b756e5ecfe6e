import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../lib/chat/grammar/parse.ts'
import { readSlackText } from '../../../lib/chat/slack/typed-text.ts'

/** What one line may cost, in CPU time of this process: a hundred times what it takes, a hundredth of a backtracking one. */
const BUDGET_MS = 50

/** The least of some tries: garbage of other tests may be collected in one of them. */
function cpuMs(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let tried = 0; tried < 3 && least > BUDGET_MS; tried++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1_000)
  }
  return least
}

const repeated = [
  ...[
    "'a ",
    "' ",
    '"',
    '“',
    '\\',
    '\\"',
    '\\\\',
    '<',
    '<a',
    '<@U',
    '<@U1|',
    '&',
    '&amp',
    '&lt;',
    '<mailto:',
    '|',
    '>',
  ],
  ...[
    'a@',
    'a.',
    'a@a.',
    'a-',
    '1',
    '1h',
    '1 ',
    ':',
    '-',
    ' ',
    '\t',
    '\u200b',
    ', ',
    ' and ',
    ' to ',
    '\u0000',
    '😀',
    '\ud800',
  ],
  ...['2026-', '00:', 'at ', 'until ', 'because ', '@{', '@{a', '{', '}', 'é'],
]
const before = [
  '',
  'grant cx to ',
  'grant cx to "',
  "grant cx to '",
  'grant cx to a until ',
  'grant cx to a for ',
  'toggle f on at ',
  'user ',
  'change ',
  'infer ',
  'help ',
  'grant cx to a because ',
]
const lines = before.flatMap((start) => repeated.map((piece) => ({ start, piece })))

describe('hostile input', () => {
  it.each([3_000, 50_000])('of %i characters costs next to nothing (B22)', (length) => {
    for (const each of lines) parseLine(each.start + each.piece)
    for (const { start, piece } of lines) {
      const text = (start + piece.repeat(length)).slice(0, length)
      const spent = cpuMs(() => [parseLine(text), readSlackText(text), parseLine(readSlackText(text))])
      expect(spent, `${start}${piece}`).toBeLessThan(BUDGET_MS)
    }
  })

  it.each([
    ['a null character', 'user ana\u0000lima', 'hidden'],
    ['half a character', 'user ana\ud800', 'hidden'],
    ['writing turned around', 'user \u202eamil ana', 'U+202E'],
    ['two lines', 'user ana@example.com\ngrant cx to bob@example.com', 'one line'],
    ['a reason on two lines', 'undo 0123456789abcdefghjk because\u2028x', 'one line'],
    ['more than it reads', `user ${'a'.repeat(3_000)}`, 'too long'],
  ])('with %s is refused', (_, text, word) => {
    expect(parseLine(text)).toMatchObject({ misunderstood: { error: expect.stringContaining(word) } })
  })

  it('of 3,000 characters is still read', () => {
    expect(parseLine(`user ${'a'.repeat(2_990)}`)).toMatchObject({ command: { verb: 'user' } })
  })
})
