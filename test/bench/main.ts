/**
 * `npm run bench`: the gateway against rivals that are built and run beside it, as ratios, since the figures
 * themselves are the machine's. Ends with 1 where a budget is not met.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsedArgs, runCommand, stackOf, UsageError } from '../../infra/local/usage.ts'
import { buildAll } from './builds.ts'
import { acknowledgementRows } from './measures/acknowledgement.ts'
import { bundleRows } from './measures/bundle-size.ts'
import { coldStartRows, coldWriteRows } from './measures/cold-start.ts'
import { firstInvocationRows } from './measures/first-invocations.ts'
import { firstViewRows } from './measures/first-view.ts'
import { inventoryRows } from './measures/inventory.ts'
import { listRows } from './measures/lists.ts'
import { pagingRows } from './measures/paging.ts'
import { recordedWriteRows } from './measures/recorded-writes.ts'
import { requestCountRows } from './measures/request-counts.ts'
import { warmReadRows } from './measures/warm-calls.ts'
import { batchRows } from './measures/write-batch.ts'
import { keepMemoryTable, memoryTable } from './memory/memory-table.ts'
import { startServers } from './processes.ts'
import { report } from './report.ts'
import { type Rig, rigOf } from './rig.ts'
import type { Row } from './row.ts'
import { failures, textTable } from './table.ts'
import { SERVERS } from './writes/write-settings.ts'

/** In the order of their rows. A write moves the clock of what is warm on, and after that no signature is fresh. */
const MEASURES: Readonly<Record<string, (rig: Rig) => Row[] | Promise<Row[]>>> = {
  bundles: bundleRows,
  'cold-reads': coldStartRows,
  'warm-reads': warmReadRows,
  requests: requestCountRows,
  paging: pagingRows,
  inventory: inventoryRows,
  lists: listRows,
  'first-view': firstViewRows,
  chat: acknowledgementRows,
  'cold-writes': coldWriteRows,
  'recorded-writes': recordedWriteRows,
  batches: batchRows,
  'first-invocations': firstInvocationRows,
}

/** Measures by one name: what it costs that a write is recorded, within two minutes. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  writes: ['recorded-writes', 'batches', 'first-invocations'],
}

const NAMES = [...Object.keys(MEASURES), ...Object.keys(GROUPS)].join(', ')

const USAGE = `npm run bench -- [--quick] [--only MEASURE]… [--write]
measures the gateway beside rivals, as ratios; 1 where a budget is not met

npm run bench -- --memory [--quick] [--write]
what each memory makes of calls that people wait for, and what it costs`

const OPTIONS = {
  quick: { type: 'boolean', default: false, says: 'fewer samples, for a look in passing' },
  only: {
    type: 'string',
    multiple: true,
    value: 'MEASURE',
    says: `that measure alone; may be given more than once: ${NAMES}; writes is ${GROUPS['writes']?.join(', ')}`,
  },
  memory: { type: 'boolean', default: false, says: 'that table alone' },
  write: {
    type: 'boolean',
    default: false,
    says: 'also writes docs/performance.md, of all measures, or the table in its ADR',
  },
} as const

interface BenchOptions {
  readonly isQuick: boolean
  readonly only: readonly string[]
  readonly isOfMemory: boolean
  readonly shouldWrite: boolean
}

function benchOptions(args: readonly string[]): BenchOptions {
  const {
    quick: isQuick,
    only = [],
    memory: isOfMemory,
    write: shouldWrite,
  } = parsedArgs({ args: [...args], options: OPTIONS }, USAGE).values
  const unknown = only.filter((name) => !Object.hasOwn({ ...MEASURES, ...GROUPS }, name))
  if (unknown.length > 0) throw new UsageError(`--only takes ${NAMES}, not ${unknown}`)
  if (only.length > 0 && isOfMemory) throw new UsageError('--memory is a table alone, without --only')
  if (only.length > 0 && shouldWrite) throw new UsageError('--write takes all measures, and --only some')
  return { isQuick, only: only.flatMap((name) => GROUPS[name] ?? name), isOfMemory, shouldWrite }
}

async function measured(directory: string, { isQuick, only }: BenchOptions): Promise<readonly Row[]> {
  const builds = await buildAll(directory)
  const servers = await startServers(SERVERS)
  try {
    const rig = rigOf(builds, servers, isQuick)
    const rows: Row[] = []
    for (const [name, rowsOf] of Object.entries(MEASURES)) {
      if (only.length > 0 && !only.includes(name)) continue
      console.error(`measuring ${name}`)
      rows.push(...(await rowsOf(rig)))
    }
    return rows
  } finally {
    await servers.stop()
  }
}

async function tellMemory(directory: string, { isQuick, shouldWrite }: BenchOptions): Promise<void> {
  const table = await memoryTable({ builds: await buildAll(directory), isQuick })
  console.log(table)
  if (shouldWrite) keepMemoryTable(table)
}

async function bench(options: BenchOptions): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    if (options.isOfMemory) return await tellMemory(directory, options)
    const rows = await measured(directory, options)
    console.log(`\n${textTable(rows)}\n`)
    const failed = failures(rows)
    for (const sentence of failed) console.log(`FAIL ${sentence}`)
    if (failed.length === 0) console.log('Every budget measured is met.')
    if (options.shouldWrite) {
      writeFileSync(join(import.meta.dirname, '../../docs/performance.md'), report(rows))
    }
    process.exitCode = failed.length === 0 ? 0 : 1
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

await runCommand(async () => await bench(benchOptions(process.argv.slice(2))), { explain: stackOf })
