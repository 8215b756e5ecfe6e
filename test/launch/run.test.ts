import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PINNED, RIGHT, TinyProject } from './project.ts'

/** Loaded before the launcher, makes it believe in another Node or platform. */
function pretend(property: 'versions' | 'platform', value: unknown): NodeJS.ProcessEnv {
  const code = `Object.defineProperty(process, '${property}', { value: ${JSON.stringify(value)} })`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

let project: TinyProject

beforeEach(() => {
  project = new TinyProject()
  project.install()
})

afterEach(() => {
  project[Symbol.dispose]()
})

describe('launching a script', () => {
  it('ends with its code', async () => {
    project.write('fails.mjs', 'process.exitCode = 42')
    expect(await project.launch(['fails.mjs']).code).toBe(42)
  })

  it('ends with 128 and the signal where a signal ended it', async () => {
    project.write('dies.mjs', "process.kill(process.pid, 'SIGKILL')")
    expect(await project.launch(['dies.mjs']).code).toBe(137)
  })

  it('hands on its arguments as they are, and its standard input', async () => {
    project.write(
      'echo.mjs',
      'process.stdout.write(process.argv.slice(2).join("|"))\nprocess.stdin.pipe(process.stdout)',
    )
    const launch = project.launch(['echo.mjs', '--a', '', 'b c', '--bin'])
    launch.process.stdin?.end(' and input')
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('--a||b c|--bin and input')
  })

  it('lets what the script starts find the same Node', async () => {
    project.write(
      'outer.mjs',
      "import { spawnSync } from 'node:child_process'\nconst env = { ...process.env, RUN_BY: 'host' }\nspawnSync('node', ['show.mjs'], { env, stdio: 'inherit' })",
    )
    const launch = project.launch(['outer.mjs'])
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('ready pinned\n')
  })

  it("runs an installed package's command", async () => {
    project.addTool('check', "console.log('checked by', process.env.RUN_BY, process.argv.slice(2).join(' '))")
    const launch = project.launch(['--bin', 'check', '--all'])
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('checked by pinned --all\n')
  })

  it('names a command that no package has', async () => {
    const launch = project.launch(['--bin', 'nothing'])
    expect(await launch.code).toBe(2)
    expect(launch.stderr()).toBe('No installed package has a command named nothing.\n')
  })

  it.each([[[]], [['--bin']]])('explains itself when called with %j', async (args) => {
    const launch = project.launch(args)
    expect(await launch.code).toBe(2)
    expect(launch.stderr()).toContain('Usage: node launch.mjs SCRIPT.ts')
  })
})

describe('which Node', () => {
  it("is the host's own where no pinned one exists for the platform and the host's is new enough", async () => {
    project.remove(PINNED)
    const packages = { 'node_modules/dependency': RIGHT['node_modules/dependency'] }
    project.lock(packages)
    project.write('node_modules/.package-lock.json', JSON.stringify({ packages }))
    const launch = project.launch(['show.mjs'])
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('ready host\n')
  })

  it("is the host's own where the system cannot start the pinned one", async () => {
    project.write(`${PINNED}/bin/node`, '#!/no/such/loader\n')
    const launch = project.launch(['show.mjs'])
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('ready host\n')
    expect(launch.stderr()).toContain('Could not start')
  })

  it('is the pinned one where the host is older', async () => {
    const launch = project.launch(['show.mjs'], { env: pretend('versions', { node: '20.1.0' }) })
    expect(await launch.code).toBe(0)
    expect(launch.stdout()).toBe('ready pinned\n')
  })

  it('must be 24: an older host without a pinned one is told', async () => {
    project.write(`${PINNED}/bin/node`, '#!/no/such/loader\n')
    const launch = project.launch(['show.mjs'], { env: pretend('versions', { node: '20.1.0' }) })
    expect(await launch.code).toBe(1)
    expect(launch.stderr()).toContain('Node 24 or newer is needed')
  })

  it('does not matter on Windows, which is not supported', async () => {
    const launch = project.launch(['show.mjs'], { env: pretend('platform', 'win32') })
    expect(await launch.code).toBe(1)
    expect(launch.stderr()).toBe('Windows is not supported: use Linux, macOS or WSL.\n')
  })
})

describe('signals', () => {
  /** Shuts down in its own time: after the signal it waits for a line of input, then ends with 7. */
  const SERVER = `
const counts = { SIGINT: 0, SIGTERM: 0 }
for (const signal of Object.keys(counts)) {
  process.on(signal, () => {
    counts[signal] += 1
    console.log('stopping', signal)
  })
}
process.stdin.once('data', () => {
  console.log(JSON.stringify(counts))
  process.exit(7)
})
console.log('up')
`

  it.each(['SIGINT', 'SIGTERM'] as const)('%s reaches the script, which gets to finish', async (signal) => {
    project.write('server.mjs', SERVER)
    const launch = project.launch(['server.mjs'])
    await launch.printed('up')
    launch.process.kill(signal)
    await launch.printed(`stopping ${signal}`)
    expect(launch.process.exitCode).toBeNull()
    launch.process.stdin?.write('go\n')
    expect(await launch.code).toBe(7)
  })

  it('are handed on once each, however often npm and the terminal repeat them', async () => {
    project.write('server.mjs', SERVER)
    const launch = project.launch(['server.mjs'])
    await launch.printed('up')
    launch.process.kill('SIGINT')
    await launch.printed('stopping SIGINT')
    launch.process.kill('SIGINT')
    launch.process.kill('SIGTERM')
    await launch.printed('stopping SIGTERM')
    launch.process.stdin?.write('go\n')
    expect(await launch.code).toBe(7)
    expect(launch.stdout()).toContain('{"SIGINT":1,"SIGTERM":1}')
  })

  it('to the whole group, as by Ctrl-C, still end with the code of the script', async () => {
    project.write('server.mjs', SERVER)
    const launch = project.launch(['server.mjs'])
    await launch.printed('up')
    process.kill(-launch.pid, 'SIGINT')
    await launch.printed('stopping SIGINT')
    launch.process.stdin?.write('go\n')
    expect(await launch.code).toBe(7)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a script that has nothing to finish, with %i', async (signal, code) => {
    project.write('simple.mjs', "setInterval(() => {}, 60_000)\nconsole.log('up')")
    const launch = project.launch(['simple.mjs'])
    await launch.printed('up')
    launch.process.kill(signal)
    expect(await launch.code).toBe(code)
  })

  it('during an install stop npm, start nothing and leave no lock', async () => {
    project.remove('node_modules')
    project.fifo('never')
    project.npm('read never < never')
    const launch = project.launch(['show.mjs'])
    await launch.printed('chatter of npm')
    launch.process.kill('SIGTERM')
    expect(await launch.code).toBe(143)
    expect(launch.stdout()).toBe('')
    expect(project.has('.install-lock')).toBe(false)
  })
})
