/** How faulty fields are told to a caller: all at once, up to a bound, and never by an unprintable name. */
import { type FieldFault, GatewayError } from '../errors.ts'

/** Faults listed in one answer; a request with more gets the first of them. */
const MAX_FAULTS = 50

/** @param faults at least one. */
export function faultyFields(faults: readonly FieldFault[]): GatewayError {
  const [first] = faults
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more, see details)` : ''
  return new GatewayError('bad.request', `${first?.fieldName}: ${first?.message}${rest}`, {
    faults: faults.slice(0, MAX_FAULTS),
  })
}

/** A caller's own name for a field goes back only where it is harmless in a log line and a page. */
export function printable(name: string): string {
  return /^[A-Za-z0-9_.[\]-]{1,64}$/.test(name) ? name : '(unprintable)'
}
