/** Files that are generated and checked in: written, or with `--check` compared with what would be written. */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @param url where the file stands.
 * @param content what it must be, given what it is now (undefined where it is missing).
 * @param script the npm script that writes it, named where the check finds it stale.
 */
export function writeOrCheck(url: URL, content: (now: string | undefined) => string, script: string): void {
  const file = fileURLToPath(url)
  const name = relative(process.cwd(), file)
  const now = readIfThere(file)
  const wanted = content(now)
  if (now === wanted) console.log(`${name} is up to date`)
  else if (process.argv.includes('--check')) {
    console.error(`${name} is stale: run npm run ${script} and commit it`)
    process.exitCode = 1
  } else {
    writeFileSync(file, wanted)
    console.log(`${name} written`)
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
