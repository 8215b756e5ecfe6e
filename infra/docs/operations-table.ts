import type { Operation, Permissions } from '../../lib/operation.ts'

/** One row an operation, as Markdown: Genesys's own operations first, then those that it lacks. */
export function operationsTable(operations: readonly Operation[]): string {
  const isGenesys = ({ path }: Operation) => path.startsWith('/api/v2/')
  return `${[
    '| operation | route | what it does | role | permission of the OAuth client |',
    '|---|---|---|---|---|',
    ...operations.filter(isGenesys).map(row),
    ...operations.filter((operation) => !isGenesys(operation)).map(row),
  ].join(
    '\n',
  )}\n\n[1] Answers carry \`Deprecation\` and \`Warning\` headers that say what Genesys does today.\n\n[2] Also as a [file](docs/clients.md#files), CSV or NDJSON.\n`
}

function row(operation: Operation): string {
  const { id, method, path, summary, role, permissions, deprecation, isPreview, files } = operation
  const notes = [deprecation && '[1]', files && '[2]', isPreview && '(preview)'].filter(Boolean).join(' ')
  return `| ${id} | \`${method} ${path}\` | ${summary}${notes && ` ${notes}`} | ${role} | ${asked(permissions)} |`
}

function asked({ anyOf, allOf = [] }: Permissions): string {
  const [any, all] = [anyOf, allOf].map((each) => each.map((permission) => `\`${permission}\``))
  return [any?.join(' or '), ...(all ?? [])].filter(Boolean).join(', and ') || 'none'
}
