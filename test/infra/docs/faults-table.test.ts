/** Which tests stand behind each row of docs/faults.md. */
import { describe, expect, it } from 'vitest'
import { catalogueWithTests } from '../../../infra/docs/faults-table.ts'

const catalogue = (...cells: string[]) =>
  `| id | stimulus | expected | tests |\n|---|---|---|---|\n${cells.map((cell, i) => `| A0${i + 1} | s | e | ${cell} |`).join('\n')}\n`

/** In the form of a citation, which this file must not hold itself. */
const cite = (...ids: string[]) => `(${ids.join(', ')})`
const file = (path: string, text: string) => ({ path, text })

describe('a row of the fault catalogue', () => {
  it('names each test file that cites its id, once and in order', () => {
    const tests = [
      file('faults/z.test.ts', `it('does it ${cite('A01')}')\n// and again ${cite('A02', 'A01')}`),
      file('changes/a.test.ts', `it('${cite('A01')} does it')`),
      file('changes/proof/cases.ts', `['${cite('A02')} a case']`),
    ]
    expect(catalogueWithTests(catalogue('stale', ''), tests)).toBe(
      catalogue('`changes/a`, `faults/z`', '`changes/proof/cases.ts`, `faults/z`'),
    )
  })

  it('keeps its reason where none does, and is the same when it is written again', () => {
    const written = catalogue('none: there is no such mechanism')
    expect(catalogueWithTests(written, [])).toBe(written)
  })

  it('is not cited by what looks like an id and stands otherwise', () => {
    const tests = [file('a.test.ts', "const A01 = 'T09:00' // A01 is left out (see A01)")]
    expect(() => catalogueWithTests(catalogue(''), tests)).toThrow('A01 has no test')
  })

  it.each(['', '`faults/gone`', 'none:', 'nothing'])('needs a test or a reason: %j is neither', (cell) => {
    expect(() => catalogueWithTests(catalogue(cell), [])).toThrow('A01 has no test, and no reason')
  })

  it('is there for each id that is cited, and once', () => {
    const tests = [file('a.test.ts', `it('${cite('A01', 'Z99')}')`)]
    expect(() => catalogueWithTests(catalogue(''), tests)).toThrow('Z99 is cited by `a`')
    expect(() => catalogueWithTests(catalogue('') + catalogue(''), tests)).toThrow('A01 stands twice')
  })
})
