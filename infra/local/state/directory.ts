/** The directory that keeps a local run's state: whose it is, what is in it, who may read it, how to begin anew. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readJsonFile } from '../atomic-file.ts'
import { isIdentity } from '../identity.ts'
import { NOTES_FOLDER, removeRunFile } from '../run-file.ts'
import { UsageError } from '../usage.ts'
import { releaseLock, takeLock, tidyLock } from './lock.ts'
import { isOwnFile, readMarker, writeMarker } from './marker.ts'

const DEFAULT_USERS = 500

/** What a person may have written: --reset leaves it as it is. */
const written = ['policy.json']

/** All else that a local run keeps; --reset removes these and nothing else, since DIR may be any directory. */
const files = [
  'org.json',
  'secrets.json',
  'identity.json',
  'ledger',
  'audit',
  'schedules.json',
  'turns.json',
  'events.json',
  'clock.json',
  'page',
  'gateway.log',
]

/** Whose records a directory keeps where no real org's: as a phrase. */
export const EMBEDDED_ORG = 'the embedded org'

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

/** For whom a directory is taken. */
interface Taking {
  /** Whose records it is to keep, as a phrase: plans for one org are never carried out on another. */
  readonly org?: string
  /** Whether `clear` will be called, so that another org's records are no hindrance. */
  readonly isReset?: boolean
}

/**
 * Makes the directory, or takes one that an earlier run made, and shuts others out of what is in it.
 *
 * @throws UsageError where another run uses it, it is somebody else's or another org's, or it cannot be used.
 */
export function takeDirectory(
  directory: string,
  { org = EMBEDDED_ORG, isReset = false }: Taking = {},
): TakenDirectory {
  return explaining(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    // Before anything is written: another user may have put links there that lead to files of this one's.
    if (!isOwn(directory))
      throw new UsageError(`${directory} is another user's: give another with --data DIR`)
    if (!isOurs(directory)) {
      throw new UsageError(
        `${directory} is not empty, and not from npm start: give a new or an empty directory with --data DIR`,
      )
    }
    const keptFor = orgOf(directory)
    if (keptFor !== undefined && keptFor !== org && !isReset) {
      throw new UsageError(
        `${directory} has the records of ${keptFor}, and what is planned there is not for ${org}: give another directory with --data DIR, or begin anew with --reset`,
      )
    }
    chmodSync(directory, 0o700)
    const lock = join(directory, 'lock')
    const owner = takeLock(lock)
    if (owner !== undefined) {
      throw new UsageError(
        `${directory} is in use by a running gateway (process ${owner}); stop it or give another --data DIR`,
      )
    }
    try {
      // What a run that was killed has left: where it listened, and files half written.
      tidyLock(lock)
      removeRunFile(directory)
      for (const name of readdirSync(directory)) {
        if (/\.\d+\.tmp$/.test(name)) rmSync(join(directory, name))
      }
      writeMarker(directory, keptFor ?? org)
      for (const file of [...files, ...written]) shutOut(join(directory, file))
    } catch (error) {
      releaseLock(lock)
      throw error
    }
    return {
      clear: () => {
        explaining(directory, () => {
          for (const file of files) rmSync(join(directory, file), { force: true, recursive: true })
          writeMarker(directory, org)
        })
      },
      usersFor: (asked) => usersFor(directory, asked),
      release: () => releaseLock(lock),
    }
  })
}

/** A link to it must be this user's too. */
function isOwn(directory: string): boolean {
  return [lstatSync(directory), statSync(directory)].every(({ uid }) => uid === process.geteuid?.())
}

/** @returns whose records are in it, as a phrase; undefined where none are yet. */
function orgOf(directory: string): string | undefined {
  const told = readMarker(directory)?.org
  if (told !== undefined) return told
  // Versions before that did not tell, but no real org's run has made an org.
  const has = (file: string) => existsSync(join(directory, file))
  if (has('org.json')) return EMBEDDED_ORG
  return has('ledger') || has('schedules.json') ? 'an org that is not told' : undefined
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

/** By its marker; by what versions before that kept in it; or it is nobody's yet, though `npm run change --url` may have left notes in it. */
function isOurs(directory: string): boolean {
  const names = readdirSync(directory).filter((name) => name !== NOTES_FOLDER)
  if (names.length === 0 || readMarker(directory)) return true
  const identity = join(directory, 'identity.json')
  return isOwnFile(identity) && isIdentity(identity)
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
    const why = isOther(directory)
      ? 'it is no directory'
      : `${reasons[error.code] ?? 'the system refuses it'} (${error.code})`
    throw new UsageError(`${directory} cannot hold the state, since ${why}: give another with --data DIR`, {
      cause: error,
    })
  }
}

function isOther(directory: string): boolean {
  try {
    return !statSync(directory).isDirectory()
  } catch {
    // What cannot be looked at is explained by why it could not be made.
    return false
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a disk that is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no directory',
  ENOENT: 'it cannot be made there',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
}
