/**
 * One cold start, in a process that has done nothing else: requires the bundle, calls its handler once, and writes
 * what that took to file descriptor 3. Standard output is the function's own. Bundled to CommonJS, as type stripping
 * would load a compiler first.
 *
 * Arguments: the bundle's path, the event as JSON.
 */
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type LambdaHandler, lambdaContext } from './lambda-context.ts'

/** Milliseconds, but for the status. */
export interface ColdSample {
  /** From the start of the process to the answer. */
  readonly wholeMs: number
  /** Of that, from before `require` to the answer: the rest is Node's own start. */
  readonly answerMs: number
  /** Of that, `require` alone, which ends with the handler in hand and nothing asked of anybody. */
  readonly loadMs: number
  readonly status: number
}

const [bundle = '', event = '{}'] = process.argv.slice(2)
const require = createRequire(__filename)
const payload: unknown = JSON.parse(event)

/** Not performance.now(): what it loads would then be there before a bundle that needs it. */
function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

async function sample(): Promise<ColdSample> {
  const beforeMs = nowMs()
  const { handler }: { handler: LambdaHandler } = require(bundle)
  const loadedMs = nowMs()
  const { statusCode } = await handler(payload, lambdaContext)
  const afterMs = nowMs()
  // Counted from the start of the process; what passed since the answer comes off.
  const wholeMs = performance.now() - (nowMs() - afterMs)
  return { wholeMs, answerMs: afterMs - beforeMs, loadMs: loadedMs - beforeMs, status: statusCode }
}

void sample().then((result) => {
  writeSync(3, JSON.stringify(result))
  process.exit()
})
