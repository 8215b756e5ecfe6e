/** `npm run docs`: writes the parts of README.md and docs/ that follow from the code; `-- --check` says whether they are stale. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { arrows } from '../../lib/changes/model/transitions.ts'
import { verbs } from '../../lib/chat/grammar/verbs.ts'
import { operations } from '../../lib/operations/index.ts'
import { writeOrCheck } from '../generated-file.ts'
import { commandsTable } from './commands-table.ts'
import { catalogueWithTests } from './faults-table.ts'
import { importDiagram } from './import-diagram.ts'
import { operationsTable } from './operations-table.ts'
import { stateDiagrams } from './state-diagram.ts'
import { statesTable } from './states-table.ts'

const root = new URL('../../', import.meta.url)

/** What stands in a page between `<!-- NAME -->` and `<!-- /NAME -->`. */
const parts: readonly { readonly page: string; readonly name: string; readonly text: string }[] = [
  { page: 'README.md', name: 'operations', text: operationsTable(operations) },
  { page: 'docs/chat.md', name: 'commands', text: commandsTable(verbs, operations) },
  { page: 'docs/architecture.md', name: 'imports', text: importDiagram(fileURLToPath(root)) },
  { page: 'docs/changes.md', name: 'states', text: statesTable(arrows) },
  { page: 'docs/architecture.md', name: 'state-diagrams', text: stateDiagrams(arrows) },
]

for (const page of new Set(parts.map((part) => part.page)))
  writePage(page, (now) =>
    parts.filter((part) => part.page === page).reduce((text, part) => replaced(text, page, part), now),
  )

const tests = fileURLToPath(new URL('test/', root))
writePage('docs/faults.md', (now) =>
  catalogueWithTests(
    now,
    globSync('**/*.ts', { cwd: tests }).map((path) => ({ path, text: readFileSync(tests + path, 'utf8') })),
  ),
)

function writePage(page: string, content: (now: string) => string): void {
  writeOrCheck(new URL(page, root), (now = '') => content(now), 'docs')
}

/** @throws Error where the page has no such part, since a table that is nowhere cannot be fresh. */
function replaced(
  text: string,
  page: string,
  part: { readonly name: string; readonly text: string },
): string {
  const place = new RegExp(`(<!-- ${part.name} -->\n)[\\s\\S]*?(<!-- /${part.name} -->)`)
  if (!place.test(text))
    throw new Error(`${page} has no part between <!-- ${part.name} --> and <!-- /${part.name} -->`)
  return text.replace(place, (_all, start: string, end: string) => `${start}${part.text}${end}`)
}
