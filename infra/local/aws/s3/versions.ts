/**
 * Versions of objects, on disk: a folder for each key, in it each version as a file of its bytes and one that says what it
 * is, numbered in the order in which they came. Each is read when it is asked for, so who changes a byte sees that byte.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'

const Kept = z.strictObject({
  versionId: z.string(),
  /** Epoch milliseconds. */
  atMs: z.number(),
  /** Nothing is under the key any more, though all that was is still there. */
  isDeleteMarker: z.boolean(),
  lock: z.optional(z.strictObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), untilMs: z.number() })),
})

/** One version of an object; `number` counts a key's from 1. */
export type ObjectVersion = z.output<typeof Kept> & { readonly key: string; readonly number: number }

export interface ObjectVersions {
  /** All of a key, the newest first; none where nothing was ever put. */
  of(key: string): readonly ObjectVersion[]
  /** Keys in their order, also those of which only a marker is left. */
  keys(): readonly string[]
  bytesOf(version: ObjectVersion): Buffer
  /** Adds a version, a delete marker where there are no bytes. */
  add(key: string, bytes: Buffer | undefined, made: Pick<ObjectVersion, 'atMs' | 'lock'>): ObjectVersion
  remove(version: ObjectVersion): void
}

/** Six digits, so that names sort as numbers do. */
const NUMBER_DIGITS = 6

/** @param directory one of its own, made with the first version. */
export function objectVersions(directory: string): ObjectVersions {
  const folderOf = (key: string) => join(directory, ...key.split('/').map(encodeURIComponent))
  const fileOf = (key: string, number: number, ending: 'json' | 'bytes') =>
    join(folderOf(key), `${String(number).padStart(NUMBER_DIGITS, '0')}.${ending}`)

  function numbersOf(key: string): number[] {
    const folder = folderOf(key)
    if (!existsSync(folder)) return []
    return readdirSync(folder).flatMap((name) =>
      /^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [],
    )
  }

  function read(key: string, number: number): ObjectVersion {
    const file = fileOf(key, number, 'json')
    try {
      return { ...z.parse(Kept, readJsonFile(file)), key, number }
    } catch (cause) {
      throw new StateError(`The object in ${file} is damaged.`, { cause })
    }
  }

  return {
    of: (key) =>
      numbersOf(key)
        .sort((one, other) => other - one)
        .map((number) => read(key, number)),

    keys() {
      if (!existsSync(directory)) return []
      const folders = new Set(
        readdirSync(directory, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.json'))
          .map((name) => name.split(/[/\\]/).slice(0, -1).map(decodeURIComponent).join('/')),
      )
      return [...folders].sort()
    },

    bytesOf: ({ key, number }) => readFileSync(fileOf(key, number, 'bytes')),

    add(key, bytes, { atMs, lock }) {
      const number = Math.max(0, ...numbersOf(key)) + 1
      const kept = {
        versionId: randomUUID().replaceAll('-', ''),
        atMs,
        isDeleteMarker: bytes === undefined,
        lock,
      }
      mkdirSync(folderOf(key), { recursive: true, mode: 0o700 })
      // What says that there is a version comes after its bytes.
      if (bytes) writeFileSync(fileOf(key, number, 'bytes'), bytes, { mode: 0o600 })
      writeJsonFile(fileOf(key, number, 'json'), kept)
      return { ...kept, key, number }
    },

    remove({ key, number }) {
      rmSync(fileOf(key, number, 'json'))
      rmSync(fileOf(key, number, 'bytes'), { force: true })
    },
  }
}

/** As S3's checksum headers have it. */
export const base64Sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64')

/** Of bytes that were put at once under S3's own keys. */
export const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`
