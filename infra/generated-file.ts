/** Files that are generated and checked in: written, or with `--check` compared with what would be written. */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Something that a generated file needs is not there yet; the message says what, to whoever has to add it. */
export class WantingError extends Error {}

/**
 * A `WantingError` of `content` is printed as its sentence alone, and fails the process.
 *
 * @param url where the file stands.
 * @param content what it must be, given what it is now (undefined where it is missing).
 * @param script the npm script that writes it, named where the check finds it stale.
 */
export function writeOrCheck(url: URL, content: (now: string | undefined) => string, script: string): void {
  const file = fileURLToPath(url)
  const name = relative(process.cwd(), file)
  const now = readIfThere(file)
  const wanted = orReport(() => content(now))
  if (wanted === undefined) return
  if (now === wanted) console.log(`${name} is up to date`)
  else if (process.argv.includes('--check')) {
    console.error(`${name} is stale: run npm run ${script} and commit it`)
    process.exitCode = 1
  } else {
    writeFileSync(file, wanted)
    console.log(`${name} written`)
  }
}

function orReport(content: () => string): string | undefined {
  try {
    return content()
  } catch (error) {
    if (!(error instanceof WantingError)) throw error
    console.error(error.message)
    process.exitCode = 1
    return undefined
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
