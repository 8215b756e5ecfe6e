/** Who answered: Genesys, or something on the way to it. */
import type { TransportResponse } from './transport.ts'

/** Genesys answers in JSON alone; a page is a proxy's, a firewall's or a captive portal's. */
export function isPage({ headers, body }: Pick<TransportResponse, 'headers' | 'body'>): boolean {
  return /^\s*text\/html/i.test(headers['content-type'] ?? '') || /^\uFEFF?\s*</.test(startOf(body))
}

/** Genesys's own error body where the answer carries one: `code` and `message` at the least. */
export function errorBodyOf({ body }: Pick<TransportResponse, 'body'>): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
      ? { ...value }
      : undefined
  } catch {
    return undefined
  }
}

/** Bytes looked at for how a body begins. */
const START_BYTES = 64

function startOf(body: Buffer): string {
  return body.toString('utf8', 0, START_BYTES)
}
