/** Starts the processes that the measures need and talks to them. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { ColdSample } from './processes/cold.ts'
import type { FirstCalls } from './processes/first.ts'
import type { ServersOptions, Serving } from './processes/servers.ts'
import type { WarmOrder, WarmSample } from './processes/warm.ts'

/** A process gets this long for one piece of work, or the bench fails. Milliseconds. */
const PATIENCE_MS = 60_000

export type Variables = Readonly<Record<string, string>>

export interface Servers extends Serving {
  readonly stop: () => Promise<void>
}

/** Org, stand-in for AWS and ledger, on free ports of the loopback interface. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const script = join(import.meta.dirname, 'processes/servers.ts')
  const child = fork(script, [JSON.stringify(options)])
  const serving = (await message(child)) as Serving
  return { ...serving, stop: () => stop(child) }
}

/** Runs one cold start to its end. @throws Error where the handler answered with another status. */
export async function coldStart(
  script: string,
  bundle: string,
  event: unknown,
  env: Variables,
  status = 200,
): Promise<ColdSample> {
  const { found, errors } = await resultOf<ColdSample>([script, bundle, JSON.stringify(event)], env)
  if (found?.status !== status) {
    throw new Error(`${bundle} answered ${found?.status}, not ${status}: ${errors}`)
  }
  return found
}

export interface FirstOrder {
  readonly events: readonly unknown[]
  /** Of the group that holds its CPU; without it nothing does. */
  readonly procsFile: string | undefined
}

/** Runs a container to the end of its first calls. @throws Error where the handler failed at one. */
export async function firstCalls(
  script: string,
  bundle: string,
  { events, procsFile = '' }: FirstOrder,
  env: Variables,
): Promise<FirstCalls> {
  const args = [script, bundle, JSON.stringify(events), procsFile]
  const { found, errors } = await resultOf<FirstCalls>(args, env)
  const statuses = found?.calls.map(({ status }) => status) ?? []
  if (found === undefined || statuses.some((status) => status >= 300)) {
    throw new Error(`${bundle} answered ${statuses.join() || 'nothing'}: ${errors}`)
  }
  return found
}

/** Runs a script that writes JSON to file descriptor 3. */
async function resultOf<T>(
  args: readonly string[],
  env: Variables,
): Promise<{ readonly found: T | undefined; readonly errors: string }> {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  })
  const [, errors, result] = child.stdio.slice(1).map((stream) => {
    const chunks: Buffer[] = []
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
    return chunks
  })
  await once(child, 'close')
  const text = Buffer.concat(result ?? []).toString('utf8')
  return {
    found: text === '' ? undefined : JSON.parse(text),
    errors: Buffer.concat(errors ?? []).toString('utf8'),
  }
}

/** An order's clock goes on from where that of the order before, of whatever container, ended; it stands without `apartMs`. */
export type Order = Omit<WarmOrder, 'aheadMs' | 'apartMs'> & Partial<Pick<WarmOrder, 'apartMs'>>

let aheadMs = 0

export interface WarmContainer {
  readonly run: (order: Order) => Promise<WarmSample>
  readonly stop: () => Promise<void>
}

/**
 * A container that stays. Its log goes to a file beside the script: to wake the reader of a pipe costs the writer what
 * the machine, virtual or not, makes of it.
 */
export function warmContainer(script: string, bundle: string, env: Variables): WarmContainer {
  const log = openSync(`${script}.log`, 'a')
  const child = fork(script, [bundle], { env, stdio: ['ignore', log, 'inherit', 'ipc'] })
  closeSync(log)
  return {
    async run(order) {
      const { apartMs = 0, calls } = order
      child.send({ ...order, apartMs, aheadMs } satisfies WarmOrder)
      aheadMs += apartMs * calls
      const sample = (await message(child)) as WarmSample
      if (sample.statuses.join() !== '200') throw new Error(`${bundle} answered ${sample.statuses.join()}`)
      return sample
    },
    stop: () => stop(child),
  }
}

/**
 * What Lambda's Node.js runtime starts Node with in a function of that memory (/var/runtime/bootstrap of AWS's own images:
 * a tenth for what is new, half of it each semi-space, the rest for what is old). Without them a machine of 24 GB lets the
 * heap grow in ways that no Lambda does.
 *
 * @param memoryMb of the function.
 */
export function heapLimitsOf(memoryMb: number): readonly string[] {
  const newMb = Math.floor(memoryMb / 10)
  return [`--max-semi-space-size=${Math.floor(newMb / 2)}`, `--max-old-space-size=${memoryMb - newMb}`]
}

/** Runs a script to its one message. */
export async function answerOf(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<unknown> {
  const child = fork(script, args, { execArgv: ['--expose-gc', ...flags] })
  const answer = await message(child)
  await stop(child)
  return answer
}

async function message(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController()
  const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(PATIENCE_MS)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`)
  })
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended])
    return answer
  } finally {
    ended.catch(() => {})
    settled.abort()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
