import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const launcher = join(dirname(dirname(import.meta.dirname)), 'launch.mjs')
export const PINNED = `node_modules/node-${process.platform}-${process.arch}`

/** What is installed when all is well. */
export const RIGHT = {
  'node_modules/dependency': { version: '1.0.0', integrity: 'sha512-one' },
  [PINNED]: { version: '24.0.0', integrity: 'sha512-three', optional: true },
}
const LOCKED = {
  '': { name: 'tiny' },
  ...RIGHT,
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-two', optional: true },
}
type Packages = Record<string, object>

/** A launcher at work. */
export interface Launch {
  readonly process: ChildProcess
  readonly pid: number
  /** What it and its script wrote so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Resolves when the text has appeared on either stream; rejects if it ends without. */
  printed(text: string): Promise<void>
  readonly code: Promise<number | null>
}

/**
 * A project in a temporary folder, with the real launcher and, first on the path, an `npm` that notes its calls and
 * puts there what the lockfile says. The pinned Node is this process's own under a name that a script can tell.
 */
export class TinyProject {
  readonly root = mkdtempSync(join(tmpdir(), 'launch-'))
  readonly #launches: ChildProcess[] = []

  constructor() {
    copyFileSync(launcher, join(this.root, 'launch.mjs'))
    this.lock(LOCKED)
    this.write('show.mjs', "console.log('ready', process.env.RUN_BY ?? 'host', ...process.argv.slice(2))")
    this.write('pinned-node', `#!/bin/sh\nRUN_BY=pinned exec '${process.execPath}' "$@"\n`)
    this.npm('')
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
    chmodSync(join(this.root, path), 0o755)
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path))
  }

  lock(packages: Packages): void {
    this.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages }))
  }

  /** An `npm` that does this first, in shell, and then installs. */
  npm(first: string): void {
    this.write(
      'fake/npm',
      `#!/bin/sh
echo "npm $*" >> npm-calls
echo 'chatter of npm'
${first}
mkdir -p node_modules/dependency ${PINNED}/bin
cp pinned-node ${PINNED}/bin/node
cp will-be-installed.json node_modules/.package-lock.json
`,
    )
    this.willInstall({})
  }

  /** What npm's own record will say after an install, beside what is right. */
  willInstall(others: Packages): void {
    this.write('will-be-installed.json', JSON.stringify({ packages: { ...RIGHT, ...others } }))
  }

  npmCalls(): string[] {
    return this.has('npm-calls') ? readFileSync(join(this.root, 'npm-calls'), 'utf8').trim().split('\n') : []
  }

  /** Installs as npm would, without a call on record. */
  install(): void {
    execFileSync(join(this.root, 'fake/npm'), ['ci'], { cwd: this.root })
    rmSync(join(this.root, 'npm-calls'))
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }

  addTool(name: string, text: string): void {
    this.write(`node_modules/tool/${name}.mjs`, text)
    mkdirSync(join(this.root, 'node_modules/.bin'), { recursive: true })
    symlinkSync(`../tool/${name}.mjs`, join(this.root, 'node_modules/.bin', name))
  }

  /** A pipe on which a shell script can wait for the test. */
  fifo(name: string): void {
    execFileSync('mkfifo', [join(this.root, name)])
  }

  launch(args: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): Launch {
    const path = [join(this.root, 'fake'), process.env['PATH'] ?? ''].join(delimiter)
    const child = spawn(process.execPath, [join(this.root, 'launch.mjs'), ...args], {
      cwd: this.root,
      env: { ...process.env, PATH: path, ...options.env },
      // A process group of its own, as a shell gives each command.
      detached: true,
      stdio: 'pipe',
    })
    this.#launches.push(child)
    const heard = { stdout: '', stderr: '' }
    const code = once(child, 'close').then(() => child.exitCode)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        heard[name] += text
        child.emit('heard')
      })
    }
    return {
      process: child,
      pid: child.pid ?? Number.NaN,
      stdout: () => heard.stdout,
      stderr: () => heard.stderr,
      code,
      async printed(text) {
        const hasEnded = code.then(() => true)
        while (!(heard.stdout + heard.stderr).includes(text)) {
          if (await Promise.race([hasEnded, once(child, 'heard').then(() => false)])) {
            if ((heard.stdout + heard.stderr).includes(text)) return
            throw new Error(`it ended without printing ${text}: ${heard.stdout}${heard.stderr}`)
          }
        }
      },
    }
  }

  [Symbol.dispose](): void {
    for (const { pid, exitCode, signalCode } of this.#launches) {
      // Only a failed test leaves one running: then what it started must go with it.
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
    }
    rmSync(this.root, { recursive: true })
  }
}
