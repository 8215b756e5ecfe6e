/**
 * What an operation answers as a file, where a caller asks for one by Accept: all rows at once, however many, in the
 * place of pages. Operations declare it; `lib/http/streamed.ts` writes it, row after row.
 */

/** What stands in one cell. Undefined where it is not known, or there is none: the cell is empty, never zero or no. */
export type CellValue = string | number | boolean | undefined

/** By the column's name. */
export type Row<Column extends string = string> = { readonly [C in Column]?: CellValue }

export interface Files<Context, Input, Column extends string = string> {
  /** What the file is called, without its ending: lower-case letters, digits, dots and hyphens. */
  name(input: Input): string
  /** In their order; the first line of a CSV file, and the names of NDJSON's members. */
  readonly columns: readonly Column[]
  /** Query parameters that divide the list into pages. A file is whole, so they are refused where one is asked for. */
  readonly pagedBy: readonly string[]
  /**
   * Some rows after others, as few at a time as are read at once. What it throws before the first of them is answered as
   * an error; after that it breaks the file off. The first may be empty: by it the file has begun.
   */
  rows(context: Context, input: Input): AsyncIterable<readonly Row<Column>[]>
  /** The same for people, as one page of HTML that needs nothing else; where there is none, nobody is offered it. */
  page?(context: Context, input: Input): Promise<FilePage>
  /**
   * Query parameters whose values are ids, times or words of a closed set, so that the log may have them. Of others it
   * says that they were given; path parameters are ids.
   */
  readonly loggedQuery: readonly string[]
}

/** A page of HTML, and how many people it names. */
export interface FilePage {
  readonly html: string
  readonly people: number
}

export const fileTypes = ['text/csv', 'application/x-ndjson', 'text/html'] as const
export type FileType = (typeof fileTypes)[number]

/** The media types that an operation may be asked for, the first where a caller has no wish. */
export function mediaTypesOf({ files }: { readonly files?: Pick<Files<never, never>, 'page'> | undefined }) {
  return [
    'application/json',
    ...(files ? fileTypes.filter((type) => type !== 'text/html' || files.page !== undefined) : []),
  ] as const
}

/** Rows that are handed on together, where they come one by one: some 100 kB. */
const ROWS_A_PART = 500

/** @returns the same one after the other, so many at a time; the last may have fewer, and where there is none it is empty. */
export async function* inParts<T>(each: AsyncIterable<T>, size = ROWS_A_PART): AsyncGenerator<readonly T[]> {
  let part: T[] = []
  for await (const item of each) {
    part.push(item)
    if (part.length < size) continue
    yield part
    part = []
  }
  yield part
}
