import type { verbs as Verbs } from '../../lib/chat/grammar/verbs.ts'
import type { Operation } from '../../lib/operation.ts'

/** One row for each verb of `/license`, as Markdown: how it is typed, what it does, and the roles it asks for. */
export function commandsTable(verbs: typeof Verbs, operations: readonly Operation[]): string {
  const rows = Object.entries(verbs).map(
    ([verb, { usage, help }]) =>
      `| \`${usage.replaceAll('|', '\\|')}\` | ${help} | ${rolesOf(verb, operations)} |`,
  )
  return ['| after `/license` | what it does | role |', '|---|---|---|', ...rows, ''].join('\n')
}

/** Of the operations that it stands for, as they declare it. */
function rolesOf(verb: string, operations: readonly Operation[]): string {
  const meant = operations.flatMap(({ chat = [], role }) =>
    chat.flatMap((typed) => (typed.split(' ')[0] === verb ? [{ typed, role }] : [])),
  )
  const ofList = meant.find(({ typed }) => typed === `${verb} id`)?.role
  if (ofList) return `of a list ${ofList}, of all writes ${meant.find(({ typed }) => typed === verb)?.role}`
  return [...new Set(meant.map(({ role }) => role))].join('; to change it ') || 'viewer'
}
