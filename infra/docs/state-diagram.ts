import type { Arrow } from '../../lib/changes/model/transitions.ts'

/** The states of a change and the arrows between them, as a Mermaid diagram; each arrow says who takes it. */
export function stateDiagram(arrows: readonly Arrow[]): string {
  const movers = new Map<string, Set<string>>()
  for (const { from = '[*]', to, as } of arrows) {
    const arrow = `${from} --> ${to}`
    movers.set(arrow, (movers.get(arrow) ?? new Set()).add(as))
  }
  const lines = [...movers].map(([arrow, names]) => `  ${arrow}: ${[...names].join(', ')}`)
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```', ''].join('\n')
}
