/** The options of `npm run report`, checked; each error is one sentence that says what to type instead. */
import { extname, join } from 'node:path'
import { DATA_OPTION, directoryOf } from '../run-file.ts'
import { mistyped, parsedArgs, refuseExisting } from '../usage.ts'

const USAGE = `npm run report -- [--period ID|DAY] [--out FILE.html] [--format FORMAT] [--data DIR]
asks a running npm start for the seats of a billing period, and keeps the answer as a file`

/** How each is asked for. A CSV file begins with a byte order mark, by which Excel knows its encoding. */
export const FORMATS = {
  html: { accept: 'text/html', query: '' },
  csv: { accept: 'text/csv', query: '?bom=true' },
  ndjson: { accept: 'application/x-ndjson', query: '' },
  json: { accept: 'application/json', query: '' },
} as const
export type Format = keyof typeof FORMATS

export interface ReportOptions {
  /** A period's id, a day in it, or `current`. */
  readonly period: string
  readonly format: Format
  readonly out: string
  readonly directory: string
}

/** @throws UsageError, HelpAsked */
export function reportOptions(args: readonly string[]): ReportOptions {
  const { values, positionals } = parsedArgs(
    { args: [...args], allowPositionals: true, options: OPTIONS },
    USAGE,
  )
  const [first] = positionals
  if (first !== undefined) throw mistyped(`Say --period ${first} or --out ${first}, whichever it is`)
  if (values.period === '')
    throw mistyped('--period must be current, a day such as 2026-11-20, or the id of a period')
  if (values.out === '') throw mistyped('--out must name a file')
  const directory = directoryOf(values.data)
  const format = formatOf(values.format, values.out)
  if (values.out !== undefined) refuseExisting(values.out)
  return {
    period: values.period,
    format,
    out: values.out ?? join(directory, `report-${safe(values.period)}.${format}`),
    directory,
  }
}

const OPTIONS = {
  period: {
    type: 'string',
    default: 'current',
    value: 'ID',
    says: 'current, a day in the period such as 2026-11-20, or an id that GET /v1/periods lists',
  },
  out: { type: 'string', value: 'FILE', says: 'a new file (default report-ID.html in the directory)' },
  format: {
    type: 'string',
    value: 'FORMAT',
    says: "html, csv, ndjson or json (default what FILE's name ends in, else html)",
  },
  data: DATA_OPTION,
} as const

function formatOf(given: string | undefined, out: string | undefined): Format {
  const ending = extname(out ?? '')
    .slice(1)
    .toLowerCase()
  if (given === undefined) {
    if (ending === '' || isFormat(ending)) return isFormat(ending) ? ending : 'html'
    throw mistyped(
      `--out ${out} ends in none of ${Object.keys(FORMATS).join(', ')}; say another, or --format`,
    )
  }
  if (isFormat(given)) return given
  throw mistyped(`--format must be one of ${Object.keys(FORMATS).join(', ')}`)
}

function isFormat(word: string): word is Format {
  return Object.hasOwn(FORMATS, word)
}

/** Nothing of an id leaves the folder. */
const safe = (id: string) => id.replaceAll(/[^\w-]+/g, '-').slice(0, 100)
