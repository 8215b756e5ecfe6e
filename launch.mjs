/**
 * Runs one of the project's scripts or tools on the pinned Node, with the locked dependencies installed first
 * where they are missing or stale:
 *
 *   node launch.mjs SCRIPT.ts [args…]
 *   node launch.mjs --bin TOOL [args…]        a command of an installed package, such as vitest
 *
 * Plain JavaScript without dependencies, so that any Node from 18 on can run it on a fresh clone. The package
 * scripts need it because a shell remembers where it found `node`: in `npm ci && node x.ts` the second `node`
 * would still be the host's after the install has put the pinned one on the path.
 *
 * A terminal's Ctrl-C reaches the whole process group, and npm repeats it, so the script may see one signal more
 * than once: it must take a repeat as the same request.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST_NODE = 24
/** Longer than an install takes on a slow line; after that the lock was left by something that is not coming back. */
const LOCK_WAIT_MS = 10 * 60 * 1000
const LOCK_POLL_MS = 200

const root = dirname(fileURLToPath(import.meta.url))
const lockFile = join(root, '.install-lock')
const pinnedPackage = `node_modules/node-${process.platform}-${process.arch}`

/** An expected end: its sentence is all there is to tell. */
class Stop extends Error {
  constructor(sentence, exitCode = 1) {
    super(sentence)
    this.exitCode = exitCode
  }
}

const signalsSeen = new Set()
let running

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signalsSeen.has(signal)) return
    signalsSeen.add(signal)
    running?.kill(signal)
  })
}

function codeOfSignal(signal) {
  return 128 + constants.signals[signal]
}

function stopIfSignalled() {
  for (const signal of signalsSeen) throw new Stop('', codeOfSignal(signal))
}

/** Resolves to the exit code; rejects only where the command could not be started. */
function run(command, args, options) {
  return new Promise((settle, fail) => {
    running = spawn(command, args, options)
    running.once('error', fail)
    running.once('exit', (code, signal) => settle(signal === null ? code : codeOfSignal(signal)))
  })
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * npm writes what it installed to node_modules/.package-lock.json when it has finished, so an interrupted install
 * counts as none. Packages for other platforms are in the lockfile and not in there.
 */
function isInstalled() {
  const locked = packagesIn('package-lock.json')
  if (locked === undefined)
    throw new Stop('package-lock.json is missing or is not JSON: restore it from git.')
  const installed = packagesIn('node_modules/.package-lock.json')
  if (installed === undefined) return false
  if (Object.keys(installed).some((path) => locked[path] === undefined)) return false
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return wanted.optional === true && path !== pinnedPackage
    return (
      found.version === wanted.version && found.integrity === wanted.integrity && existsSync(join(root, path))
    )
  })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  try {
    const owner = readFileSync(lockFile, 'utf8')
    if (owner === '' || isAlive(Number(owner))) return false
    // Moved aside before it goes: where another launcher was quicker, what was moved is that one's live lock.
    const aside = `${lockFile}.${process.pid}`
    renameSync(lockFile, aside)
    if (readFileSync(aside, 'utf8') === owner) rmSync(aside)
    else renameSync(aside, lockFile)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return false
}

async function waitForLock() {
  const waitsUntil = Date.now() + LOCK_WAIT_MS
  let isTold = false
  while (!takeLock()) {
    stopIfSignalled()
    if (Date.now() > waitsUntil) {
      throw new Stop(
        `Another install holds ${lockFile}: delete that file if none is under way, and start again.`,
      )
    }
    if (!isTold) console.error('Waiting for another install of the dependencies to finish.')
    isTold = true
    await new Promise((wake) => setTimeout(wake, LOCK_POLL_MS))
  }
}

async function install() {
  console.error('Installing the locked dependencies (npm ci).')
  // The project's own `node` is about to be deleted: npm must not be running on it.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(join(root, 'node_modules')))
  // The includes outdo NODE_ENV=production and a personal `omit`, under which nothing here could run.
  const args = ['ci', '--loglevel=error', '--include=dev', '--include=optional']
  const env = { ...process.env, PATH: path.join(delimiter) }
  const code = await run('npm', args, { cwd: root, env, stdio: ['ignore', 2, 2] }).catch((error) => {
    throw new Stop(`Could not start npm, which installs the dependencies: ${error.message}`)
  })
  stopIfSignalled()
  if (code !== 0)
    throw new Stop(`The dependencies could not be installed: npm ci ended with code ${code}.`, code)
}

async function ensureInstalled() {
  if (isInstalled()) return
  await waitForLock()
  try {
    if (!isInstalled()) await install()
  } finally {
    rmSync(lockFile, { force: true })
  }
}

function programOf([first, second, ...rest]) {
  if (first === undefined || (first === '--bin' && second === undefined)) {
    throw new Stop('Usage: node launch.mjs SCRIPT.ts [args…] or node launch.mjs --bin TOOL [args…]', 2)
  }
  const args = second === undefined ? rest : [second, ...rest]
  if (first !== '--bin') return [resolve(root, first), ...args]
  const link = join(root, 'node_modules', '.bin', second)
  if (!existsSync(link)) throw new Stop(`No installed package has a command named ${second}.`, 2)
  return [realpathSync(link), ...rest]
}

async function runOnPinnedNode(program) {
  // Vitest colours a pipe as it does a terminal.
  const colour = process.stdout.isTTY || 'FORCE_COLOR' in process.env ? {} : { NO_COLOR: '1' }
  const pinned = join(root, pinnedPackage, 'bin', 'node')
  const isHostNewEnough = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE
  // The pinned build needs glibc: where the system cannot start it (Alpine), the host's own may do.
  for (const node of [
    ...(existsSync(pinned) ? [pinned] : []),
    ...(isHostNewEnough ? [process.execPath] : []),
  ]) {
    stopIfSignalled()
    const env = { ...process.env, ...colour, PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter) }
    try {
      return await run(node, program, { env, stdio: 'inherit' })
    } catch (error) {
      console.error(`Could not start ${node}: ${error.message}`)
    }
  }
  throw new Stop(
    `Node ${OLDEST_NODE} or newer is needed: no pinned one for ${process.platform} ${process.arch} can be used, and this is ${process.version}.`,
  )
}

try {
  if (process.platform === 'win32') throw new Stop('Windows is not supported: use Linux, macOS or WSL.')
  await ensureInstalled()
  process.exitCode = await runOnPinnedNode(programOf(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  if (error.message !== '') console.error(error.message)
  process.exitCode = error.exitCode
}
