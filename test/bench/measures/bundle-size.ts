import { statSync } from 'node:fs'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { operations } from '../../../lib/operations/index.ts'
import { readers } from '../contenders.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

/** The largest a read's bundle may be, minified, bytes. */
const MAX_READ_BYTES = 220_000

/** The smallest and the largest bundle of each effect; for the reads, what the rivals came to under the same minifier. */
export function bundleRows(rig: Rig): Row[] {
  const effects = new Map(operations.map((operation) => [functionNameOf(operation), operation.effect]))
  const sizes = Object.groupBy(rig.builds.functions, ({ name }) => effects.get(name) ?? 'none')
  return Object.entries(sizes).map(([effect, functions = []]) => {
    const bytes = functions.map((each) => each.bytes)
    const largest = Math.max(...bytes)
    const isRead = effect === 'read'
    return {
      measure:
        effect === 'none'
          ? `bundles of the ${bytes.length} functions that are no operation`
          : `bundles of the ${bytes.length} operations with the effect ${effect}`,
      ours: bytes.length === 1 ? kB(largest) : `${kB(Math.min(...bytes))} to ${kB(largest)}`,
      rival: isRead ? rivalSizes(rig) : '',
      ...(isRead ? { must: `≤ ${kB(MAX_READ_BYTES)}`, isMet: largest <= MAX_READ_BYTES } : {}),
    }
  })
}

function rivalSizes(rig: Rig): string {
  return readers(rig)
    .filter(({ name }) => name !== 'ours')
    .map(({ name, bundle }) => `${name} ${kB(statSync(bundle).size)}`)
    .join(', ')
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
