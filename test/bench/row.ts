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

export interface Budgets {
  readonly must?: number
  readonly aim?: number
}

/** A row whose figure must not exceed a limit. @param textOf a limit as it is printed. */
export function limitRow(
  row: Pick<Row, 'measure' | 'ours'> & Partial<Pick<Row, 'rival'>>,
  figure: number,
  { must, aim }: Budgets = {},
  textOf: (limit: number) => string = String,
): Row {
  return {
    rival: '',
    ...row,
    ...(must === undefined ? {} : { must: `≤ ${textOf(must)}`, isMet: figure <= must }),
    ...(aim === undefined ? {} : { aim: `≤ ${textOf(aim)}`, isAimMet: figure <= aim }),
  }
}

/** A row whose ratio must not exceed a limit. */
export function ratioRow(
  row: Pick<Row, 'measure' | 'ours' | 'rival'>,
  ratio: number,
  budgets: Budgets = {},
): Row {
  return { ...limitRow(row, ratio, budgets), ratio }
}
