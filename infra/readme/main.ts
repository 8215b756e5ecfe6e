/** `npm run readme`: writes the README's generated tables; `-- --check` says whether they are stale. */
import { verbs } from '../../lib/chat/grammar/verbs.ts'
import { operations } from '../../lib/operations/index.ts'
import { writeOrCheck } from '../generated-file.ts'
import { commandsTable } from './commands-table.ts'
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

/** @throws Error where the README has no such part, since a table that is nowhere cannot be fresh. */
function replaced(readme: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!part.test(readme))
    throw new Error(`README.md has no part between <!-- ${name} --> and <!-- /${name} -->`)
  return readme.replace(part, (_all, start: string, end: string) => `${start}${content}${end}`)
}
