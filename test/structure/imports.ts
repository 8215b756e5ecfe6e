import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

const FOLDERS = ['functions', 'infra', 'lib', 'test']
/** Where an import names its source, wherever its line breaks fall. */
const IMPORT = /^(?:import\b.*|(?:export\b.*|\}) from )'[^']+'/m
const rules = join(dirname(dirname(import.meta.dirname)), '.dependency-cruiser.cjs')

/** What the import rules say of a tree. No findings is good. */
export interface ImportReport {
  readonly modules: number
  /** One line each: the rule's name, the file, and what it imports where that is the fault. */
  readonly findings: readonly string[]
}

/**
 * Holds a tree against .dependency-cruiser.cjs.
 *
 * A TypeScript whose API the tool cannot use makes it read nothing and report success, so what it read is compared
 * with what is there: a source file it left out, or read without seeing its imports, is a finding as well.
 *
 * @param root folder with `lib`, `functions`, `infra` and `test`, as far as they exist.
 */
export async function checkImports(root: string): Promise<ImportReport> {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const options = await extractDepcruiseOptions(rules)
  const { output } = await cruise(folders, { ...options, baseDir: root, validate: true })
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`)

  const read = new Map(output.modules.map((module) => [module.source, module.dependencies.length]))
  const sources = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root },
  )
  const unread = sources.filter((source) => {
    const imports = read.get(source)
    return imports === undefined || (imports === 0 && IMPORT.test(readFileSync(join(root, source), 'utf8')))
  })
  return {
    modules: sources.length - unread.length,
    findings: [
      ...(sources.length === 0 ? ['unread: no source files at all'] : []),
      ...unread.map((source) => `unread: ${source}`),
      ...output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
    ],
  }
}
