/** The directory that keeps a local run's state: whose it is, what is in it, who may read it, how to begin anew. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { isIdentity } from './identity.ts'
import { releaseLock, takeLock, tidyLock } from './lock.ts'
import { readJsonFile } from './org/atomic-file.ts'
import { removeRunFile } from './run-file.ts'
import { UsageError } from './usage.ts'

const DEFAULT_USERS = 500

/** All a local run keeps; --reset removes these and nothing else, since DIR may be any directory. */
const files = [
  'org.json',
  'secrets.json',
  'identity.json',
  'policy.json',
  'ledger',
  'schedules.json',
  'events.json',
  'clock.json',
  'gateway.log',
]

/** Tells what the directory is, to a person who finds it and to the next run. */
const MARKER = 'genesys-license-gateway.txt'
const MARKING = `The state of a local genesys-license-gateway (npm start). Secrets are in it: leave it readable to
yourself alone. npm start -- --reset empties it; while no gateway runs on it, it can be deleted.
`

const SavedUsers = z.object({ users: z.int() })

export interface TakenDirectory {
  /** Begins anew. */
  readonly clear: () => void
  /**
   * How many people the org has: as asked for, else as found, else 500.
   *
   * @throws UsageError where it holds an org of another size.
   */
  readonly usersFor: (asked: number | undefined) => number
  readonly release: () => void
}

/**
 * Makes the directory, or takes one that an earlier run made, and shuts others out of what is in it.
 *
 * @throws UsageError where another run uses it, it is somebody else's, or it cannot be used.
 */
export function takeDirectory(directory: string): TakenDirectory {
  return explaining(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (!isOurs(directory)) {
      throw new UsageError(
        `${directory} is not empty, and not from npm start: give a new or an empty directory with --data DIR`,
      )
    }
    const lock = join(directory, 'lock')
    const owner = takeLock(lock)
    if (owner !== undefined) {
      throw new UsageError(
        `${directory} is in use by a running gateway (process ${owner}); stop it or give another --data DIR`,
      )
    }
    writeFileSync(join(directory, MARKER), MARKING)
    // What a run that was killed has left: where it listened, and files half written.
    tidyLock(lock)
    removeRunFile(directory)
    for (const name of readdirSync(directory)) if (/\.\d+\.tmp$/.test(name)) rmSync(join(directory, name))
    chmodSync(directory, 0o700)
    for (const file of files) shutOut(join(directory, file))
    return {
      clear: () => {
        explaining(directory, () => {
          for (const file of files) rmSync(join(directory, file), { force: true, recursive: true })
        })
      },
      usersFor: (asked) => usersFor(directory, asked),
      release: () => releaseLock(lock),
    }
  })
}

function usersFor(directory: string, asked: number | undefined): number {
  const found = savedUsers(join(directory, 'org.json'))
  if (asked !== undefined && found !== undefined && found !== asked) {
    throw new UsageError(
      `${directory} holds an org of ${found} users, not ${asked}; add --reset to begin anew with ${asked}`,
    )
  }
  return asked ?? found ?? DEFAULT_USERS
}

function savedUsers(file: string): number | undefined {
  try {
    return SavedUsers.safeParse(readJsonFile(file)).data?.users
  } catch {
    // That it is damaged is the org's to say, which reads the rest of it too.
    return undefined
  }
}

/** By its marker; by what versions before that kept in it; or it is nobody's yet. */
function isOurs(directory: string): boolean {
  const names = readdirSync(directory)
  return names.length === 0 || names.includes(MARKER) || isIdentity(join(directory, 'identity.json'))
}

/** Tokens and client secrets are in there, also in files of a version that let others read them. */
function shutOut(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) {
    chmodSync(path, 0o700)
    for (const entry of readdirSync(path)) shutOut(join(path, entry))
  } else if (found?.isFile()) chmodSync(path, 0o600)
}

/** What the system says of a directory, as a sentence. */
function explaining<T>(directory: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error
    const why =
      statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false
        ? 'it is no directory'
        : `${reasons[error.code] ?? 'the system refuses it'} (${error.code})`
    throw new UsageError(`${directory} cannot hold the state, since ${why}: give another with --data DIR`, {
      cause: error,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a disk that is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no directory',
  ENOENT: 'it cannot be made there',
}
