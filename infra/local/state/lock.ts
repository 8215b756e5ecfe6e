/** Who uses a directory: a file that one process holds. One that was killed leaves it behind, and that blocks nobody. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod/mini'

/** A process by its id and when it started: ids come again, in containers soon. */
const Owner = z.object({ pid: z.int(), startedAt: z.string() })

/**
 * Takes it where nobody holds it, whoever else tries at the same moment.
 *
 * @returns the id of the live process that holds it; undefined where it is this one's from now on.
 */
export function takeLock(path: string): number | undefined {
  for (;;) {
    if (wasMade(path)) return undefined
    const found = contentOf(path)
    // Let go of meanwhile.
    if (found === undefined) continue
    const owner = ownerIn(found)
    if (owner !== undefined) return owner
    // Nobody's. Who removes it must not remove what another has put in its place since: for what was left with this
    // content that is up to one process at a time, and it looks again.
    const guard = `${path}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`
    const remover = takeLock(guard)
    if (remover !== undefined) return remover
    if (contentOf(path) === found) rmSync(path, { force: true })
    const isOurs = wasMade(path)
    rmSync(guard, { force: true })
    if (isOurs) return undefined
  }
}

/** Lets go of it where it is this process's. */
export function releaseLock(path: string): void {
  if (contentOf(path) === ownContent()) rmSync(path, { force: true })
}

/** Removes what takers that were killed have left beside it. For its holder. */
export function tidyLock(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const leftover = join(dirname(path), name)
    if (ownerIn(contentOf(leftover) ?? '') === undefined) rmSync(leftover, { force: true })
  }
}

/** Whole or not at all: one that is there without its owner in it would look as if nobody held it. */
function wasMade(path: string): boolean {
  const draft = `${path}.${process.pid}.new`
  for (;;) {
    rmSync(draft, { force: true })
    writeFileSync(draft, ownContent(), { flag: 'wx', mode: 0o600 })
    try {
      linkSync(draft, path)
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EEXIST') return false
      // Tidied away by a holder that found it half written.
      if (code !== 'ENOENT') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }
}

function ownContent(): string {
  return JSON.stringify({ pid: process.pid, startedAt: startedAt(process.pid) ?? '' })
}

/** Undefined where there is none. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function ownerIn(content: string): number | undefined {
  try {
    const { pid, startedAt: wasStartedAt } = Owner.parse(JSON.parse(content))
    return startedAt(pid) === wasStartedAt ? pid : undefined
  } catch {
    return undefined
  }
}

/** In whatever form the system tells it; undefined where no such process is alive. */
function startedAt(pid: number): string | undefined {
  try {
    // proc(5): the name may hold anything, so count behind its last parenthesis; state first, start time twentieth.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return startedAtByPs(pid)
  }
}

/** Where there is no /proc (macOS). */
function startedAtByPs(pid: number): string | undefined {
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return told.toString().trim() || undefined
  } catch {
    return undefined
  }
}
