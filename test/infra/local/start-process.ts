/** `npm start` as a process of its own, as a person starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { RunFile } from '../../../infra/local/run-file.ts'

const main = fileURLToPath(new URL('../../../infra/local/main.ts', import.meta.url))

export interface Started {
  readonly child: ChildProcess
  /** All it has printed so far, both streams. */
  readonly printed: () => string
  /** Resolves with the address of the `ready` line; rejects with what was printed where it ends before. */
  readonly ready: Promise<string>
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** An empty directory that goes with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'start-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  })
  let text = ''
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  const ready = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk
      const address = /^ready (\S+)$/m.exec(text)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    ended.then(() => reject(new Error(`it ended before it was ready:\n${text}`)))
  })
  // Not every test waits for it.
  ready.catch(() => {})
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return await ended
  }
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, printed: () => text, ready, ended, stop }
}

export function runFile(directory: string): RunFile {
  const run: RunFile = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8'))
  return run
}

/** What a person would fetch with the printed token. */
export async function read(url: string, token: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, json: await response.json() }
}
