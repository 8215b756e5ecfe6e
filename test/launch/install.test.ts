import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PINNED, RIGHT, TinyProject } from './project.ts'

let project: TinyProject

beforeEach(() => {
  project = new TinyProject()
})

afterEach(() => {
  project[Symbol.dispose]()
})

describe('launching with the dependencies', () => {
  it('installs them on a fresh clone, and keeps standard output for the script', async () => {
    const launch = project.launch(['show.mjs', '--port', '0'])
    expect(await launch.code).toBe(0)
    expect(project.npmCalls()).toEqual(['npm ci --loglevel=error --include=dev --include=optional'])
    expect(launch.stdout()).toBe('ready pinned --port 0\n')
    expect(launch.stderr()).toBe('Installing the locked dependencies (npm ci).\nchatter of npm\n')
    expect(project.has('.install-lock')).toBe(false)
  })

  it('installs nothing where they are there', async () => {
    project.install()
    const launch = project.launch(['show.mjs'])
    expect(await launch.code).toBe(0)
    expect(project.npmCalls()).toEqual([])
    expect(launch.stderr()).toBe('')
  })

  it('installs once for two starts', async () => {
    expect(await project.launch(['show.mjs']).code).toBe(0)
    expect(await project.launch(['show.mjs']).code).toBe(0)
    expect(project.npmCalls()).toHaveLength(1)
  })

  it.each([
    ['another version', { 'node_modules/dependency': { version: '0.9.0', integrity: 'sha512-one' } }],
    ['another content', { 'node_modules/dependency': { version: '1.0.0', integrity: 'sha512-changed' } }],
    ['one package more', { 'node_modules/extraneous': { version: '1.0.0', integrity: 'sha512-four' } }],
  ])('installs again where the lockfile has moved on from %s', async (_case, installed) => {
    project.willInstall(installed)
    project.install()
    project.willInstall({})
    expect(await project.launch(['show.mjs']).code).toBe(0)
    expect(project.npmCalls()).toHaveLength(1)
  })

  it.each(['node_modules/.package-lock.json', 'node_modules/dependency'])(
    'installs again where %s is gone',
    async (path) => {
      project.install()
      project.remove(path)
      expect(await project.launch(['show.mjs']).code).toBe(0)
      expect(project.npmCalls()).toHaveLength(1)
    },
  )

  it('installs again where they were installed for another platform', async () => {
    const { [PINNED]: _pinned, ...others } = RIGHT
    project.install()
    project.write('node_modules/.package-lock.json', JSON.stringify({ packages: others }))
    expect(await project.launch(['show.mjs']).code).toBe(0)
    expect(project.npmCalls()).toHaveLength(1)
  })

  it("ends with npm's code and a sentence where the install fails, and starts nothing", async () => {
    project.npm('exit 3')
    const launch = project.launch(['show.mjs'])
    expect(await launch.code).toBe(3)
    expect(launch.stdout()).toBe('')
    expect(launch.stderr()).toContain('The dependencies could not be installed: npm ci ended with code 3.\n')
    expect(project.has('.install-lock')).toBe(false)
  })

  it('says what is wrong where there is no npm', async () => {
    const launch = project.launch(['show.mjs'], { env: { PATH: project.root } })
    expect(await launch.code).toBe(1)
    expect(launch.stderr()).toContain('Could not start npm, which installs the dependencies')
  })

  it('says what is wrong where the lockfile is not readable', async () => {
    project.write('package-lock.json', '<<<<<<< ours')
    const launch = project.launch(['show.mjs'])
    expect(await launch.code).toBe(1)
    expect(launch.stderr()).toBe('package-lock.json is missing or is not JSON: restore it from git.\n')
  })
})

describe('two launchers on a fresh clone', () => {
  it('install once: the second waits for the first', async () => {
    project.fifo('go')
    project.npm('read go < go')
    const first = project.launch(['show.mjs', 'one'])
    await first.printed('chatter of npm')
    const second = project.launch(['show.mjs', 'two'])
    await second.printed('Waiting for another install')
    await writeFile(join(project.root, 'go'), 'go\n')
    expect(await Promise.all([first.code, second.code])).toEqual([0, 0])
    expect(project.npmCalls()).toHaveLength(1)
    expect(first.stdout() + second.stdout()).toBe('ready pinned one\nready pinned two\n')
  })

  it('do not wait for one that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    project.write('.install-lock', String(pid))
    expect(await project.launch(['show.mjs']).code).toBe(0)
    expect(project.npmCalls()).toHaveLength(1)
    expect(project.has('.install-lock')).toBe(false)
  })

  it('stop waiting when told to', async () => {
    project.write('.install-lock', String(process.pid))
    const launch = project.launch(['show.mjs'])
    await launch.printed('Waiting for another install')
    launch.process.kill('SIGTERM')
    expect(await launch.code).toBe(143)
    expect(project.npmCalls()).toEqual([])
    expect(project.has('.install-lock')).toBe(true)
  })
})
