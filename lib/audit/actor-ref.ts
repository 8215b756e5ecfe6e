/**
 * Whom a line names. The org file's names are names of people, and what vouches for a principal may call it by its e-mail
 * address, so neither goes into a file that nobody can take back: a line has a hash of the name, the same for one person
 * in all of an org's files, which whoever has the list of names can make again.
 */
import { createHash } from 'node:crypto'

/** Of a hash, hex digits: enough that no two of an org's people share one. */
const REF_DIGITS = 32

/** Of the gateway's own part in a change the history says this, which is nobody. */
const GATEWAY = 'gateway'

/** @param name as the history of a change has it: a person's or a tool's of the org file, else `kind:id`. */
export function actorRefOf(orgId: string, name: string): string {
  if (name === GATEWAY) return GATEWAY
  return `sha256:${createHash('sha256').update(`${orgId}\n${name}`).digest('hex').slice(0, REF_DIGITS)}`
}

/** Of what a person wrote the file has a hash alone, which tells whether the ledger still has the same words. */
export function textRefOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `sha256:${createHash('sha256').update(text).digest('hex')}`
}
