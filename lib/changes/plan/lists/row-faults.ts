/** Bad rows of a list: told all at once, the first of them in full and the others counted. */
import { GatewayError } from '../../../errors.ts'
import type { RowFault } from '../../model/change.ts'

/** Kept of a list that cannot be planned. */
const MAX_KEPT = 1_000

/** Listed in one answer. */
const MAX_TOLD = 50

export class RowFaults {
  readonly kept: RowFault[] = []
  count = 0

  add(fault: RowFault): void {
    this.count += 1
    if (this.kept.length < MAX_KEPT) this.kept.push(fault)
  }

  /** How many there are, in a sentence that names nobody. */
  countIn(rows: number): string {
    return `${this.count} of ${rows} rows cannot be planned, so nothing is`
  }

  /** The same, and which is the first. */
  sentence(rows: number): string {
    const [first] = this.kept
    const one = this.count === 1
    const where = first?.line === undefined ? '' : ` in line ${first.line}`
    return `${this.countIn(rows)}: ${one ? 'it is' : 'the first is'}${where} ${first?.fieldName}, which ${first?.message}`
  }

  /** @throws GatewayError `bad.request` where there is any. */
  refuse(rows: number): void {
    if (this.count === 0) return
    const told = this.kept.slice(0, MAX_TOLD)
    const where = this.count > told.length ? ` (details has the first ${told.length})` : ''
    throw new GatewayError('bad.request', `${this.sentence(rows)}${where}`, { faults: told })
  }
}
