import { statSync } from 'node:fs'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { operations } from '../../../lib/operations/index.ts'
import { readers } from '../contenders.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

/** The largest a read's bundle may be, minified, bytes. */
const MAX_READ_BYTES = 220_000

/** What functions of an effect may do, and so what they carry; the last are those that are no operation. */
const EFFECTS = ['read', 'write', 'plan', 'record', 'schedule', 'local', 'none'] as const

/** The smallest and the largest bundle of each effect; for the reads, what the rivals came to under the same minifier. */
export function bundleRows(rig: Rig): Row[] {
  const effects = new Map(operations.map((operation) => [functionNameOf(operation), operation.effect]))
  const functions = Object.groupBy(rig.builds.functions, ({ name }) => effects.get(name) ?? 'none')
  return EFFECTS.map((effect) => {
    const bytes = (functions[effect] ?? []).map((each) => each.bytes)
    const what = effect === 'none' ? 'functions that are no operation' : `functions of effect ${effect}`
    const row = {
      measure: `bundles of ${what} (${bytes.length})`,
      ours:
        bytes.length === 1
          ? kB(Math.max(...bytes))
          : `${kB(Math.min(...bytes))} to ${kB(Math.max(...bytes))}`,
      rival: '',
    }
    if (effect !== 'read') return row
    const must = `≤ ${kB(MAX_READ_BYTES)}`
    return { ...row, rival: rivalSizes(rig), must, isMet: Math.max(...bytes) <= MAX_READ_BYTES }
  })
}

function rivalSizes(rig: Rig): string {
  return readers(rig)
    .filter(({ name }) => name !== 'ours')
    .map(({ name, bundle }) => `${name} ${kB(statSync(bundle).size)}`)
    .join(', ')
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
