import {
  type Arrow,
  type ChangeState,
  changeStates,
  listStates,
  waitingStates,
} from '../../lib/changes/model/transitions.ts'

/**
 * The states of a change and the arrows between them, each with who takes it, as three Mermaid diagrams: what is decided
 * before anybody is at work, what comes of it then, and the same of a list. States that the same arrows enter and leave are drawn as one.
 */
export function stateDiagrams(arrows: readonly Arrow[]): string {
  const isOfList = ({ from, to }: Arrow) => [from, to].some((state) => state && statesOfLists.includes(state))
  const isDeciding = ({ from }: Arrow) => from === undefined || waitingStates.includes(from)
  const others = arrows.filter((arrow) => !isOfList(arrow))
  return [
    'Until somebody is at work:',
    '',
    diagramOf(others.filter(isDeciding)),
    '',
    'From then on:',
    '',
    diagramOf(others.filter((arrow) => !isDeciding(arrow))),
    '',
    'Of a list:',
    '',
    diagramOf(arrows.filter(isOfList)),
    '',
  ].join('\n')
}

/** What no other change is ever in. */
const statesOfLists: readonly ChangeState[] = ['PLANNING', 'INVALID', ...listStates]

/** Where no state is: what has just been made. */
const START = '[*]'

function diagramOf(arrows: readonly Arrow[]): string {
  const alike = Map.groupBy(
    changeStates.filter((state) => arrows.some(({ from, to }) => from === state || to === state)),
    (state) => arrowsAt(state, arrows),
  )
  const drawn = new Map<ChangeState, string>()
  const names: string[] = []
  for (const states of alike.values()) {
    const node = states.join('_')
    for (const state of states) drawn.set(state, node)
    if (states.length > 1) names.push(`  state "${states.join(' or ')}" as ${node}`)
  }
  const movers = new Map<string, Set<string>>()
  for (const { from, to, as } of arrows) {
    const arrow = `${from === undefined ? START : drawn.get(from)} --> ${drawn.get(to)}`
    movers.set(arrow, (movers.get(arrow) ?? new Set()).add(as))
  }
  const lines = [...movers].map(([arrow, who]) => `  ${arrow}: ${[...who].join(', ')}`)
  return ['```mermaid', 'stateDiagram-v2', ...names, ...lines, '```'].join('\n')
}

/** Equal for states that the same arrows enter and leave. */
function arrowsAt(state: ChangeState, arrows: readonly Arrow[]): string {
  const others = arrows.flatMap(({ from = START, to, as }) => {
    if (from === state) return [`to ${to === state ? 'itself' : to}, ${as}`]
    return to === state ? [`from ${from}, ${as}`] : []
  })
  return others.sort().join('; ')
}
