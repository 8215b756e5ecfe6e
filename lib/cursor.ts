/** Where a page of a list ended, as callers carry it: bound to the list that it was given for. */
import { createHash } from 'node:crypto'
import { GatewayError } from './errors.ts'

/** Hexadecimal digits that tie a cursor to its list. It opens nothing that the list does not, so they are no signature. */
const SEAL_DIGITS = 16

/** @param list all that says which list it is. @param position where in the list the page ended. */
export function cursorOf(list: readonly unknown[], position: string): string {
  const seal = createHash('sha256')
    .update(JSON.stringify([list, position]))
    .digest('hex')
  return Buffer.from(seal.slice(0, SEAL_DIGITS) + position).toString('base64url')
}

/** @returns the position. @throws GatewayError `bad.request` for a cursor that is none of this list's. */
export function positionOf(list: readonly unknown[], cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8').slice(SEAL_DIGITS)
  if (position !== '' && cursorOf(list, position) === cursor) return position
  throw invalidCursor()
}

export function invalidCursor(): GatewayError {
  const message = 'must be what the page before gave as next, with the same filter'
  return new GatewayError('bad.request', `cursor: ${message}`, {
    faults: [{ fieldName: 'cursor', errorCode: 'INVALID_CURSOR', message }],
  })
}
