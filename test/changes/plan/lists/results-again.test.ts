/** The file of results handed in again: whatever people are called and Genesys answers, it has the pairs that it was made of. */
import fc from 'fast-check'
import papa from 'papaparse'
import { expect, test } from 'vitest'
import { resultColumns, rowOfResult, withAction } from '../../../../lib/changes/answers/change-rows.ts'
import type { ChangeResult } from '../../../../lib/changes/answers/change-schemas.ts'
import { readCsv } from '../../../../lib/changes/plan/lists/read-csv.ts'
import { csvOf } from '../../../../lib/http/files/encode-rows.ts'

/** What breaks a file of commas, begins a formula, or looks like a line of its own. */
const awkward = fc.constantFrom(
  ...[
    ',',
    ';',
    '\t',
    '"',
    "'",
    '\n',
    '\r\n',
    '\r',
    '=',
    '+',
    '-',
    '@',
    '=1+1',
    'ü',
    'Ł',
    '名',
    '👩‍💻',
    ' ',
    '\u00a0',
  ],
  ...['\u200b', '\u2028', '\ufeff', 'sep=;', 'user,license,action', 'add', 'O’Neil', '\\', '|'],
)
const text = fc.oneof(
  fc.string({ unit: awkward, maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const result = fc.record({
  userId: fc.uuid(),
  licenseId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,20}$/),
  desired: fc.boolean(),
  userName: fc.option(text, { nil: undefined }),
  result: fc.option(text, { nil: undefined }),
  outcome: fc.constantFrom<ChangeResult['outcome'][]>(
    'applied',
    'not.applied',
    'unknown',
    'not.sent',
    'conflict',
  ),
})

/** More ends of lines in one text than there are rows. */
const lineEnds = {
  userId: '00000000-0000-4000-8000-000000000001',
  licenseId: 'wallboardUser',
  desired: true,
  userName: '\r\r\r',
  result: undefined,
  outcome: 'applied',
} as const

/** A spreadsheet opens it. */
const opened = (file: string) =>
  papa.parse<string[]>(file.replace(/^\ufeff/, ''), { delimiter: ',', newline: '\r\n' }).data

/** And saves it again. */
const saves: readonly (readonly [how: string, save: (file: string) => Uint8Array])[] = [
  ['as it came', (file) => Buffer.from(file)],
  ['with semicolons', (file) => Buffer.from(`\ufeff${papa.unparse(opened(file), { delimiter: ';' })}`)],
  [
    'with every field in quotes',
    (file) => Buffer.from(papa.unparse(opened(file), { quotes: true, newline: '\n' })),
  ],
  [
    'as Unicode text',
    (file) => Buffer.from(`\ufeff${papa.unparse(opened(file), { delimiter: '\t' })}`, 'utf16le'),
  ],
]

test.each(saves)('the file of results has the same pairs %s', (_, save) => {
  const property = fc.property(fc.array(result, { minLength: 1, maxLength: 6 }), (results) => {
    const { head, encode } = csvOf(resultColumns, true)
    const file = head + encode(results.map((each) => withAction(rowOfResult(each, () => each.userName))))
    const rows = readCsv(save(file)).rows.map(({ user, license, isGiven }) => [user, license, isGiven])
    expect(rows).toEqual(results.map(({ userId, licenseId, desired }) => [userId, licenseId, desired]))
  })
  fc.assert(property, { seed: 20_261_129, numRuns: 150, examples: [[[lineEnds]]] })
})
