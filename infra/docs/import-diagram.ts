/** The import diagram of `docs/architecture.md`: which folder and room of `lib` imports which, by today's code. */
import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import typescript from 'typescript'

type Graph = Map<string, Set<string>>

/** Folders whose rooms are boxes of their own. */
const WITH_ROOMS = ['changes', 'chat']

/**
 * As a flowchart in Mermaid. An arrow that longer ways say already is left out: whoever imports `chat` may import what
 * it imports. Single files of `lib`, which every room uses, are left out too.
 *
 * @param root the repository.
 */
export function importDiagram(root: string): string {
  const imports = withoutShortcuts(importsOf(root))
  const boxes = [...imports.keys()].sort()
  const boxOf = (box: string) => `${box.replaceAll(/\W/g, '_')}[${box.split('/')[1] ?? box}]`
  const groups = WITH_ROOMS.map((folder) => {
    const rooms = boxes.filter((box) => box.startsWith(`${folder}/`))
    const top = `${folder}[its own files]`
    return [
      `  subgraph lib_${folder} [${folder}]`,
      ...[top, ...rooms.map(boxOf)].map((box) => `    ${box}`),
      '  end',
    ]
  })
  const single = boxes
    .filter((box) => !WITH_ROOMS.includes(box.split('/')[0] ?? ''))
    .map((box) => `  ${boxOf(box)}`)
  const arrows = boxes.flatMap((box) =>
    [...(imports.get(box) ?? [])]
      .sort()
      .map((to) => `  ${[box, to].map((each) => each.replaceAll(/\W/g, '_')).join(' --> ')}`),
  )
  return ['```mermaid', 'flowchart TD', ...groups.flat(), ...single, ...arrows, '```', ''].join('\n')
}

function importsOf(root: string): Graph {
  const graph: Graph = new Map()
  for (const file of globSync(['lib/*/**/*.{ts,tsx}', 'functions/**/*.ts'], { cwd: root })) {
    const from = boxFor(file)
    const dependencies = graph.get(from) ?? new Set()
    graph.set(from, dependencies)
    for (const { fileName } of typescript.preProcessFile(readFileSync(posix.join(root, file), 'utf8'))
      .importedFiles) {
      const imported = posix.join(posix.dirname(file), fileName)
      if (fileName.startsWith('.') && isInRoom(imported) && boxFor(imported) !== from)
        dependencies.add(boxFor(imported))
    }
  }
  return graph
}

function isInRoom(file: string): boolean {
  return /^(functions|lib\/[^/]+)\//.test(file)
}

function boxFor(file: string): string {
  const [top = '', folder = '', ...rest] = posix.dirname(file).split('/')
  if (top !== 'lib') return top
  return [folder, ...(WITH_ROOMS.includes(folder) ? rest.slice(0, 1) : [])].join('/')
}

/** Without each arrow whose end is reached another way. Taken one by one, so all that was reachable stays so. */
function withoutShortcuts(graph: Graph): Graph {
  for (const [from, dependencies] of [...graph].sort())
    for (const to of [...dependencies].sort()) {
      dependencies.delete(to)
      if (!reachable(graph, from).has(to)) dependencies.add(to)
    }
  return graph
}

function reachable(graph: Graph, from: string, seen = new Set<string>()): Set<string> {
  for (const to of graph.get(from) ?? [])
    if (!seen.has(to)) {
      seen.add(to)
      reachable(graph, to, seen)
    }
  return seen
}
