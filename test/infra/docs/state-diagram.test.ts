import { describe, expect, it } from 'vitest'
import { stateDiagrams } from '../../../infra/docs/state-diagram.ts'
import { arrows } from '../../../lib/changes/model/transitions.ts'

/** A diagram takes a reader no longer than so many arrows. */
const MOST_ARROWS = 20

const diagrams = stateDiagrams(arrows).split(/^(?:From then on|Of a list):$/m)

describe('the diagrams of the states', () => {
  it('are three, and none has more arrows than can be followed', () => {
    expect(diagrams).toHaveLength(3)
    for (const diagram of diagrams) expect(diagram.match(/-->/g)?.length).toBeLessThanOrEqual(MOST_ARROWS)
  })

  it('show each arrow with who takes it, in one of them', () => {
    const drawn = diagrams.flatMap((diagram) =>
      [...diagram.matchAll(/^ {2}(\S+) --> (\S+): (.*)$/gm)].flatMap(([, from = '', to = '', movers = '']) =>
        statesIn(from).flatMap((one) =>
          statesIn(to).flatMap((other) => movers.split(', ').map((as) => `${one} ${other} ${as}`)),
        ),
      ),
    )
    const declared = arrows.map(({ from = '[*]', to, as }) => `${from} ${to} ${as}`)
    expect(drawn.sort()).toEqual([...new Set(declared)].sort())
  })
})

/** Of a node that stands for several, as its title lists them. */
function statesIn(node: string): readonly string[] {
  const title = diagrams
    .flatMap((diagram) => [...diagram.matchAll(/state "(.*)" as (\S+)/g)])
    .find(([, , as]) => as === node)
  return title?.[1]?.split(' or ') ?? [node]
}
