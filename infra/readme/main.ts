/** `npm run readme`: writes the generated tables of README.md and docs/faults.md; `-- --check` says whether they are stale. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { verbs } from '../../lib/chat/grammar/verbs.ts'
import { operations } from '../../lib/operations/index.ts'
import { writeOrCheck } from '../generated-file.ts'
import { commandsTable } from './commands-table.ts'
import { catalogueWithTests } from './faults-table.ts'
import { operationsTable } from './operations-table.ts'

writeOrCheck(
  new URL('../../README.md', import.meta.url),
  (now = '') =>
    replaced(
      replaced(now, 'operations', operationsTable(operations)),
      'commands',
      commandsTable(verbs, operations),
    ),
  'readme',
)

const tests = fileURLToPath(new URL('../../test/', import.meta.url))
writeOrCheck(
  new URL('../../docs/faults.md', import.meta.url),
  (now = '') =>
    catalogueWithTests(
      now,
      globSync('**/*.ts', { cwd: tests }).map((path) => ({ path, text: readFileSync(tests + path, 'utf8') })),
    ),
  'readme',
)

/** @throws Error where the README has no such part, since a table that is nowhere cannot be fresh. */
function replaced(readme: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!part.test(readme))
    throw new Error(`README.md has no part between <!-- ${name} --> and <!-- /${name} -->`)
  return readme.replace(part, (_all, start: string, end: string) => `${start}${content}${end}`)
}
