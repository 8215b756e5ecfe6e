/** Rows as text in columns, for where every character is as wide as the next. */
import { oneLine } from './reply.ts'

const GAP = '  '

/** @returns one line a row, the headings first. */
export function alignColumns(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [headings, ...rows].map((row) => row.map(oneLine))
  const widths: number[] = []
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  return cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join(GAP)
      .trimEnd(),
  )
}

/** In characters as a person counts them; an é of two code points is one. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) if (!/\p{M}/u.test(char)) width++
  return width
}
