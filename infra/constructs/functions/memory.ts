import { operations } from '../../../lib/operations/index.ts'
import { functionNameOf } from '../names.ts'

/** MB, each with its share of a core; why, by measure: docs/adr/0017-memory-of-functions.md. */
const MEMORY_MB = {
  /** Who asks for a change waits for it, and is mostly the first to ask in a while: a whole core. */
  change: 1_769,
  /** Slack gives up after 3 s, Teams after 5. */
  webhook: 512,
  /** A reading of 100,000 people is put in order in memory. */
  reading: 512,
  /** Somebody types into the page's search, and of 100,000 people the first look takes 0.6 s of a whole core. */
  search: 1_769,
  other: 256,
} as const

const changes: ReadonlySet<string> = new Set([
  ...operations.filter(({ effect }) => effect === 'write' || effect === 'plan').map(functionNameOf),
  'run-command',
  // A list of 50,000 pairs is planned, or taken back, by one turn: under 5 s of a core, of which a turn has 25, and 0.5 GB.
  'take-turns',
])
const webhooks: ReadonlySet<string> = new Set(['slack', 'teams'])

/** @param functionName the file's name without folder and ending, e.g. `get-license-user`. */
export function memoryMbOf(functionName: string): number {
  if (changes.has(functionName)) return MEMORY_MB.change
  if (functionName === 'take-inventory') return MEMORY_MB.reading
  if (functionName === 'list-users') return MEMORY_MB.search
  return webhooks.has(functionName) ? MEMORY_MB.webhook : MEMORY_MB.other
}
