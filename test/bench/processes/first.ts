/**
 * One container from its start on: requires the bundle with all the CPU there is, as Lambda starts one, has itself held
 * to a share of a core from then on, calls the handler once for each event and writes what that took to file descriptor 3.
 *
 * Arguments: the bundle's path, the events as JSON, and the file that takes a process into its group; none holds nothing.
 */
import { writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { lambdaContext } from './lambda-context.ts'

/** One call of the handler. Milliseconds, but for the status. */
export interface HeldCall {
  readonly wallMs: number
  /** User and system time of the whole process. */
  readonly cpuMs: number
  /** 200 for a function of events, which answers nothing. */
  readonly status: number
}

export interface FirstCalls {
  /** Of `require`, which is not held. */
  readonly loadMs: number
  readonly calls: readonly HeldCall[]
}

const [bundle = '', events = '[]', procsFile = ''] = process.argv.slice(2)
const require = createRequire(__filename)

/** Not performance.now(): what it loads would then be there before a bundle that needs it. */
function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e3 + nanoseconds / 1e6
}

type Handler = (event: unknown, context: unknown) => Promise<{ readonly statusCode?: number } | undefined>

async function run(payloads: readonly unknown[]): Promise<FirstCalls> {
  const startedMs = nowMs()
  const { handler }: { handler: Handler } = require(bundle)
  const loadMs = nowMs() - startedMs
  if (procsFile !== '') writeFileSync(procsFile, String(process.pid))
  const calls: HeldCall[] = []
  for (const payload of payloads) calls.push(await called(handler, payload))
  return { loadMs, calls }
}

async function called(handler: Handler, payload: unknown): Promise<HeldCall> {
  const before = process.cpuUsage()
  const startedMs = nowMs()
  const answer = await handler(payload, lambdaContext)
  const wallMs = nowMs() - startedMs
  const { user, system } = process.cpuUsage(before)
  return { wallMs, cpuMs: (user + system) / 1e3, status: answer?.statusCode ?? 200 }
}

void run(JSON.parse(events)).then((result) => {
  writeSync(3, JSON.stringify(result))
  process.exit()
})
