import { statSync } from 'node:fs'
import { MAX_READ_BYTES, MAX_WALK_BYTES, MAX_WEBHOOK_BYTES } from '../../../infra/build/size-limits.ts'
import { functionNameOf } from '../../../infra/constructs/names.ts'
import { operations } from '../../../lib/operations/index.ts'
import { type Contender, readers, webhooks } from '../contenders.ts'
import type { Rig } from '../rig.ts'
import type { Row } from '../row.ts'

/** What functions of an effect may do, and so what they carry; the last are those that are no operation. */
const EFFECTS = ['read', 'walk', 'write', 'plan', 'record', 'schedule', 'inventory', 'local', 'none'] as const

/** The smallest and the largest bundle of each effect; for the reads, what the rivals came to under the same minifier. */
export function bundleRows(rig: Rig): Row[] {
  const effects = new Map(operations.map((operation) => [functionNameOf(operation), operation.effect]))
  const functions = Object.groupBy(rig.builds.functions, ({ name }) => effects.get(name) ?? 'none')
  const rows = EFFECTS.map((effect): Row => {
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
    if (effect === 'walk') return { ...row, ...judged(Math.max(...bytes), MAX_WALK_BYTES) }
    if (effect !== 'read') return row
    return { ...row, rival: rivalSizes(readers(rig)), ...judged(Math.max(...bytes), MAX_READ_BYTES) }
  })
  return [...rows, webhookRow(rig, 'slack', rivalSizes(webhooks(rig))), webhookRow(rig, 'teams')]
}

function webhookRow(rig: Rig, name: 'slack' | 'teams', rival = ''): Row {
  const { size } = statSync(rig.builds.ours(name))
  return {
    measure: `bundle of the webhook ${name}`,
    ours: kB(size),
    rival,
    ...judged(size, MAX_WEBHOOK_BYTES),
  }
}

function judged(bytes: number, maxBytes: number): Pick<Row, 'must' | 'isMet'> {
  return { must: `≤ ${kB(maxBytes)}`, isMet: bytes <= maxBytes }
}

function rivalSizes(contenders: readonly Contender[]): string {
  return contenders
    .filter(({ name }) => name !== 'ours')
    .map(({ name, bundle }) => `${name} ${kB(statSync(bundle).size)}`)
    .join(', ')
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
