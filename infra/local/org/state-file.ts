import * as z from 'zod/mini'
import { readJsonFile, StateError, writeJsonFile } from '../atomic-file.ts'
import type { SavedToken } from './access/tokens.ts'
import type { Overrides, ToggleMode } from './truth.ts'

const SavedOrgFile = z.strictObject({
  version: z.literal(1),
  users: z.int(),
  mode: z.enum(['current', 'legacy']),
  changed: z.record(z.string(), z.array(z.string())),
  toggles: z.record(z.string(), z.boolean()),
  moved: z.optional(
    z.record(
      z.string(),
      z.strictObject({
        to: z.enum(['active', 'inactive', 'deleted', 'vanished']),
        atMs: z.number(),
        wasActive: z.boolean(),
      }),
    ),
  ),
  past: z.optional(
    z.record(z.string(), z.array(z.strictObject({ untilMs: z.number(), licenses: z.array(z.string()) }))),
  ),
  tokens: z.array(z.strictObject({ token: z.string(), clientId: z.string(), expiresAtMs: z.number() })),
})

/** What an org keeps over a restart: only what differs from its deterministic beginning, and the issued tokens. */
interface SavedOrg extends Overrides {
  readonly version: 1
  readonly users: number
  readonly mode: ToggleMode
  readonly tokens: readonly SavedToken[]
}

/**
 * Reads an org's state, undefined where there is none yet. Toggles saved in another mode are dropped, since current
 * mode means that all are on. Throws an Error with a sentence where the file is damaged or was made for another
 * number of users.
 */
export function readSavedOrg(file: string, users: number, mode: ToggleMode): SavedOrg | undefined {
  const found = readOrExplain(file)
  if (found === undefined) return undefined
  const { success, data: saved } = SavedOrgFile.safeParse(found)
  if (!success) throw new StateError(`The org state in ${file} is damaged.`)
  if (saved.users !== users) {
    throw new StateError(`The org in ${file} has ${saved.users} users, but ${users} were asked for.`)
  }
  return saved.mode === mode ? saved : { ...saved, mode, toggles: {} }
}

function readOrExplain(file: string): unknown {
  try {
    return readJsonFile(file)
  } catch (cause) {
    throw new StateError(`The org state in ${file} is damaged.`, { cause })
  }
}

/** Writes an org's state in one step. */
export function writeSavedOrg(file: string, saved: SavedOrg): void {
  writeJsonFile(file, saved)
}
