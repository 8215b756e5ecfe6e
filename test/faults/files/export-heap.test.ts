/** A file of any size takes little memory: it is never in it whole. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const exporting = fileURLToPath(new URL('export-heap-process.ts', import.meta.url))
const ROWS = 100_000

/** V8's half of young objects, and how much of them there can be at a time. Megabytes. */
const YOUNG_MB = 1
const ALL_YOUNG_MB = 3
/** What the file may take beside all that is loaded. */
const MAX_GROWTH_MB = 20

async function exported(rows: number, type: string, flags: readonly string[]) {
  const { stdout } = await run(process.execPath, [
    `--max-semi-space-size=${YOUNG_MB}`,
    ...flags,
    exporting,
    `${rows}`,
    type,
  ])
  return JSON.parse(stdout)
}

it.each(['text/csv', 'application/x-ndjson'])(
  '100,000 rows as %s pass through a heap that is 20 MB larger than what is loaded (O08)',
  async (type) => {
    const { loadedMb } = await exported(1, type, ['--expose-gc'])
    const oldMb = Math.floor(loadedMb + MAX_GROWTH_MB - ALL_YOUNG_MB)
    const { bytes, file } = await exported(ROWS, type, [`--max-old-space-size=${oldMb}`])
    expect(file).toEqual({ type, rows: ROWS, bytes, end: 'whole' })
    // More than that heap could hold.
    expect(bytes).toBeGreaterThan(MAX_GROWTH_MB * 2 ** 20)
  },
)

it.each(['soon', 'late'])(
  'the history of a license with 100,000 holders and 50,000 differences takes less than 15 MB, those who lost it %s',
  async (when) => {
    const script = fileURLToPath(new URL('history-heap-process.ts', import.meta.url))
    const { stdout } = await run(process.execPath, ['--expose-gc', script, when])
    const { holdings, ended, growthBytes } = JSON.parse(stdout)
    expect([holdings, ended]).toEqual([100_000, 25_000])
    expect(growthBytes).toBeLessThan(15_000_000)
  },
)
