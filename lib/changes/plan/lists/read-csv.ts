/** A file of rows `user,license,action`, as spreadsheets and people write them, into rows; nothing in it is looked up yet. */
import papa from 'papaparse'
import { GatewayError } from '../../../errors.ts'
import { LicenseId } from '../../../genesys/models/ids.ts'
import { oddityIn, withoutInvisibleEnds } from '../../../text.ts'
import type { RowFault } from '../../model/change.ts'
import { MAX_LIST_PAIRS, MAX_PERSON_LENGTH } from '../../model/change-order.ts'
import { cutRecords, MAX_RECORD_LENGTH } from './cut-records.ts'
import type { BadRow, ListOrder, WishedRow } from './list-order.ts'

const columns = ['user', 'license', 'action'] as const
type Column = (typeof columns)[number]

/** Of what other tools call them; the file that results give can be handed in again. */
const otherNames: Readonly<Record<string, Column>> = {
  userid: 'user',
  email: 'user',
  'e-mail': 'user',
  licenseid: 'license',
}

const given: readonly string[] = ['add', 'give', 'true', '+']
const taken: readonly string[] = ['remove', 'take', 'false', '-']
const actionRule = 'must be add or remove'

/** A field that is longer was never closed, or is none that is looked for. Characters. */
const MAX_FIELD = 2_000

/** What workbooks begin with: .xlsx and .ods are archives, .xls is a container of its own. */
const workbookMarks: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
]

/** What Excel saves as "Unicode text" begins so. */
const encodings: readonly { readonly mark: readonly number[]; readonly name: string }[] = [
  { mark: [0xff, 0xfe], name: 'utf-16le' },
  { mark: [0xfe, 0xff], name: 'utf-16be' },
]

/** @throws GatewayError 400 for what is no such file, 413 for more rows than a list may have. */
export function readCsv(bytes: Uint8Array): ListOrder {
  const text = decode(bytes)
  const { header, places } = headerOf(text)
  const rows: WishedRow[] = []
  const badRows: BadRow[] = []
  for (const { line, fields } of linesOf(text, header)) {
    if (fields.every((each) => each.trim() === '')) continue
    if (rows.length + badRows.length === MAX_LIST_PAIRS) throw tooManyRows()
    const row = otherwiseCut(line, fields, header, places) ?? rowOf(line, fields, places)
    if ('faults' in row) badRows.push(row)
    else rows.push(row)
  }
  if (rows.length + badRows.length === 0) throw noSuchFile('has no row below its header: name somebody')
  return badRows.length === 0 ? { rows } : { rows, badRows }
}

function decode(bytes: Uint8Array): string {
  const begins = (mark: readonly number[]) => mark.every((each, place) => bytes[place] === each)
  if (workbookMarks.some(begins)) {
    throw noSuchFile(
      'is an Excel workbook, or another that is no CSV: save it as "CSV UTF-8" and hand that in',
    )
  }
  const marked = encodings.find(({ mark }) => begins(mark))
  try {
    const text = new TextDecoder(marked?.name ?? 'utf-8', { fatal: true }).decode(bytes)
    if (text.includes('\0')) throw noSuchFile('has NUL characters: save it as CSV in UTF-8')
    return text
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw noSuchFile('is neither UTF-8 nor UTF-16 with its mark: save it as "CSV UTF-8"')
  }
}

interface Line {
  /** Where it begins, the first is 1: a quoted field may go over several. */
  readonly line: number
  readonly fields: readonly string[]
}

interface HeaderLine {
  readonly line: number
  readonly delimiter: Delimiter
}

function headerOf(text: string): {
  readonly header: HeaderLine
  readonly places: Readonly<Record<Column, number>>
} {
  const lines = text.split(/\r\n|\n|\r/, 20)
  const index = lines.findIndex((each) => each.trim() !== '' && !/^sep=.$/i.test(each.trim()))
  const first = lines[index]
  if (first === undefined) throw noSuchFile('is empty: its first line must be user,license,action')
  const delimiter = delimiters.find((each) => first.includes(each)) ?? ','
  const names = first.length > MAX_RECORD_LENGTH ? [] : fieldsOf(`${first}\n`, delimiter, index + 1)
  const places = new Map<Column, number>()
  for (const [place, written] of names.entries()) {
    const name = withoutInvisibleEnds(written).trim().toLowerCase()
    const column = columns.find((each) => each === name) ?? otherNames[name]
    if (column === undefined) continue
    // A column's own name goes before one that it is known by besides.
    if (places.has(column) && column !== name) continue
    if (places.has(column) && names[places.get(column) ?? 0]?.trim().toLowerCase() === column) {
      throw noSuchFile(`has two columns ${column}`)
    }
    places.set(column, place)
  }
  const missing = columns.filter((each) => !places.has(each))
  if (missing.length > 0) {
    throw noSuchFile(
      `must name user, license and action in its first line: it ${missing.length === columns.length ? 'names none of them' : `lacks ${missing.join(' and ')}`}`,
    )
  }
  const [user = 0, license = 0, action = 0] = columns.map((each) => places.get(each))
  return { header: { line: index + 1, delimiter }, places: { user, license, action } }
}

/** @returns what stands below its header. @throws GatewayError where a quote is never closed: all that stands behind it would be one field; for too many rows too. */
function* linesOf(text: string, { line: headerLine, delimiter }: HeaderLine): Generator<Line> {
  let parsed = 0
  for (const record of cutRecords(text, delimiter)) {
    const { line } = record
    if (record.kind !== 'record') throw record.kind === 'too-long' ? tooLongRow(line) : badQuote(line)
    // Spreadsheets write empty rows by the thousand.
    if (line <= headerLine || record.text.replaceAll(delimiter, '').trim() === '') continue
    // Of what quotes make empty each is a row: how often the parser is called is bounded too.
    if (parsed === MAX_LIST_PAIRS) throw tooManyRows()
    parsed += 1
    yield { line, fields: fieldsOf(`${record.text}\n`, delimiter, line) }
  }
}

function fieldsOf(record: string, delimiter: string, line: number): string[] {
  const parser = new papa.Parser({ delimiter, newline: '\n' })
  const { data, errors }: papa.ParseResult<string[]> = parser.parse(record, 0, false)
  if (errors.some(({ type }) => type === 'Quotes')) throw badQuote(line)
  return data[0] ?? []
}

function tooLongRow(line: number): GatewayError {
  return noSuchFile(
    `has a row in line ${line} of more than ${MAX_RECORD_LENGTH} characters: a quote may be missing at its end`,
    line,
  )
}

function badQuote(line: number): GatewayError {
  return noSuchFile(
    `has a quote in line ${line} that is not closed, or does not stand around a whole field`,
    line,
  )
}

const delimiterNames = { ';': 'semicolons', '\t': 'tabs', ',': 'commas' } as const
type Delimiter = keyof typeof delimiterNames
const delimiters: readonly Delimiter[] = [';', '\t', ',']

/** A row of another file, or that somebody has typed into this one: told once, and not by each field that it seems to lack. */
function otherwiseCut(
  line: number,
  fields: readonly string[],
  { delimiter }: HeaderLine,
  places: Readonly<Record<Column, number>>,
): BadRow | undefined {
  if (Math.max(...Object.values(places)) < fields.length) return undefined
  const has = delimiters.find((each) => each !== delimiter && fields.some((field) => field.includes(each)))
  if (has === undefined) return undefined
  const message = `has ${delimiterNames[has]}, and the header has ${delimiterNames[delimiter]}`
  return { line, faults: [{ line, fieldName: 'row', errorCode: 'INVALID_VALUE', message }] }
}

function rowOf(
  line: number,
  fields: readonly string[],
  places: Readonly<Record<Column, number>>,
): WishedRow | BadRow {
  const faults: RowFault[] = []
  const at = (column: Column) => {
    const field = withoutInvisibleEnds(fields[places[column]] ?? '').trim()
    const rule = ruleOf(column, field)
    if (rule === undefined) return field
    faults.push({ line, fieldName: column, errorCode: 'INVALID_VALUE', message: rule })
    return undefined
  }
  const [user, license, action] = [at('user'), at('license'), at('action')]
  if (user === undefined || license === undefined || action === undefined) {
    return {
      line,
      user,
      license,
      faults,
      ...(license === undefined && { noLicense: fields[places.license] }),
    }
  }
  return { line, user, license, isGiven: given.includes(action.toLowerCase()) }
}

/** What is wrong with a field by itself. */
function ruleOf(column: Column, field: string): string | undefined {
  if (field === '') return column === 'action' ? `${actionRule}, and is empty` : 'must not be empty'
  if (column === 'action') {
    const action = field.toLowerCase()
    return given.includes(action) || taken.includes(action) ? undefined : actionRule
  }
  if (field.length > MAX_FIELD) return `has ${field.length} characters: a quote may be missing at its end`
  if (column === 'user' && field.length > MAX_PERSON_LENGTH) {
    return `has ${field.length} characters, and nobody's id, e-mail or name more than ${MAX_PERSON_LENGTH}`
  }
  if (/^[=@]|^[+-](?!$)/.test(field)) {
    return `begins like a formula, and is not ${column === 'user' ? 'an id, an e-mail or a name' : 'an id of a license'}: write its value`
  }
  if (/[\p{Cc}]/u.test(field)) return 'has a control character or a line break in it'
  if (column === 'license') return LicenseId.safeParse(field).error?.issues[0]?.message
  const oddity = oddityIn(field, 'name')
  return oddity && `has ${oddity.what} as its character ${oddity.at + 1}`
}

function noSuchFile(what: string, line?: number): GatewayError {
  const message = `The file ${what}`
  return new GatewayError('bad.request', message, {
    faults: [{ line, fieldName: '$', errorCode: 'INVALID_CSV', message }],
  })
}

function tooManyRows(): GatewayError {
  return new GatewayError(
    'request.entity.too.large',
    `The file has more than ${MAX_LIST_PAIRS} rows, and a list takes no more: hand it in in parts`,
  )
}
