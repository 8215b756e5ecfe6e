/**
 * `npm test`: every check that a change must pass. Each is a package script of the same name, so that it also runs
 * alone, and what runs here is read from package.json. One that fails does not stop the rest.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { NoBrowser, startBrowser } from './support/browser.ts'

/** Cheap ones first, of which one takes as long as all others; beside its end the tests begin, which use both cores. */
const CHEAP = ['types', 'lint', 'imports', 'dead', 'fresh']
/** All tests in one run; without a browser, which not every machine has, all but those of the page. */
const ALL_TESTS = 'vitest'
const BUT_THE_PAGE = 'test:no-page'
/** The checks are sized for a machine of two cores. */
const LANES = 2
/** What Linux keeps in memory. On a disk each file that is put in another's place is waited for: ext4 writes it at once. */
const IN_MEMORY = '/dev/shm'
/** Several times what all tests together have there at once. */
const IN_MEMORY_BYTES = 4 * 1024 ** 3

const root = dirname(import.meta.dirname)

interface Outcome {
  readonly check: string
  readonly seconds: number
  readonly hasPassed: boolean
}

/** For the files of this run, which goes with it. */
const temporary = temporaryDirectory()
// Some tests go on as nobody, within it.
chmodSync(temporary, 0o711)
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }))
const running = new Set<ChildProcess>()
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal
    for (const child of running) child.kill(signal)
  })
}

/** In memory where there is room and what is written there may be run, which containers often forbid. */
function temporaryDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    if (bavail * bsize >= IN_MEMORY_BYTES) {
      const directory = mkdtempSync(join(IN_MEMORY, 'tests-'))
      if (canRunFrom(directory)) return directory
      rmSync(directory, { recursive: true })
    }
  } catch {
    // Not there, or somebody else's.
  }
  return mkdtempSync(join(tmpdir(), 'tests-'))
}

function canRunFrom(directory: string): boolean {
  const file = join(directory, 'nothing')
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o700 })
  return spawnSync(file).status === 0
}

/**
 * The commands of a package script. Of the shell these scripts use `&&`, and `exec`, without which a signal that is
 * sent to npm would end the shell in between and leave the script running.
 */
function commandsOf(check: string): string[][] {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(`${root}/package.json`, 'utf8'),
  )
  const script = manifest.scripts[check]
  if (script === undefined) throw new Error(`package.json has no script named ${check}`)
  return script.split(' && ').map((command) => command.replace(/^exec /, '').split(' '))
}

/** Runs one command, its output collected, or shown as it comes. */
function run(
  [command = '', ...args]: string[],
  isShown: boolean,
): Promise<{ hasPassed: boolean; output: string }> {
  return new Promise((settle) => {
    const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, TMPDIR: temporary },
      stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', (error) => settle({ hasPassed: false, output: `${error.message}\n` }))
    child.once('close', (code) => {
      running.delete(child)
      settle({ hasPassed: code === 0, output })
    })
  })
}

async function runCheck(check: string, isShown: boolean): Promise<Outcome> {
  const startedAt = performance.now()
  if (isShown) console.log(`\n── ${check}`)
  let hasPassed = true
  let collected = ''
  for (const command of commandsOf(check)) {
    if (stoppedBy !== undefined) break
    const result = await run(command, isShown)
    collected += result.output
    hasPassed &&= result.hasPassed
  }
  const outcome = {
    check,
    seconds: (performance.now() - startedAt) / 1000,
    hasPassed: hasPassed && stoppedBy === undefined,
  }
  if (!isShown) console.log(`\n── ${check} ${verdict(outcome)}\n${collected.trim()}`)
  return outcome
}

function verdict({ hasPassed }: Outcome): string {
  return hasPassed ? 'ok' : 'FAILED'
}

/** All that there are, one lane beside the other; of the last, which takes longest by far, the output is shown as it comes. */
async function runChecks(checks: readonly string[]): Promise<Outcome[]> {
  const waiting = [...checks]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (
      let check = waiting.shift();
      check !== undefined && stoppedBy === undefined;
      check = waiting.shift()
    ) {
      outcomes.push(await runCheck(check, check === checks.at(-1)))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return outcomes.sort((a, b) => checks.indexOf(a.check) - checks.indexOf(b.check))
}

/** Why the page cannot be tried here; where CI is set, its tests say so themselves by failing. */
async function reasonForNoBrowser(): Promise<string | undefined> {
  if (process.env['CI']) return undefined
  try {
    await (await startBrowser()).close()
    return undefined
  } catch (error) {
    if (error instanceof NoBrowser) return error.message
    throw error
  }
}

const leftOut = await reasonForNoBrowser()
const outcomes = await runChecks([...CHEAP, leftOut === undefined ? ALL_TESTS : BUT_THE_PAGE])

if (stoppedBy !== undefined) {
  process.exitCode = 128 + constants.signals[stoppedBy]
} else {
  console.log('\ncheck      seconds')
  for (const outcome of outcomes) {
    console.log(`${outcome.check.padEnd(10)} ${outcome.seconds.toFixed(1).padStart(7)}  ${verdict(outcome)}`)
  }
  const failed = outcomes.filter(({ hasPassed }) => !hasPassed).length
  console.log(`\n${outcomes.length - failed} passed, ${failed} failed`)
  if (leftOut !== undefined) console.log(`The tests of the page were left out. ${leftOut}`)
  process.exitCode = failed === 0 ? 0 : 1
}
