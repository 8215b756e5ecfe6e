import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'

const root = dirname(dirname(import.meta.dirname))
const Listed = z.array(z.object({ file: z.string(), projectName: z.string() }))

describe('the test projects', () => {
  let listed: z.infer<typeof Listed>

  beforeAll(() => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const output = execFileSync(process.execPath, [vitest, 'list', '--filesOnly', '--json'], {
      cwd: root,
      encoding: 'utf8',
    })
    listed = Listed.parse(JSON.parse(output))
  })

  it('run every test file once', () => {
    const files = globSync('{test,lib,functions,infra}/**/*.test.*', { cwd: root }).map((file) =>
      join(root, file),
    )
    expect(listed.map(({ file }) => file).sort()).toEqual(files.sort())
  })

  it('have something to run each, which vitest itself does not ask of the whole', () => {
    const projects = [
      'conformance',
      'faults',
      'faults-alone',
      'one-stack',
      'page',
      'page-alone',
      'templates',
      'unit',
      'unit-alone',
    ]
    expect([...new Set(listed.map(({ projectName }) => projectName))].sort()).toEqual(projects)
    const manifest = z.object({ scripts: z.record(z.string(), z.string()) })
    const { scripts } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    const scripted = Object.values(scripts).flatMap(
      (script) => script.match(/(?<=--project )\w[\w-]*/g) ?? [],
    )
    expect([...new Set(scripted)].sort()).toEqual(projects)
  })
})
