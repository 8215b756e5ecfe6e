/** One line of the result. Figures are ready to be printed; `ratio` is ours by the rival's. */
export interface Row {
  readonly measure: string
  readonly ours: string
  readonly rival: string
  readonly ratio?: number
  /** The budget; none where a figure is only reported. */
  readonly must?: string
  readonly isMet?: boolean
  /** What is hoped for beyond it. */
  readonly aim?: string
  readonly isAimMet?: boolean
}

/** A row whose ratio must not exceed a limit. */
export function ratioRow(
  row: Pick<Row, 'measure' | 'ours' | 'rival'>,
  ratio: number,
  { must, aim }: { readonly must?: number; readonly aim?: number } = {},
): Row {
  return {
    ...row,
    ratio,
    ...(must === undefined ? {} : { must: `≤ ${must}`, isMet: ratio <= must }),
    ...(aim === undefined ? {} : { aim: `≤ ${aim}`, isAimMet: ratio <= aim }),
  }
}
