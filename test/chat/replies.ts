/** Replies: one as it would be, and any that could be, with the worst texts in it. */
import fc from 'fast-check'
import type { ButtonAction, Part, Reply } from '../../lib/chat/conversation/words/reply.ts'

export const action: ButtonAction = { do: 'apply', changeId: '0123456789abcdefghjk', digest: 'a'.repeat(64) }

export const plan: Reply = {
  title: 'Give cloudCX3 to Ana Lima?',
  tone: 'question',
  isPrivate: false,
  parts: [
    { kind: 'text', text: 'Nothing has happened yet.' },
    {
      kind: 'facts',
      facts: [
        ['Who', 'Ana Lima'],
        ['License', 'cloudCX3'],
        ['Before', 'none'],
        ['After', 'cloudCX3'],
      ],
    },
    {
      kind: 'table',
      headings: ['Name', 'License'],
      rows: [['Ana Lima', 'cloudCX3']],
      total: 3,
      rest: 'who cloudCX3',
    },
    { kind: 'command', lines: ['change 0123456789abcdefghjk', 'help'] },
    { kind: 'note', text: 'Change 0123456789abcdefghjk' },
  ],
  buttons: [
    { label: 'Confirm', style: 'primary', action },
    { label: 'Cancel', style: 'danger', action: { ...action, do: 'cancel' } },
    { label: 'Later', style: 'plain', action: { ...action, do: 'reject' } },
  ],
}

export const replyOf = (...parts: readonly Part[]): Reply => ({
  title: 'T',
  tone: 'info',
  isPrivate: false,
  parts,
})

/** Each would act somewhere if it were not made inert. */
export const hostile = [
  '<!channel>',
  '<!here|here>',
  '<@U1>',
  '<#C1|general>',
  '<https://example.com|click>',
  '&lt;!channel&gt;',
  '@here',
  '@channel',
  'https://example.com',
  '[click](https://example.com)',
  '*bold*',
  '_low_',
  '~gone~',
  '`code`',
  '```\nfence\n```',
  '> quoted',
  '>>> quoted',
  ':tada:',
  'a\nb\r\nc\u2028d',
  '\u202e evil \u2066',
  'zero\u200bwidth\u200d\ufeff',
  '\u{e0001}\u{e0041}',
  '\u001b[31mred\u0007',
  'half \ud800 pair',
  '<at>Ana</at>',
  '{{DATE(2017-02-14T06:00:00Z, SHORT)}}',
  '{{{{{',
  '&&&&<<<<>>>>',
  '',
  ' ',
]

const short = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 20 }))
const long = fc
  .tuple(fc.constantFrom('&', '<', 'é', '😀', '王', 'a\n', '*', '`', '"', '_ :x: '), fc.nat(7_000))
  .map(([char, times]) => char.repeat(times))
const text = fc.oneof(
  { weight: 6, arbitrary: short },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...hostile), { maxLength: 6 }).map((each) => each.join(' ')),
  },
  { weight: 1, arbitrary: long },
)
const shorts = fc.array(short, { maxLength: 5 })

const rows = fc.oneof(
  fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 6 }),
  fc.tuple(fc.nat(600), shorts).map(([count, row]) => Array.from({ length: count }, () => row)),
)

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text }),
  fc.record({ kind: fc.constant('note' as const), text }),
  fc.record({ kind: fc.constant('command' as const), lines: fc.array(text) }),
  fc.record({
    kind: fc.constant('facts' as const),
    facts: fc.array(fc.tuple(text, text), { maxLength: 25 }),
  }),
  fc.record(
    { kind: fc.constant('table' as const), headings: shorts, rows, total: fc.nat(2_000), rest: text },
    { requiredKeys: ['kind', 'headings', 'rows'] },
  ),
)

export const anyReply: fc.Arbitrary<Reply> = fc.record({
  title: text,
  tone: fc.constantFrom('info', 'good', 'warning', 'bad', 'question'),
  isPrivate: fc.boolean(),
  parts: fc.oneof(
    fc.array(part, { maxLength: 6 }),
    fc.tuple(fc.nat(70), part).map(([count, each]) => Array.from({ length: count }, () => each)),
  ),
  buttons: fc.array(
    fc.record({
      label: text,
      style: fc.constantFrom('primary', 'danger', 'plain'),
      action: fc.record({
        do: fc.constantFrom('apply', 'cancel', 'approve', 'reject'),
        changeId: fc.constantFrom(action.changeId, '1123456789abcdefghjk'),
        digest: fc.constant(action.digest),
      }),
    }),
    { maxLength: 40 },
  ),
})

/** Every text anywhere in a rendering. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

/** Characters that turn, hide or end what is beside them; a rendering has none but line ends. */
export const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
