/** Rows as text in columns, for where every character is as wide as the next. */
import { oneLine } from './reply.ts'

const GAP = '  '

/** @returns one line a row, the headings first; counts stand under one another by their last digits. */
export function alignColumns(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [headings, ...rows].map((row) => row.map(oneLine))
  const isCount = headings.map((_, column) => cells.slice(1).every((row) => COUNT.test(row[column] ?? '')))
  const widths: number[] = []
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))
  }
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const blanks = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
        return isCount[column] ? blanks + cell : cell + blanks
      })
      .join(GAP)
      .trimEnd(),
  )
}

/** Widest table set in columns, in characters: about what a phone shows on one line. */
const PHONE_WIDTH = 40

/** Where less is left for names than that, they are better listed, in characters: about a short license id. */
const LEAST_NAME_WIDTH = 8

const COUNT = /^(?:\d+|–)$/
/** A count, a bar, `253/250 ▲3`, or nothing. */
const FIGURE = /^[\d█░▲–/() ]*$/

/**
 * Rows of a name and figures, so that figures stand in columns on a phone too, however long a name is.
 *
 * @returns the headings' first; `figures` are all as wide. Undefined where something else than figures stands there.
 */
export function alignFigures(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly { readonly name: string; readonly figures: string }[] | undefined {
  const figures = rows.map(([, ...cells]) => cells.map(oneLine))
  if (!figures.some((cells) => cells.some((cell) => /\d/.test(cell)))) return undefined
  if (figures.some((cells) => cells.some((cell) => !FIGURE.test(cell)))) return undefined
  const lines = alignColumns(headings.slice(1), figures)
  const width = Math.max(...lines.map(widthOf))
  if (width + GAP.length + LEAST_NAME_WIDTH > PHONE_WIDTH) return undefined
  const names = [headings, ...rows].map(([name = '']) => oneLine(name))
  return lines.map((line, place) => ({ name: names[place] ?? '', figures: padEnd(line, width) }))
}

/**
 * Rows as lines that a phone does not break. Beside figures a name that is too long has a line of its own, so that
 * figures stay in their columns.
 *
 * @returns one text a row, the headings first; undefined where there is no room for that.
 */
export function fitColumns(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] | undefined {
  const lines = alignColumns(headings, rows)
  if (lines.every((line) => widthOf(line) <= PHONE_WIDTH)) return lines
  return alignFigures(headings, rows)?.map(({ name, figures }) => {
    const room = PHONE_WIDTH - GAP.length - widthOf(figures)
    const isLong = widthOf(name) > room
    return `${isLong ? `${name}\n` : ''}${padEnd(isLong ? '' : name, room)}${GAP}${figures}`.trimEnd()
  })
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** In characters as a person counts them; an é of two code points is one. */
function widthOf(text: string): number {
  let width = 0
  for (const char of text) if (!/\p{M}/u.test(char)) width++
  return width
}
