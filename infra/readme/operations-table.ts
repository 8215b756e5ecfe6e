import type { Operation } from '../../lib/operation.ts'

/** One row an operation, as Markdown. */
export function operationsTable(operations: readonly Operation[]): string {
  const rows = operations.map(({ id, method, path, summary, role, permissions, deprecation, isPreview }) => {
    const notes = [deprecation && '[1]', isPreview && '(preview)'].filter(Boolean).join(' ')
    const asks = permissions.anyOf.map((permission) => `\`${permission}\``).join(' or ') || 'none'
    return `| ${id} | \`${method} ${path}\` | ${summary}${notes && ` ${notes}`} | ${role} | ${asks} |`
  })
  return `${[
    '| operation | route | what it does | role | permission of the OAuth client |',
    '|---|---|---|---|---|',
    ...rows,
  ].join(
    '\n',
  )}\n\n[1] ${'Answers carry `Deprecation` and `Warning` headers that say what Genesys does today.'}\n`
}
