/** Who uses a directory: a file that one process holds. One that was killed leaves it behind, and that blocks nobody. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as z from 'zod/mini'

/** A process by its id and when it started: ids come again, in containers soon. */
const Owner = z.object({ pid: z.int(), startedAt: z.string() })

/** @returns the id of the live process that holds it; undefined where it is this one's from now on. */
export function takeLock(path: string): number | undefined {
  const own = JSON.stringify({ pid: process.pid, startedAt: startedAt(process.pid) ?? '' })
  try {
    writeFileSync(path, own, { flag: 'wx', mode: 0o600 })
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const owner = ownerOf(path)
  if (owner !== undefined) return owner
  rmSync(path, { force: true })
  return takeLock(path)
}

function ownerOf(path: string): number | undefined {
  try {
    const { pid, startedAt: wasStartedAt } = Owner.parse(JSON.parse(readFileSync(path, 'utf8')))
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
