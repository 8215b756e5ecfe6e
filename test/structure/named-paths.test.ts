/** What the pages name is there: files and folders, npm scripts, and where their links lead. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'dist' || name.startsWith('.'),
}).sort()
/** Its paths are tests within `test/`, written from what is there. */
const CATALOGUE = 'docs/faults.md'
/** Pages that stand in no folder of source speak of all of them. */
const folders = ['lib', 'infra', 'test', 'functions', 'docs']
const { scripts }: { scripts: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** A path of ours as prose names it; `{a,b}` and `*` stand for several. */
const NAMED = /(?<![\w./@-])(?:lib|infra|test|functions|docs|\.ci)\/[\w./*{},-]*[\w}*/]/g
/** A file or a folder by its last names alone, which prose sets in backticks. */
const BARE =
  /`((?!(?:lib|infra|test|functions|docs)\/)(?:[\w-]+\/)*(?:[\w-]+(?:\.[\w-]+)*\.(?:ts|md)|[\w-]+\/))`/g
const LINK = /\]\(([^)\s]+)\)/g

describe.each(pages)('%s', (page) => {
  const text = textOf(page)

  it('names no file and no folder that is not there', () => {
    const prose = page === CATALOGUE ? text.replaceAll(/[^|\n]*\|$/gm, '') : text
    const named = new Set(prose.replaceAll(/\]\([^)]*\)/g, ']').match(NAMED) ?? [])
    expect([...named].filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([])
  })

  it('names nothing by its last name alone that is not beneath its folder', () => {
    const named = new Set([...text.matchAll(BARE)].map(([, path = '']) => path))
    const beneath = page.includes('/') && !page.startsWith('docs/') ? [dirname(page)] : folders
    expect([...named].filter((path) => !isBeneath(beneath, path))).toEqual([])
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

function isBeneath(folders: readonly string[], path: string): boolean {
  const patterns = folders.flatMap((folder) => [`${folder}/${path}`, `${folder}/**/${path}`])
  return existsSync(join(root, path)) || globSync(patterns, { cwd: root }).length > 0
}

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
