import type { EvidenceRow } from '../../changes/model/change.ts'
import { GatewayError } from '../../errors.ts'

/** DynamoDB stores 400 kB in an item, names of attributes included; what is left is for its own way of counting. Bytes. */
const MAX_RECORD_BYTES = 380_000

/** JSON is no shorter than what DynamoDB counts, save a byte or two for small numbers. */
function recordBytes(record: unknown): number {
  return Buffer.byteLength(JSON.stringify(record))
}

/** Of a member, in JSON: a quote within a text has a backslash before it. */
const EMPTY_NAME = /[{,]"":/

/** @throws GatewayError `request.entity.too.large` or `bad.request` rather than let DynamoDB refuse it. */
export function refuseUnstorable(what: string, record: unknown): void {
  const json = JSON.stringify(record)
  if (EMPTY_NAME.test(json)) {
    throw new GatewayError(
      'bad.request',
      `${what} would have a field without a name, and the ledger keeps none; leave that field out`,
    )
  }
  const bytes = Buffer.byteLength(json)
  if (bytes <= MAX_RECORD_BYTES) return
  throw new GatewayError(
    'request.entity.too.large',
    `${what} would take ${bytes} bytes on record, and the ledger keeps at most ${MAX_RECORD_BYTES} of each; make several smaller changes`,
  )
}

/**
 * Evidence is of what has happened, so it is never refused: where it is too large, first what users hold besides goes,
 * then upstream's texts. What became of each target always stays.
 */
export function cutToFit(evidence: EvidenceRow): EvidenceRow {
  if (recordBytes(evidence) <= MAX_RECORD_BYTES) return evidence
  const { holdings: _holdings, ...rest } = evidence
  if (recordBytes(rest) <= MAX_RECORD_BYTES) return rest
  return { ...rest, texts: rest.texts.map(() => null) }
}
