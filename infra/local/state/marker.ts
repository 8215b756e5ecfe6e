/** DIR/genesys-license-gateway.txt: tells what the directory is and which org's records are in it, to a person who finds it and to the next run. */
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'genesys-license-gateway.txt'

const FIRST_LINE = 'The state of a local genesys-license-gateway (npm start).'
const TEXT = `${FIRST_LINE} Secrets are in it: leave it readable to
yourself alone. npm start -- --reset empties it but for policy.json; while no gateway runs on it, it can be deleted.
`
const BELONGS = 'It belongs to '

/** A directory's marker; `org` is a phrase, undefined where a version that did not tell has written it. */
export interface Marker {
  readonly org: string | undefined
}

/** Undefined where there is none: another's file or a link is none. */
export function readMarker(directory: string): Marker | undefined {
  const path = join(directory, NAME)
  if (!isOwnFile(path)) return undefined
  const text = readFileSync(path, 'utf8')
  if (!text.startsWith(FIRST_LINE)) return undefined
  const line = text.split('\n').find((each) => each.startsWith(BELONGS))
  return { org: line?.slice(BELONGS.length).replace(/\.$/, '') }
}

/** Follows no link: nobody's file is written but this one. */
export function writeMarker(directory: string, org: string): void {
  const path = join(directory, NAME)
  const draft = `${path}.${process.pid}.tmp`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${TEXT}${BELONGS}${org}.\n`, { flag: 'wx', mode: 0o600 })
  renameSync(draft, path)
}

/** A file of this user's, and no link to one. */
export function isOwnFile(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found?.isFile() === true && found.uid === process.geteuid?.()
}
