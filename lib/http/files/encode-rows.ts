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
    // A text that a spreadsheet would take for a formula gets an apostrophe before it, and is shown as it was.
    escape_formulas: true,
    cast: { boolean: String, string: escapeIndented },
  } as const
  return {
    head: stringify([], { ...settings, header: true, bom: hasBom }),
    encode: (rows) => (rows.length === 0 ? '' : stringify([...rows], settings)),
  }
}

/** The library looks at the first character alone; spreadsheets have been seen to pass over blanks before a formula. */
const INDENTED_FORMULA = /^\s+[=+\-@\uff1d\uff0b\uff0d\uff20]/

function escapeIndented(text: string): string {
  return INDENTED_FORMULA.test(text) ? `'${text}` : text
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
