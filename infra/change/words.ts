/** Numbers, times and tables as a person reads them. */

export function count(amount: number, what: string): string {
  return `${amount.toLocaleString('en')} ${what}${amount === 1 ? '' : 's'}`
}

export function people(amount: number): string {
  return amount === 1 ? '1 person' : `${amount.toLocaleString('en')} people`
}

/** `2026-11-20 18:00 UTC`: whoever reads it may sit anywhere. */
export function utc(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

/** The same of each time in a sentence, to the second. */
export function withTimesRead(sentence: string): string {
  return sentence.replace(
    /(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z/g,
    (_, day: string, time: string) => `${day} ${time} UTC`,
  )
}

/** The first column to the left, numbers to the right. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, at) =>
    Math.max(...[name, ...rows.map((row) => row[at] ?? '')].map(({ length }) => length)),
  )
  return [head, ...rows].map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
