/** Files as spreadsheets, people and the malicious write them, read without looking anything up. */
import fc from 'fast-check'
import papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { cutRecords } from '../../../../lib/changes/plan/lists/cut-records.ts'
import { readCsv } from '../../../../lib/changes/plan/lists/read-csv.ts'
import { GatewayError } from '../../../../lib/errors.ts'

const ANA = 'ana@example.com'
const plain = [{ line: 2, user: ANA, license: 'wallboardUser', isGiven: true }]

function read(text: string | Uint8Array) {
  return readCsv(typeof text === 'string' ? new TextEncoder().encode(text) : text)
}

function faultsIn(text: string) {
  return (read(text).badRows ?? []).flatMap(({ faults }) => faults)
}

function refusalOf(text: string | Uint8Array): GatewayError {
  try {
    read(text)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was taken')
}

function utf16(text: string, isBigEndian = false): Uint8Array {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return isBigEndian ? bytes.swap16() : bytes
}

describe('a file of rows is read as it is written in', () => {
  it.each([
    ['plain', `user,license,action\n${ANA},wallboardUser,add\n`],
    ['its columns in another order and case', `Action,USER,License\nADD,${ANA},wallboardUser`],
    ['a byte order mark and CRLF, as Excel', `\ufeffuser,license,action\r\n${ANA},wallboardUser,add\r\n`],
    ['semicolons, as Excel in some countries', `user;license;action\r\n${ANA};wallboardUser;add\r\n`],
    ['tabs, as what is copied', `user\tlicense\taction\n${ANA}\twallboardUser\tadd`],
    ['quotes around each field', `"user","license","action"\n"${ANA}","wallboardUser","add"\n`],
    ['more columns, some empty', `name,user,license,note,action\n"Abebe, Ana",${ANA},wallboardUser,,add`],
    ['blank lines and blanks around', `user,license,action\n ${ANA} , wallboardUser , add \n\n,,\n`],
    ['carriage returns alone', `user,license,action\r${ANA},wallboardUser,add`],
    ['the names that results have', `licenseId,userId,userName,action\nwallboardUser,${ANA},Ana,give`],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual({ rows: plain })
  })

  it('with the separator that Excel wants named in its first line', () => {
    expect(read(`sep=;\nuser;license;action\n${ANA};wallboardUser;add`)).toEqual({
      rows: [{ ...plain[0], line: 3 }],
    })
  })

  it.each([false, true])('in UTF-16, as Excel saves Unicode text (big endian: %s)', (isBigEndian) => {
    expect(read(utf16(`user\tlicense\taction\r\n${ANA}\twallboardUser\tadd\r\n`, isBigEndian))).toEqual({
      rows: plain,
    })
  })

  it('and its lines are counted as an editor counts them, behind a field of several lines too', () => {
    const { rows } = read(
      `user,note,license,action\n"Ana","one\r\ntwo\nthree",wallboardUser,add\r\nBen,,wallboardUser,remove`,
    )
    expect(rows.map(({ line, user, isGiven }) => [line, user, isGiven])).toEqual([
      [2, 'Ana', true],
      [5, 'Ben', false],
    ])
  })
})

describe('each bad row is told with its line (D)', () => {
  it('and no value of a secret column or a formula is taken', () => {
    const faults = faultsIn(
      [
        'user,license,action',
        ',wallboardUser,add',
        `${ANA},,add`,
        `${ANA},wallboardUser,`,
        `${ANA},wallboardUser,maybe`,
        '=HYPERLINK("http://x"),wallboardUser,add',
        '@SUM(A1),wallboardUser,add',
        '"two\nlines",wallboardUser,add',
        'ana\u200b@example.com,wallboardUser,add',
        `${'x'.repeat(400)},wallboardUser,add`,
        `${ANA},wallboardUser,add`,
      ].join('\n'),
    )
    expect(faults.map(({ line, fieldName }) => [line, fieldName])).toEqual([
      [2, 'user'],
      [3, 'license'],
      [4, 'action'],
      [5, 'action'],
      [6, 'user'],
      [7, 'user'],
      [8, 'user'],
      [10, 'user'],
      [11, 'user'],
    ])
  })

  it.each([
    ['=A1,wallboardUser,add', 'user', 'begins like a formula, and is not an id, an e-mail or a name'],
    [`${ANA},=A1,add`, 'license', 'begins like a formula, and is not an id of a license'],
  ])('and a formula is told as one (%s)', (row, fieldName, sentence) => {
    expect(faultsIn(`user,license,action\n${row}`)).toMatchObject([
      { fieldName, message: expect.stringContaining(sentence) },
    ])
  })

  it('and a row that has other separators than the header is told so, once', () => {
    const text = `user,license,action\n${ANA};wallboardUser;add\n"${ANA}\twallboardUser",add\n${ANA},wallboardUser,add`
    expect(faultsIn(text)).toEqual([
      {
        line: 2,
        fieldName: 'row',
        errorCode: 'INVALID_VALUE',
        message: 'has semicolons, and the header has commas',
      },
      {
        line: 3,
        fieldName: 'row',
        errorCode: 'INVALID_VALUE',
        message: 'has tabs, and the header has commas',
      },
    ])
  })

  it('and a license is what it is elsewhere, so that no person stands where licenses are shown', () => {
    const licenses = ['secret.person@example.com', 'Ana Abebe', 'x'.repeat(129), 'wallboardUser']
    const faults = faultsIn(`user,license,action\n${licenses.map((each) => `Ana,${each},add`).join('\n')}`)
    expect(faults.map(({ line, fieldName }) => [line, fieldName])).toEqual(
      [2, 3, 4].map((line) => [line, 'license']),
    )
    expect(JSON.stringify(faults)).not.toMatch(/secret|Abebe/)
  })

  it('with what of it can be looked up all the same', () => {
    const { rows, badRows } = read(
      `user,license,action\n${ANA},wallboardUser,maybe\n,wallboardUser,add\n${ANA},wallboardUser,add`,
    )
    expect(rows.map(({ line }) => line)).toEqual([4])
    expect(badRows).toMatchObject([
      { line: 2, user: ANA, license: 'wallboardUser' },
      { line: 3, user: undefined, license: 'wallboardUser' },
    ])
  })
})

describe('what is no such file is refused whole', () => {
  it.each([
    ['empty', '', 'is empty'],
    ['its header alone', 'user,license,action\n', 'has no row'],
    [
      'no header',
      `${ANA},wallboardUser,add\n`,
      'must name user, license and action in its first line: it names none of them',
    ],
    ['a column is missing', `user,license\n${ANA},wallboardUser`, 'first line: it lacks action'],
    ['a column twice', `user,user,license,action\na,b,c,add`, 'has two columns user'],
    ['a quote that is never closed', `user,license,action\n"${ANA},wallboardUser,add\nb,c,add`, 'line 2'],
    ['NUL', `user,license,action\nana\0,wallboardUser,add`, 'NUL'],
    ['no UTF-8', Uint8Array.from([...Buffer.from('user,license,action\n'), 0xfc, 0x2c]), 'neither UTF-8'],
    ['a workbook of Excel', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 6, 0), 'is an Excel workbook'],
    ['an older workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'save it as "CSV UTF-8"'],
    ['UTF-16 without its mark', utf16(`user,license,action\na,b,add`).subarray(2), 'NUL'],
  ])('%s', (_, text, why) => {
    const error = refusalOf(text)
    expect(error).toMatchObject({
      code: 'bad.request',
      faults: [{ fieldName: '$', errorCode: 'INVALID_CSV' }],
    })
    expect(error.message).toContain(why)
  })

  it('more rows than a list may have', () => {
    const error = refusalOf(`user,license,action\n${'a,b,add\n'.repeat(50_001)}`)
    expect(error).toMatchObject({ code: 'request.entity.too.large', status: 413 })
  })

  it('one line of four megabytes', () => {
    expect(refusalOf(`user,license,action\n${'x'.repeat(4_000_000)},b,add`).message).toContain(
      'row in line 2',
    )
  })
})

const HEADER = 'user,license,action\n'
const FOUR_MB = 4 * 1024 * 1024
const filled = (with_: string, start = HEADER, end = '') =>
  `${start}${with_.repeat((FOUR_MB - start.length - end.length) / with_.length)}${end}`

/** Of a core: what four megabytes of honest rows take is a tenth of it. */
const MAX_MS = 2_000

describe('four megabytes of any make are read or refused in two seconds', () => {
  it.each([
    [
      'quotes in a quoted field, then blanks',
      filled(' ', `${HEADER}"${'"x'.repeat(FOUR_MB / 4)}`, ',b,add\n'),
    ],
    ['the same over many lines', filled('"\n', `${HEADER}"`, ',b,add\n')],
    ['quoted rows before blank lines', filled('\n', `${HEADER}${'"x"\n'.repeat(40_000)}`, ',b,add\n')],
    ['quoted rows before blanks', filled(' ', `${HEADER}${'"x"\n'.repeat(40_000)}`, ',b,add\n')],
    ['quotes in its header', filled('"x', '"', `,${HEADER}a,b,add\n`)],
    ['a mark and quotes in each row', filled(`\ufeff"${'"x'.repeat(10_000)}${' '.repeat(10_000)},b,add\n`)],
    ['quotes that are quoted', filled('""', `${HEADER}"`, '",b,add\n')],
    ['commas', filled(',', `${HEADER}a,b,add`)],
    ['empty rows', filled(',,\n')],
    ['rows of empty quotes', filled('"",""\n')],
    ['carriage returns', filled('\r')],
    ['what is invisible', filled('\u200b', `${HEADER}x`, 'x,b,add\n')],
    ['a quote that is never closed', filled('a,b,add\n', `${HEADER}"`)],
  ])('%s', (_, text) => {
    const bytes = new TextEncoder().encode(text)
    const { user: before } = process.cpuUsage()
    try {
      readCsv(bytes)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
    }
    expect((process.cpuUsage().user - before) / 1_000).toBeLessThan(MAX_MS)
  })
})

it('rows behind any number of empty ones are read', () => {
  expect(read(`${HEADER}${',,\n'.repeat(60_000)}${ANA},wallboardUser,add\n`).rows).toMatchObject([
    { line: 60_002, user: ANA },
  ])
})

it('what is cut into rows is what the parser makes of the whole', () => {
  const piece = fc.constantFrom('"', '""', ',', '\n', 'a', ' ', ',"', '",', '"\n')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = `${pieces.join('')}\n`
      const whole = papa.parse<string[]>(text, { delimiter: ',', newline: '\n' })
      const cut = [...cutRecords(text, ',')]
      expect(cut.some(({ kind }) => kind !== 'record')).toBe(whole.errors.length > 0)
      if (whole.errors.length > 0) return
      const fields = cut.map((each) =>
        each.kind === 'record'
          ? papa.parse<string[]>(`${each.text}\n`, { delimiter: ',', newline: '\n' }).data[0]
          : [],
      )
      expect(fields).toEqual(whole.data.slice(0, -1))
    }),
  )
})
