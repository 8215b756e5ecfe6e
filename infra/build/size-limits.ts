/** How large a function's bundle may be. */
import { operations } from '../../lib/operations/index.ts'
import { functionNameOf } from '../constructs/names.ts'

/**
 * The largest that bundles may be whose cold starts are waited for and grow with them (docs/performance.md): of a read,
 * of the webhooks, which Slack gives 3 s in all and Teams 5 s. Minified, bytes.
 */
export const MAX_READ_BYTES = 220_000
/** A read and DynamoDB's client; minified, bytes. */
export const MAX_WALK_BYTES = 290_000
export const MAX_WEBHOOK_BYTES = 240_000
/**
 * What writes the audit's files: DynamoDB's client, and what reads records, journal and inventory. Nobody waits for it, but
 * S3's own client would be 180 kB more (lib/aws/audit-bucket.ts), and whatever decides or sends has no place in it.
 */
const MAX_AUDIT_BYTES = 290_000

/** It sends files: what answers or decides has no place in it. Whoever opens the page waits for it. */
const MAX_PAGE_SERVER_BYTES = 60_000

interface SizeLimit {
  readonly whose: string
  readonly maxBytes: number
}

/** By the function's name. */
const limits: ReadonlyMap<string, SizeLimit> = new Map([
  ...operations
    .filter(({ effect }) => effect === 'read')
    .map((read) => [functionNameOf(read), { whose: "a read's", maxBytes: MAX_READ_BYTES }] as const),
  ...operations
    .filter(({ effect }) => effect === 'walk')
    .map((walk) => [functionNameOf(walk), { whose: "a walk's", maxBytes: MAX_WALK_BYTES }] as const),
  ['slack', { whose: "Slack's webhook's", maxBytes: MAX_WEBHOOK_BYTES }],
  ['get-page', { whose: "what serves the page's", maxBytes: MAX_PAGE_SERVER_BYTES }],
  ['write-audit', { whose: "the audit writer's", maxBytes: MAX_AUDIT_BYTES }],
  ['teams', { whose: "Teams' webhook's", maxBytes: MAX_WEBHOOK_BYTES }],
])

/** A sentence where the bundle of this function is too large; nothing else. */
export function sizeFaultsOf(name: string, bytes: number): string[] {
  const limit = limits.get(name)
  if (limit === undefined || bytes <= limit.maxBytes) return []
  return [`The bundle of ${name} has ${bytes} bytes; ${limit.whose} may have ${limit.maxBytes}.`]
}
