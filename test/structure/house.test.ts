import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultsOfHouse } from './house.ts'

const root = dirname(dirname(import.meta.dirname))

/** A tree of files that are empty but for the text given. */
const tree = (paths: readonly string[], text = '') => paths.map((path) => ({ path, text }))
const numbered = (folder: string, files: number) =>
  tree(Array.from({ length: files }, (_, place) => `${folder}/file-${place}.ts`))

describe('the house', () => {
  it('keeps its rules', () => {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
    })
    const files = listed
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(root, path)))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    expect(files.length).toBeGreaterThan(500)
    expect(faultsOfHouse(files)).toEqual([])
  })

  it('has each name of a file in lib once', () => {
    const files = tree(['lib/changes/plan.ts', 'lib/chat/plan.ts', 'lib/chat/README.md', 'lib/README.md'])
    expect(faultsOfHouse(files)).toEqual(['plan.ts is the name of lib/changes/plan.ts and lib/chat/plan.ts'])
    expect(faultsOfHouse(tree(['lib/plan.ts', 'infra/plan.ts', 'infra/a/plan.ts', 'test/plan.ts']))).toEqual(
      [],
    )
  })

  it('lets the twins of the two platforms share a name, and nobody else', () => {
    const twins = ['lib/chat/slack/delivery.ts', 'lib/chat/teams/delivery.ts']
    expect(faultsOfHouse(tree(twins))).toEqual([])
    expect(faultsOfHouse(tree([...twins, 'lib/chat/webhook/delivery.ts']))).toHaveLength(1)
    expect(faultsOfHouse(tree(['lib/chat/slack/a.ts', 'lib/chat/slack/b/a.ts']))).toHaveLength(1)
  })

  it.each([
    'export interface Call {}',
    'export type Call = string',
    'export type Call<T> = T[]',
    'export class Call {}',
    'export abstract class Call {}',
  ])('exports a type of one name from one file: %s', (text) => {
    const twice = tree(['lib/a.ts', 'infra/b.ts'], `import {} from 'c'\n${text}\n`)
    expect(faultsOfHouse(twice)).toEqual(['Call is exported by lib/a.ts and infra/b.ts'])
    expect(faultsOfHouse(tree(['lib/a.ts', 'test/b.ts'], `${text}\n`))).toEqual([])
  })

  it('may hand a type on under its name, or have one for itself', () => {
    const one = tree(['lib/a.ts'], 'export interface Call {}\n')
    expect(faultsOfHouse([...one, ...tree(['lib/b.ts'], "export type { Call } from './a.ts'\n")])).toEqual([])
    expect(faultsOfHouse([...one, ...tree(['lib/b.ts'], 'interface Call {}\n')])).toEqual([])
  })

  it.each([
    'export function callerOf() {}',
    'export async function callerOf() {}',
    'export function* callerOf() {}',
    'export const callerOf = () => {}',
  ])('exports a function or constant of one name from one file of lib: %s', (text) => {
    const twice = tree(['lib/chat/a.ts', 'lib/http/b.ts'], `import {} from 'c'\n${text}\n`)
    expect(faultsOfHouse(twice)).toEqual(['callerOf is exported by lib/chat/a.ts and lib/http/b.ts'])
    expect(faultsOfHouse(tree(['lib/a.ts', 'infra/b.ts', 'test/c.ts'], `${text}\n`))).toEqual([])
  })

  it('may call what does the work of an operation by the name of the operation, and only once', () => {
    const text = 'export const settleChange = 1\n'
    const paths = ['lib/operations/changes/settle-change.ts', 'lib/changes/decide/decide-settlement.ts']
    expect(faultsOfHouse(tree(paths, text))).toEqual([])
    expect(faultsOfHouse(tree([...paths, 'lib/chat/plan-wish.ts'], text))).toHaveLength(1)
  })

  it('has few files in a folder', () => {
    expect(faultsOfHouse([...numbered('lib/chat', 15), ...tree(['lib/chat/README.md'])])).toEqual([])
    expect(faultsOfHouse(numbered('lib/chat', 16))).toEqual(['lib/chat has 16 files, and may have 15'])
    expect(faultsOfHouse(numbered('test/chat', 16))).toEqual(['test/chat has 16 files, and may have 15'])
  })

  it('has more of them where each is one declaration', () => {
    expect(faultsOfHouse(numbered('functions/license', 25))).toEqual([])
    const many = [...numbered('functions/license', 26), ...numbered('functions', 26)]
    expect(faultsOfHouse(many)).toEqual([
      'functions/license has 26 files, and may have 25',
      'functions has 26 files, and may have 25',
    ])
  })

  it('has no source of more than 300 lines', () => {
    expect(faultsOfHouse(tree(['lib/a.ts', 'test/b.ts'], '\n'.repeat(300)))).toEqual([])
    expect(faultsOfHouse(tree(['lib/a.ts', 'test/b.ts', 'infra/c.md'], '\n'.repeat(301)))).toEqual([
      'lib/a.ts has 301 lines, and may have 300',
    ])
  })

  it('has nothing at the top but what has its place there', () => {
    expect(faultsOfHouse(tree(['README.md', 'scripts/a.ts', 'notes.md']))).toEqual([
      'scripts is at the top',
      'notes.md is at the top',
    ])
  })
})
