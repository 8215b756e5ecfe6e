/**
 * Reads a long history as a file does and throws it away, and prints as JSON how many holdings came and how much more was
 * in use on the heap than before. Needs --expose-gc.
 */
import { everyHoldingOf } from '../../../lib/inventory/histories/holdings.ts'
import { longHistory } from '../../support/seats/long-history.ts'

const COLLECTED_OF = 2_500

function heapInUse(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const { source } = longHistory({ isLostLate: process.argv[2] === 'late' })
const before = heapInUse()
let [holdings, ended, most] = [0, 0, before]
for await (const { untilMs } of everyHoldingOf(source)) {
  holdings += 1
  if (untilMs !== undefined) ended += 1
  if (holdings % COLLECTED_OF === 0) most = Math.max(most, heapInUse())
}
console.log(JSON.stringify({ holdings, ended, growthBytes: most - before }))
