/** The last column of the fault catalogue (`docs/faults.md`): the tests that cite a row's id, or why there is none. */
import { WantingError } from '../generated-file.ts'

export interface TestFile {
  /** Within `test/`. */
  readonly path: string
  readonly text: string
}

/**
 * A row of an id that tests cite gets their names; one that none cites keeps its reason, which begins with `none: `.
 * @param catalogue Markdown, each row of which begins with an id and ends with that column.
 * @throws WantingError that names each id with neither, each that stands twice, and each that is cited but not there.
 */
export function catalogueWithTests(catalogue: string, tests: readonly TestFile[]): string {
  const cited = testsOfIds(tests)
  const known = new Set<string>()
  const faults: string[] = []
  const written = catalogue.replace(ROW, (_all, start: string, id: string, cell: string) => {
    if (known.has(id)) faults.push(`${id} stands twice`)
    known.add(id)
    const files = cited.get(id)
    const tested = files && [...files].sort().join(', ')
    if (!tested && !REASON.test(cell))
      faults.push(`${id} has no test, and no reason that begins with "none: "`)
    return `${start} ${tested ?? cell.trim()} |`
  })
  for (const [id, files] of cited)
    if (!known.has(id)) faults.push(`${id} is cited by ${[...files].join(', ')} and not in the catalogue`)
  if (faults.length > 0) throw new WantingError(`docs/faults.md:\n${faults.join('\n')}`)
  return written
}

const ROW = /^(\| ([A-Z]\d{2}) \|.*\|)([^|]*)\|$/gm
const REASON = /^\s*none: \S/
/** Ids alone between round brackets: no name, time or id of another kind in a test's text looks like that. */
const CITATION = /\(([A-Z]\d{2}(?:, [A-Z]\d{2})*)\)/g

function testsOfIds(tests: readonly TestFile[]): Map<string, Set<string>> {
  const cited = new Map<string, Set<string>>()
  for (const { path, text } of tests)
    for (const [, ids = ''] of text.matchAll(CITATION))
      for (const id of ids.split(', '))
        cited.set(id, (cited.get(id) ?? new Set()).add(`\`${path.replace(/\.test\.ts$/, '')}\``))
  return cited
}
