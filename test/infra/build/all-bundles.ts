/** All bundles as they deploy, built once for the test files that look into them, which share a process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '../../../infra/build/bundles.ts'

const directory = mkdtempSync(join(tmpdir(), 'gateway-bundles-'))
process.once('exit', () => rmSync(directory, { recursive: true, force: true }))

/** What the build said of their sizes. */
export const lines: string[] = []
export const built = await build({ outDir: directory, print: (line) => lines.push(line) })
export { directory as builtDirectory }
