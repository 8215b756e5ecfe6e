/** What stands in the files, read back by a parser of another make. */
import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { CellValue, Row } from '../../../lib/files.ts'
import { csvOf, ndjsonOf } from '../../../lib/http/files/encode-rows.ts'
import { ask, changesOf, partsOf } from './asking.ts'

const columns = ['first', 'second', 'third']

/** What a spreadsheet takes for a formula when it stands first, blanks aside. */
const FORMULA = /^[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u

/** The same where each semicolon, tab or line's end begins a cell, and quotes are passed over. */
const INNER =
  /[;\t\r\n](?:(?![\t\r\n])[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]|")*[=+\-@\uff1d\uff0b\uff0d\uff20]/u

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '\t',
        '\r',
        '\n',
        '\r\n',
        '"',
        ',',
        ';',
        "'",
        ' ',
        '\ufeff',
        '\0',
        'a',
        'é',
        '１',
        '\u2028',
        '\u200b',
        '\u2060',
        '\u00ad',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '=HYPERLINK("http://x","y")',
    '+1',
    '-1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    ' =1+1',
    '\u200b=1+1',
    '\u2063 @x',
    'a;=1+1;b',
    'a; \u200b=1',
    'a;"=1"',
    'a\n=1',
    '\n=1',
    '＝1',
    '',
    '""',
    '\r\n',
  ),
)
const cell: fc.Arbitrary<CellValue> = fc.oneof(
  { weight: 4, arbitrary: hostile },
  fc.boolean(),
  fc.integer(),
  fc.constant(undefined),
)
const rowsOf = fc.array(fc.record({ first: cell, second: cell, third: cell }, { requiredKeys: [] }), {
  maxLength: 6,
})

function readCsv(text: string): Record<string, string>[] {
  const { data, errors } = Papa.parse<Record<string, string>>(text, {
    header: true,
    newline: '\r\n',
    skipEmptyLines: false,
  })
  expect(errors).toEqual([])
  return data
}

/** As it must be read back: a formula is text behind an apostrophe, what is not known is empty. */
function shown(value: CellValue): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  let inner = value
  for (let found = INNER.exec(inner); found; found = INNER.exec(inner)) {
    inner = `${inner.slice(0, found.index + 1)}'${inner.slice(found.index + 1)}`
  }
  return FORMULA.test(value) ? `'${inner}` : inner
}

describe('a CSV file', () => {
  it('says to another reader what was in the rows, and to no spreadsheet a formula (O03)', () => {
    fc.assert(
      fc.property(rowsOf, fc.integer({ min: 0, max: 6 }), (rows, cut) => {
        const { head, encode } = csvOf(columns, false)
        const text = head + encode(rows.slice(0, cut)) + encode(rows.slice(cut))
        expect(text.endsWith('\r\n')).toBe(true)
        // What stands outside of quotes has no other line's end than the rows' own.
        expect(text.replaceAll(/"[^"]*"/g, '').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
        const read = readCsv(text.slice(0, -2))
        expect(read).toEqual(
          rows.map((row: Row) => Object.fromEntries(columns.map((name) => [name, shown(row[name])]))),
        )
        for (const [index, each] of read.entries()) {
          for (const name of columns) {
            if (typeof rows[index]?.[name as keyof (typeof rows)[number]] === 'number') continue
            expect(each[name]).not.toMatch(FORMULA)
            expect(each[name]).not.toMatch(INNER)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['\u200b=1+1', "'\u200b=1+1"],
    ['\u2060\u00ad @x', "'\u2060\u00ad @x"],
    ['a;=1+1;b', "a;'=1+1;b"],
    ['a; =1', "a;' =1"],
    ['a;\u200b=1', "a;'\u200b=1"],
    ['a;"=1"', `"a;'""=1""${'"'}`],
    ['a-b; c=d', 'a-b; c=d'],
  ])('has %j as %s, where cells are separated by semicolons too', (text, written) => {
    expect(csvOf(['n'], false).encode([{ n: text }])).toBe(`${written}\r\n`)
  })

  it('leaves a negative number the number that it is', () => {
    expect(csvOf(['n'], false).encode([{ n: -5 }, { n: 0 }])).toBe('-5\r\n0\r\n')
  })

  it('has its line of names where nothing follows, and NDJSON then is empty (O09)', async () => {
    const empty = () => changesOf(() => partsOf([[], []]))
    const csv = await ask(empty(), { accept: 'text/csv' })
    expect(csv.body.toString()).toMatch(/^changeId,createdAt,[A-Za-z,]+,failure,dueAt\r\n$/)
    const ndjson = await ask(empty(), { accept: 'application/x-ndjson' })
    expect([ndjson.status, ndjson.isWhole, ndjson.body.toString()]).toEqual([200, true, ''])
  })
})

describe('NDJSON', () => {
  it('says line by line what was in the rows', () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const text = ndjsonOf(columns).encode(rows)
        const lines = text.split('\n')
        expect(lines.pop()).toBe('')
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(rows)))
      }),
    )
  })

  it('goes out over the socket as it was made, many parts of many rows', async () => {
    const parts = Array.from({ length: 50 }, (_part, part) =>
      Array.from({ length: 40 }, (_row, index) => ({
        changeId: `${part}-${index}`,
        reason: `=1 "é" \u2028, ${'x'.repeat(100)}`,
      })),
    )
    const listing = changesOf(() => partsOf(parts))
    const { body, isWhole } = await ask(listing, { accept: 'application/x-ndjson' })
    const lines = body.toString('utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(parts.flat())
    expect(isWhole).toBe(true)
    expect(listing.calls.map(({ file }) => ({ ...file }))).toEqual([
      expect.objectContaining({
        type: 'application/x-ndjson',
        rows: 2_000,
        bytes: body.length,
        end: 'whole',
      }),
    ])
  })
})
