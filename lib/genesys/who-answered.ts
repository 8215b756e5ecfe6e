/** Who answered: Genesys, or something on the way to it. */
import { anyJsonOf, jsonOf } from '../json.ts'
import type { TransportResponse } from '../transport/transport.ts'

/** Genesys answers in JSON alone; a page is a proxy's, a firewall's or a captive portal's. */
export function isHtml({ headers, body }: Pick<TransportResponse, 'headers' | 'body'>): boolean {
  return /^\s*text\/html/i.test(headers['content-type'] ?? '') || /^\uFEFF?\s*</.test(startOf(body))
}

/** Genesys's own error body where the answer carries one: `code` and `message` at the least. One nested too deep is none. */
export function errorBodyOf({ body }: Pick<TransportResponse, 'body'>): Record<string, unknown> | undefined {
  const value = jsonOf(body)
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
    ? { ...value }
    : undefined
}

/**
 * Whether something before Genesys answered in its place: a proxy, a firewall, a web filter. What it says of a request
 * means nothing. Genesys's errors have a code in words; an empty answer says too little to be told from Genesys's.
 */
export function isForeign(response: Pick<TransportResponse, 'headers' | 'body'>): boolean {
  if (isHtml(response)) return true
  if (response.body.toString('utf8').trim() === '') return false
  const value = anyJsonOf(response.body)
  return !(typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string')
}

/** Bytes looked at for how a body begins. */
const START_BYTES = 64

function startOf(body: Buffer): string {
  return body.toString('utf8', 0, START_BYTES)
}
