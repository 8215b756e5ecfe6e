/**
 * `npm run bench`: the gateway against three rivals that are built and run beside it, as ratios, since the figures
 * themselves are the machine's. Ends with 1 where a budget is not met.
 *
 *   --quick   fewer samples, for a look in passing
 *   --write   also writes docs/performance.md
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAll } from './builds.ts'
import { bundleRows } from './measures/bundle-size.ts'
import { coldStartRows, coldWriteRows } from './measures/cold-start.ts'
import { pagingRows } from './measures/paging.ts'
import { recordedWriteRows } from './measures/recorded-writes.ts'
import { requestCountRows } from './measures/request-counts.ts'
import { warmReadRows } from './measures/warm-calls.ts'
import { batchRows } from './measures/write-batch.ts'
import { startServers } from './processes.ts'
import { report } from './report.ts'
import { rigOf } from './rig.ts'
import type { Row } from './row.ts'
import { failures, textTable } from './table.ts'
import { SERVERS } from './write-settings.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})

async function measured(directory: string): Promise<readonly Row[]> {
  const builds = await buildAll(directory)
  const servers = await startServers(SERVERS)
  try {
    const rig = rigOf(builds, servers, values.quick)
    const rows: Row[] = bundleRows(rig)
    const measure = async (what: string, run: () => Promise<Row[]>) => {
      console.error(`measuring ${what}`)
      rows.push(...(await run()))
    }
    await measure('cold starts', () => coldStartRows(rig))
    await measure('warm reads', () => warmReadRows(rig))
    await measure('requests', () => requestCountRows(rig))
    await measure('the paging iterator', () => pagingRows(rig))
    await measure('cold starts of a write', () => coldWriteRows(rig))
    await measure('recorded writes', () => recordedWriteRows(rig))
    await measure('batches', () => batchRows(rig))
    return rows
  } finally {
    await servers.stop()
  }
}

const directory = mkdtempSync(join(tmpdir(), 'bench-'))
try {
  const rows = await measured(directory)
  console.log(`\n${textTable(rows)}\n`)
  const failed = failures(rows)
  for (const sentence of failed) console.log(`FAIL ${sentence}`)
  if (failed.length === 0) console.log('Every budget is met.')
  if (values.write) writeFileSync(join(import.meta.dirname, '../../docs/performance.md'), report(rows))
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
