/** A list as text: what a file says, its lines, and an example. What is wrong with it, the gateway says. Pure. */
import { ToldError } from '../api/problems.ts'

/** What workbooks begin with: .xlsx and .ods are archives, .xls is a container of its own. */
const workbookMarks: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
]

const LINE_END = /\r\n|\n|\r/

/** @throws ToldError for what cannot be read, or is no text. */
export async function readFileText(file: Blob): Promise<string> {
  const read = file.arrayBuffer().catch((cause: unknown) => {
    throw new ToldError(
      'A folder cannot be read, nor a file that has changed since: choose its file again.',
      {
        cause,
      },
    )
  })
  return textIn(new Uint8Array(await read))
}

function textIn(bytes: Uint8Array): string {
  const begins = (mark: readonly number[]) => mark.every((each, place) => bytes[place] === each)
  if (workbookMarks.some(begins)) {
    throw new ToldError('This is an Excel workbook or the like. Save it as “CSV UTF-8”, and choose that.')
  }
  const encoding = begins([0xff, 0xfe]) ? 'utf-16le' : begins([0xfe, 0xff]) ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new ToldError('This is no text in UTF-8. Save it as “CSV UTF-8”, and choose that.')
  }
}

/** Rows below the header; what is empty is none. */
export function countRowsIn(text: string): number {
  return Math.max(0, text.split(LINE_END).filter((line) => line.trim() !== '').length - 1)
}

/** @param line the first is 1. */
export function lineOf(text: string, line: number): string {
  return text.split(LINE_END)[line - 1] ?? ''
}

/** @returns the text with another line in place of one; as it is where it has no such line. */
export function withLine(text: string, line: number, mended: string): string {
  const lines = text.split(LINE_END)
  return line > lines.length ? text : lines.with(line - 1, mended).join('\n')
}

export const EXAMPLE = `user,license,action
ana@example.com,cloudCX3,add
Ben Brown,cloudCX2,remove
`
