import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file that a run keeps cannot be used; the message says which, in a sentence. */
export class StateError extends Error {
  override readonly name = 'StateError'
}

/**
 * Writes a value as JSON so that a reader sees the old file or the new one, never half of one. Readable by the owner
 * alone, since stand-ins keep tokens in it. Synchronous: what has been answered is on disk.
 */
export function writeJsonFile(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 })
  renameSync(temporary, file)
}

/** The JSON value in a file, undefined where there is no file. Throws a SyntaxError where it is not JSON. */
export function readJsonFile(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
