import { statSync } from 'node:fs'
import { functionFile } from '../../../infra/local/functions.ts'
import { operations } from '../../../lib/operations/index.ts'
import { type Rig, readers } from '../rig.ts'
import type { Row } from '../row.ts'

/** The largest a read's bundle may be, minified, bytes. */
const MAX_READ_BYTES = 220_000

/** The largest of the reads' bundles, and what the rivals came to under the same minifier. */
export function bundleRows({ builds, ...rig }: Rig): Row[] {
  const reads = operations.filter(({ effect }) => effect === 'read')
  const sizes = reads.map(({ id }) => statSync(builds.ours(nameOf(id))).size)
  const largest = Math.max(...sizes)
  const rivals = readers({ builds, ...rig }).filter(({ name }) => name !== 'ours')
  return [
    {
      measure: `largest bundle of the ${reads.length} reads`,
      ours: kB(largest),
      rival: rivals.map(({ name, bundle }) => `${name} ${kB(statSync(bundle).size)}`).join(', '),
      must: `≤ ${kB(MAX_READ_BYTES)}`,
      isMet: largest <= MAX_READ_BYTES,
    },
  ]
}

const nameOf = (id: string) => functionFile(id).split('/').at(-1)?.replace('.ts', '') ?? id
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
