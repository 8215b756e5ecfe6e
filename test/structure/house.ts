/** Rules of the house that names, places and lengths of files can break; which folder may import which is `imports.ts`. */
import { basename, dirname } from 'node:path'

/** Of what is deployed, or deploys: tests may be longer, and have what names they like. */
const SOURCES = /^(lib|functions|infra)\//
const CODE = /\.(tsx?|js|mjs|cjs)$/
const MAX_LINES = 300
const MAX_FILES = 15
/** Where each file is one declaration. */
const DECLARED = /^(functions|lib\/operations)\//
const MAX_DECLARED = 25

/** Each platform's room is whole, so that what both have is found under one name. */
const TWINS = ['lib/chat/slack/', 'lib/chat/teams/'] as const

/** An operation is a value as well, and what does its work may have its name. */
const OPERATIONS = 'lib/operations/'

const EXPORTED_VALUE = /^export (?:async )?(?:function\*?|const|let) (\w+)/gm
const EXPORTED_TYPE = /^export (?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm

/** What stands at the top of the project. */
const TOP = [
  ...['functions', 'lib', 'infra', 'test', 'docs', '.ci'],
  ...['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['package.json', 'package-lock.json', 'cdk.json', 'tsconfig.json', 'launch.mjs', 'vitest.config.ts'],
  ...[
    'biome.json',
    'knip.json',
    '.dependency-cruiser.cjs',
    '.npmrc',
    '.gitignore',
    '.gitattributes',
    '.editorconfig',
  ],
]

export interface SourceFile {
  /** From the top of the project, e.g. `lib/clock.ts`. */
  readonly path: string
  readonly text: string
}

/** @returns a sentence for each rule that is broken; none where all is well. */
export function faultsOfHouse(files: readonly SourceFile[]): string[] {
  return [
    ...faultsOfNames(files),
    ...faultsOfTypes(files),
    ...faultsOfValues(files),
    ...faultsOfFolders(files),
    ...faultsOfLengths(files),
    ...faultsOfTop(files),
  ]
}

function faultsOfNames(files: readonly SourceFile[]): string[] {
  const code = files.map(({ path }) => path).filter((path) => path.startsWith('lib/') && CODE.test(path))
  return [...Map.groupBy(code, (path) => basename(path))]
    .filter(([, paths]) => paths.length > 1 && !areTwins(paths))
    .map(([name, paths]) => `${name} is the name of ${paths.join(' and ')}`)
}

function areTwins(paths: readonly string[]): boolean {
  const rooms = paths.map((path) => TWINS.findIndex((room) => path.startsWith(room)))
  return paths.length === TWINS.length && TWINS.every((_, room) => rooms.includes(room))
}

function faultsOfTypes(files: readonly SourceFile[]): string[] {
  return faultsOfExports(
    files.filter(({ path }) => SOURCES.test(path)),
    EXPORTED_TYPE,
  )
}

function faultsOfValues(files: readonly SourceFile[]): string[] {
  return faultsOfExports(
    files.filter(({ path }) => path.startsWith('lib/') && !path.startsWith(OPERATIONS)),
    EXPORTED_VALUE,
  )
}

function faultsOfExports(files: readonly SourceFile[], exported: RegExp): string[] {
  const places = files.flatMap(({ path, text }) =>
    [...text.matchAll(exported)].map(([, name]) => ({ name, path })),
  )
  return [...Map.groupBy(places, ({ name }) => name)]
    .filter(([, { length }]) => length > 1)
    .map(([name, same]) => `${name} is exported by ${same.map(({ path }) => path).join(' and ')}`)
}

function faultsOfFolders(files: readonly SourceFile[]): string[] {
  const code = files.map(({ path }) => path).filter((path) => CODE.test(path) && path.includes('/'))
  return [...Map.groupBy(code, dirname)].flatMap(([folder, { length }]) => {
    const most = DECLARED.test(`${folder}/`) ? MAX_DECLARED : MAX_FILES
    return length > most ? [`${folder} has ${length} files, and may have ${most}`] : []
  })
}

function faultsOfLengths(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1
    return SOURCES.test(path) && CODE.test(path) && lines > MAX_LINES
      ? [`${path} has ${lines} lines, and may have ${MAX_LINES}`]
      : []
  })
}

function faultsOfTop(files: readonly SourceFile[]): string[] {
  const entries = new Set(files.map(({ path }) => path.split('/')[0] ?? ''))
  return [...entries].filter((entry) => !TOP.includes(entry)).map((entry) => `${entry} is at the top`)
}
