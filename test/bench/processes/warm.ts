/**
 * One warm container: requires the bundle named by its argument and, for each message of its parent, calls the
 * handler so often, so many at a time, and answers with what that cost.
 */
import { createRequire } from 'node:module'
import { median } from '../statistics.ts'
import { type LambdaHandler, lambdaContext } from './lambda-context.ts'
import { monotonicMs } from './monotonic.ts'

export interface WarmOrder {
  /** Taken in turn. */
  readonly events: readonly unknown[]
  readonly calls: number
  /** Calls begun before the first has ended; 1 is one after the other, as a Lambda does it. */
  readonly atOnce: number
  /**
   * By how much the clock on the wall is ahead at the first call, and moves on before each, milliseconds: so that no
   * write waits for the one before it on the same target to show in a read (lib/changes/model/timing.ts).
   */
  readonly aheadMs: number
  readonly apartMs: number
}

export interface WarmSample {
  /** User and system time of the whole process for one call, microseconds. */
  readonly cpuUs: number
  /** Median time from call to answer, milliseconds. */
  readonly wallMs: number
  /** When the last call was answered, by the machine's monotonic clock, milliseconds. */
  readonly answeredAtMs: number
  /** Each status that was answered, once. */
  readonly statuses: readonly number[]
}

const require = createRequire(__filename)
const { handler }: { handler: LambdaHandler } = require(process.argv[2] ?? '')

const wallClockMs = Date.now
let aheadMs = 0
Date.now = () => wallClockMs() + aheadMs

async function run({ events, calls, atOnce, apartMs, ...clock }: WarmOrder): Promise<WarmSample> {
  const statuses = new Set<number>()
  const wallsMs: number[] = []
  let begun = 0
  aheadMs = clock.aheadMs
  const lane = async () => {
    while (begun < calls) {
      const event = events[begun % events.length]
      begun += 1
      aheadMs += apartMs
      const startedMs = performance.now()
      statuses.add((await handler(event, lambdaContext)).statusCode)
      wallsMs.push(performance.now() - startedMs)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, lane))
  const { user, system } = process.cpuUsage(before)
  const answeredAtMs = monotonicMs()
  return { cpuUs: (user + system) / calls, wallMs: median(wallsMs), answeredAtMs, statuses: [...statuses] }
}

process.on('message', (order: WarmOrder) => void run(order).then((sample) => process.send?.(sample)))
process.once('disconnect', () => process.exit())
