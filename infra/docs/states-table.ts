import {
  type Arrow,
  type ChangeState,
  changeStates,
  stateMeanings,
} from '../../lib/changes/model/transitions.ts'

/** One row for each state of a change, as Markdown: what it means, and what may come of it. */
export function statesTable(arrows: readonly Arrow[]): string {
  const rows = changeStates.map(
    (state) => `| \`${state}\` | ${stateMeanings[state]} | ${nextOf(state, arrows)} |`,
  )
  return ['| state | means | may become |', '|---|---|---|', ...rows, ''].join('\n')
}

function nextOf(state: ChangeState, arrows: readonly Arrow[]): string {
  const next = new Set(arrows.filter(({ from, to }) => from === state && to !== state).map(({ to }) => to))
  return changeStates
    .filter((each) => next.has(each))
    .map((each) => `\`${each}\``)
    .join(', ')
}
