/** Rows as text for a terminal and as Markdown. */
import type { Row } from './row.ts'

const HEADINGS = ['measure', 'ours', 'rival', 'ratio', 'must', 'aim'] as const

function cells({ measure, ours, rival, ratio, must, isMet, aim, isAimMet }: Row): readonly string[] {
  const judged = (budget: string | undefined, met: boolean | undefined, missed: string) =>
    budget === undefined ? '' : `${budget} ${met ? 'PASS' : missed}`
  return [
    measure,
    ours,
    rival,
    ratio === undefined ? '' : ratio.toFixed(2),
    judged(must, isMet, 'FAIL'),
    judged(aim, isAimMet, 'missed'),
  ]
}

export function textTable(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cells)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function markdownTable(rows: readonly Row[]): string {
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(cells)]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}

/** A sentence for each budget that is not met. */
export function failures(rows: readonly Row[]): string[] {
  return rows
    .filter(({ isMet }) => isMet === false)
    .map(({ measure, ours, rival, ratio, must }) =>
      ratio === undefined
        ? `${measure}: ${ours}, must be ${must}${rival === '' ? '' : ` (${rival})`}`
        : `${measure}: ratio ${ratio.toFixed(2)}, must be ${must}`,
    )
}
