/**
 * One warm container: requires the bundle named by its argument and, for each message of its parent, calls the
 * handler so often, so many at a time, and answers with what that cost.
 */
import { createRequire } from 'node:module'
import { type LambdaHandler, lambdaContext } from './lambda-context.ts'

export interface WarmOrder {
  readonly event: unknown
  readonly calls: number
  /** Calls begun before the first has ended; 1 is one after the other, as a Lambda does it. */
  readonly atOnce: number
}

export interface WarmSample {
  /** User and system time of the whole process for one call, microseconds. */
  readonly cpuUs: number
  /** Each status that was answered, once. */
  readonly statuses: readonly number[]
}

const require = createRequire(__filename)
const { handler }: { handler: LambdaHandler } = require(process.argv[2] ?? '')

async function run({ event, calls, atOnce }: WarmOrder): Promise<WarmSample> {
  const statuses = new Set<number>()
  const lane = async () => {
    for (let call = 0; call < calls / atOnce; call++) {
      statuses.add((await handler(event, lambdaContext)).statusCode)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: atOnce }, lane))
  const { user, system } = process.cpuUsage(before)
  return { cpuUs: (user + system) / calls, statuses: [...statuses] }
}

process.on('message', (order: WarmOrder) => void run(order).then((sample) => process.send?.(sample)))
process.once('disconnect', () => process.exit())
