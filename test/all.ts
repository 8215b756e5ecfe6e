/**
 * `npm test`: every check that a change must pass. Each is a package script of the same name, so that it also runs
 * alone, and what runs here is read from package.json. One that fails does not stop the rest.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import { NoBrowser, startBrowser } from './support/browser.ts'

/** Cheap ones first, side by side; the tests alone, since they already use both cores. */
const CHEAP = ['lint', 'types', 'imports', 'dead', 'fresh']
/** All tests in one run; without a browser, which not every machine has, all but those of the page. */
const ALL_TESTS = 'vitest'
const BUT_THE_PAGE = 'test:no-page'
/** The checks are sized for a machine of two cores. */
const LANES = 2

const root = dirname(import.meta.dirname)

interface Outcome {
  readonly check: string
  readonly seconds: number
  readonly hasPassed: boolean
}

const running = new Set<ChildProcess>()
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal
    for (const child of running) child.kill(signal)
  })
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

/** Runs one command, its output collected, or shown as it comes where no other check runs beside it. */
function run(
  [command = '', ...args]: string[],
  isAlone: boolean,
): Promise<{ hasPassed: boolean; output: string }> {
  return new Promise((settle) => {
    const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter)
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path },
      stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
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

async function runCheck(check: string, isAlone: boolean): Promise<Outcome> {
  const startedAt = performance.now()
  if (isAlone) console.log(`\n── ${check}`)
  let hasPassed = true
  let collected = ''
  for (const command of commandsOf(check)) {
    if (stoppedBy !== undefined) break
    const result = await run(command, isAlone)
    collected += result.output
    hasPassed &&= result.hasPassed
  }
  const outcome = {
    check,
    seconds: (performance.now() - startedAt) / 1000,
    hasPassed: hasPassed && stoppedBy === undefined,
  }
  if (!isAlone) console.log(`\n── ${check} ${verdict(outcome)}\n${collected.trim()}`)
  return outcome
}

function verdict({ hasPassed }: Outcome): string {
  return hasPassed ? 'ok' : 'FAILED'
}

async function runStage(checks: readonly string[]): Promise<Outcome[]> {
  const waiting = [...checks]
  const outcomes: Outcome[] = []
  const lane = async () => {
    for (
      let check = waiting.shift();
      check !== undefined && stoppedBy === undefined;
      check = waiting.shift()
    ) {
      outcomes.push(await runCheck(check, checks.length === 1))
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
const outcomes: Outcome[] = []
for (const stage of [CHEAP, [leftOut === undefined ? ALL_TESTS : BUT_THE_PAGE]]) {
  outcomes.push(...(await runStage(stage)))
}

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
