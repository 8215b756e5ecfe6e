/** What the pages name is there: files and folders, npm scripts, and where their links lead. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort()
/** Its paths are tests within `test/`, written from what is there. */
const CATALOGUE = 'docs/faults.md'
const { scripts }: { scripts: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** A path of ours as prose names it; `{a,b}` and `*` stand for several. */
const NAMED = /(?<![\w./@-])(?:lib|infra|test|functions|docs|\.ci)\/[\w./*{},-]*[\w}*/]/g
const LINK = /\]\(([^)\s]+)\)/g

describe.each(pages)('%s', (page) => {
  const text = textOf(page)

  it('names no file and no folder that is not there', () => {
    const prose = page === CATALOGUE ? text.replaceAll(/[^|\n]*\|$/gm, '') : text
    const named = new Set(prose.replaceAll(/\]\([^)]*\)/g, ']').match(NAMED) ?? [])
    expect([...named].filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([])
  })

  it('names no npm script that is not there', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it('links to what is there, headings included', () => {
    const links = [...text.matchAll(LINK)].map(([, link = '']) => link).filter((link) => !/^\w+:/.test(link))
    expect(links.filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path === '' ? page : relative(root, join(root, dirname(page), path))
  if (!existsSync(join(root, target))) return false
  return heading === undefined || headingsOf(textOf(target)).includes(heading)
}

/** As GitHub makes anchors of headings. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
