/** Bad rows of a list: told all at once, the first of them in full and the others counted. */
import { GatewayError } from '../../../errors.ts'
import type { RowFault } from '../../model/change.ts'

/** Kept of a list that cannot be planned. */
const MAX_KEPT = 1_000

/** Listed in one answer. */
const MAX_TOLD = 50

export class RowFaults {
  readonly #kept: RowFault[] = []
  readonly #keys = new Set<string>()
  readonly #bad = new Set<object>()
  #isCut = false

  /** @param row that has it: one with several is one bad row. */
  add(fault: RowFault, row: object): void {
    this.#bad.add(row)
    // A license that the body names once is of all the rows beneath it.
    const key = JSON.stringify([fault.line, fault.fieldName, fault.errorCode, fault.message])
    if (this.#keys.has(key)) return
    if (this.#kept.length === MAX_KEPT) {
      this.#isCut = true
      return
    }
    this.#keys.add(key)
    this.#kept.push(fault)
  }

  has(row: object): boolean {
    return this.#bad.has(row)
  }

  /** Bad rows. */
  get count(): number {
    return this.#bad.size
  }

  /** By their lines, where they have any. */
  get kept(): readonly RowFault[] {
    return this.#kept.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
  }

  /** Whether there are more than are kept. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** How many there are, in a sentence that names nobody. */
  countIn(rows: number): string {
    return `${this.count} of ${rows} rows cannot be planned, so nothing is`
  }

  /** @throws GatewayError `bad.request` where there is any. */
  refuse(rows: number): void {
    if (this.count === 0) return
    const { kept } = this
    const [first] = kept
    const told = kept.slice(0, MAX_TOLD)
    const where = first?.line === undefined ? ' ' : ` in line ${first.line}: `
    const one = `${kept.length === 1 ? 'it is' : 'the first is'}${where}${first?.fieldName} ${first?.message}`
    const more = kept.length > told.length ? ` (details has the first ${told.length})` : ''
    throw new GatewayError('bad.request', `${this.countIn(rows)}: ${one}${more}`, { faults: told })
  }
}
