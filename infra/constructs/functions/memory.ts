import { operations } from '../../../lib/operations/index.ts'
import { functionNameOf } from '../names.ts'

/** MB, and with them the share of a core: docs/adr/0005-one-lambda-per-operation.md. */
const MEMORY_MB = 256

/** For a function by its file's name without folder and ending, e.g. `get-license-user`. */
export function memoryMbOf(functionName: string): number {
  return waited.has(functionName) ? MEMORY_MB : MEMORY_MB
}

const waited: ReadonlySet<string> = new Set([
  ...operations.filter(({ effect }) => effect === 'write' || effect === 'plan').map(functionNameOf),
  'run-command',
  'slack',
  'teams',
])
