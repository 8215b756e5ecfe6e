/** Rows as the bytes of a file: CSV (RFC 4180) or one JSON value a line. */
import { stringify } from 'csv-stringify/sync'
import type { FileType, Row } from '../../files.ts'

export interface RowEncoder {
  /** What stands before all rows: a CSV file has its line of names even where nothing follows. */
  readonly head: string
  encode(rows: readonly Row[]): string
}

/** @param hasBom for CSV alone. */
export function csvOf(columns: readonly string[], hasBom: boolean): RowEncoder {
  const settings = {
    columns: [...columns],
    record_delimiter: 'windows',
    // A line's end of another kind within a text ends the row too, for most readers.
    quote_record_delimiter: true,
    // A text that a spreadsheet would take for a formula gets an apostrophe before it, and is shown as it was.
    escape_formulas: true,
    cast: { boolean: String, string: escapeFormulas },
  } as const
  return {
    head: stringify([], { ...settings, header: true, bom: hasBom }),
    encode: (rows) => (rows.length === 0 ? '' : stringify([...rows], settings)),
  }
}

/** What spreadsheets pass over before a formula, or what is lost on the way to one: blanks, and whatever has no width. */
const UNSEEN = String.raw`[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]`
const BEGINS_FORMULA = String.raw`[=+\-@\uff1d\uff0b\uff0d\uff20]`

/** The library looks at the first character alone. */
const HIDDEN_FORMULA = new RegExp(`^${UNSEEN}+${BEGINS_FORMULA}`, 'u')

/**
 * Where Excel separates by semicolons, or text is pasted, a cell begins behind these even within quotes of ours: a quote
 * that does not stand first in such a cell is a letter to it. Hence an apostrophe there, and not quotes around the whole.
 */
const INNER_FORMULA = new RegExp(
  String.raw`(?<=[;\t\r\n])(?=(?:(?![\t\r\n])${UNSEEN}|")*${BEGINS_FORMULA})`,
  'gu',
)

function escapeFormulas(text: string): string {
  const inner = text.replaceAll(INNER_FORMULA, "'")
  return HIDDEN_FORMULA.test(text) ? `'${inner}` : inner
}

/** JSON leaves out what is undefined, and has each member where the columns have it. */
export function ndjsonOf(columns: readonly string[]): RowEncoder {
  return {
    head: '',
    encode: (rows) => rows.map((row) => `${JSON.stringify(row, [...columns])}\n`).join(''),
  }
}

/** With its encoding, which is UTF-8 for all of them. */
export const contentTypes: Readonly<Record<FileType, string>> = {
  'text/csv': 'text/csv; charset=utf-8; header=present',
  'application/x-ndjson': 'application/x-ndjson',
  'text/html': 'text/html; charset=utf-8',
}

export const fileEndings: Readonly<Record<FileType, string>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'text/html': 'html',
}
