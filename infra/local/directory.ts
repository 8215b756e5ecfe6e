/** The directory that keeps a local run's state: whose it is, what is in it, how to begin anew. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readJsonFile } from './org/atomic-file.ts'
import { UsageError } from './usage.ts'

const DEFAULT_USERS = 500

/** All a local run writes; --reset removes these and nothing else, since DIR may be any directory. */
const files = [
  'org.json',
  'secrets.json',
  'identity.json',
  'policy.json',
  'ledger',
  'schedules.json',
  'events.json',
  'run.json',
  'gateway.log',
]

const SavedUsers = z.object({ users: z.int() })

export interface TakenDirectory {
  /** How many people the org has: as asked for, else as found, else 500. */
  readonly users: number
  readonly release: () => void
}

/** @throws UsageError where another run uses the directory, or it holds an org of another size. */
export function takeDirectory(
  directory: string,
  { users, isReset }: { readonly users: number | undefined; readonly isReset: boolean },
): TakenDirectory {
  mkdirSync(directory, { recursive: true })
  const lock = join(directory, 'lock')
  const owner = ownerOf(lock)
  if (owner !== undefined) {
    throw new UsageError(
      `${directory} is in use by a running gateway (process ${owner}); stop it or give another --data DIR`,
    )
  }
  writeFileSync(lock, String(process.pid))
  const release = () => rmSync(lock, { force: true })
  if (isReset) for (const file of files) rmSync(join(directory, file), { force: true, recursive: true })

  const found = SavedUsers.safeParse(readJsonFile(join(directory, 'org.json')))
  if (users !== undefined && found.success && found.data.users !== users) {
    release()
    throw new UsageError(
      `${directory} holds an org of ${found.data.users} users, not ${users}; add --reset to begin anew with ${users}`,
    )
  }
  return { users: users ?? (found.success ? found.data.users : DEFAULT_USERS), release }
}

/** The live process that holds a lock; a lock left by a crash counts for nothing. */
function ownerOf(lock: string): number | undefined {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    if (pid === process.pid) return undefined
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}
