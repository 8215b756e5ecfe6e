/** DIR/handed-in: under which id each file was taken, so that looking at it need not hand it in once more. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RECORD_ID } from '../../lib/changes/answers/change-schemas.ts'
import { NOTES_FOLDER } from '../local/run-file.ts'

export interface Notes {
  readonly keep: (key: string, id: string) => void
  readonly find: (key: string) => string | undefined
}

/** @param origin of a deployed API; a directory's own gateway has none that lasts. */
export function notesIn(directory: string, origin = ''): Notes {
  const folder = join(directory, NOTES_FOLDER)
  const pathOf = (key: string) => join(folder, createHash('sha256').update(`${origin}\n${key}`).digest('hex'))
  return {
    keep(key, id) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(pathOf(key), id, { mode: 0o600 })
    },
    find(key) {
      try {
        const id = readFileSync(pathOf(key), 'utf8').trim()
        return RECORD_ID.test(id) ? id : undefined
      } catch {
        return undefined
      }
    },
  }
}
