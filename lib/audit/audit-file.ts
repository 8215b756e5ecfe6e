/**
 * A file of the chain: NDJSON, a first line that says what it is and carries the hash of the file before, the day's lines,
 * and a last line that counts them. Its bytes follow from the day's record and the file before, and from nothing else.
 */
import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { canonicalJson } from '../changes/model/record-ids.ts'
import { keyOfDay } from './audit-key.ts'
import type { AuditFile, AuditHead } from './audit-port.ts'

const Sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** The first line. */
export const AuditFileHead = z.object({
  type: z.literal('file'),
  schema: z.literal(1),
  /** One Genesys org's gateway. */
  stack: z.string(),
  orgId: z.string(),
  /** UTC; what happened on it is in the file, and nothing else. */
  day: z.iso.date(),
  /** When the chain began. What happened before, on the first of its days, need not be in it. */
  since: z.iso.datetime(),
  /** The file of the day before; null in the first. */
  previous: z.nullable(z.object({ key: z.string(), sha256: Sha256 })),
})
export type AuditFileHead = z.output<typeof AuditFileHead>

/** The last line. */
export const AuditFileEnd = z.object({ type: z.literal('end'), lines: z.int() })

/** Whose chain it is. */
export interface ChainOwner {
  readonly stack: string
  readonly orgId: string
}

/** @param lines of the day, canonical JSON. @returns the file, and its bytes. */
export function makeAuditFile(
  { stack, orgId }: ChainOwner,
  { nextDay, sinceMs, last }: Pick<AuditHead, 'nextDay' | 'sinceMs' | 'last'>,
  lines: readonly string[],
): { readonly file: AuditFile; readonly bytes: Uint8Array } {
  const first: AuditFileHead = {
    type: 'file',
    schema: 1,
    stack,
    orgId,
    day: nextDay,
    since: new Date(sinceMs).toISOString(),
    previous: last ? { key: last.key, sha256: last.sha256 } : null,
  }
  const end: z.output<typeof AuditFileEnd> = { type: 'end', lines: lines.length }
  const bytes = Buffer.from(`${[canonicalJson(first), ...lines, canonicalJson(end)].join('\n')}\n`)
  return { file: { key: keyOfDay(nextDay), sha256: sha256Of(bytes) }, bytes }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
