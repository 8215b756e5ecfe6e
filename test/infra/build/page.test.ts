import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build } from '../../../infra/build/bundles.ts'
import { buildPage } from '../../../infra/build/page.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'gateway-page-'))
})

afterAll(() => rm(scratch, { recursive: true, force: true }))

/** Builds a page whose entry is written here. */
async function pageOf(name: string, source: string, styles = '') {
  const outDir = join(scratch, name)
  await mkdir(outDir, { recursive: true })
  await writeFile(join(outDir, 'main.tsx'), source)
  await writeFile(join(outDir, 'main.css'), styles)
  return await buildPage({ entry: join(outDir, 'main.tsx'), outDir })
}

const hashOf = (text = '') => `sha256-${createHash('sha256').update(text).digest('base64')}`

describe('the page', () => {
  it('is one file with all that it needs in it, the same bytes compressed, and what its headers say of it', async () => {
    const built = await buildPage({ outDir: scratch })
    const html = await readFile(join(scratch, 'page.html'), 'utf8')
    expect(brotliDecompressSync(await readFile(join(scratch, 'page.html.br'))).toString()).toBe(html)
    expect(gunzipSync(await readFile(join(scratch, 'page.html.gz'))).toString()).toBe(html)
    expect(JSON.parse(await readFile(join(scratch, 'page.json'), 'utf8'))).toEqual(built)

    const [, script] = /<script type="module">([\s\S]*)<\/script>/.exec(html) ?? []
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(html) ?? []
    expect(built).toEqual({
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      scriptHash: hashOf(script),
      styleHash: hashOf(style),
    })
    // Nothing is asked for besides.
    expect(html.match(/<[a-z]+[^>]* (?:src|href)="(?!data:)[^"]*"/g)).toBeNull()
    expect(html.match(/ style="| on[a-z]+="/g)).toBeNull()
  })

  it('has the same tag as long as it is the same, and another once it is not', async () => {
    const first = await pageOf('first', "document.title = 'one'")
    expect(await pageOf('again', "document.title = 'one'")).toEqual(first)
    expect((await pageOf('other', "document.title = 'two'")).etag).not.toBe(first.etag)
  })

  it("is built into its function's folder with all functions", async () => {
    const functionsDir = join(scratch, 'functions')
    await mkdir(join(functionsDir, 'page'), { recursive: true })
    await writeFile(join(functionsDir, 'page/get-page.ts'), 'export const handler = () => {}')
    const [page] = await build({ functionsDir, outDir: join(scratch, 'dist'), print: () => {} })
    expect((await readdir(page?.directory ?? '')).sort()).toEqual([
      'index.js',
      'page.html',
      'page.html.br',
      'page.html.gz',
      'page.json',
    ])
  })
})

describe('a page is not built', () => {
  it('where it is too large, and it says by how much', async () => {
    const noise = Array.from({ length: 5_000 }, (_, n) => hashOf(`${n}`)).join('')
    await expect(pageOf('large', `document.title = '${noise}'`)).rejects.toThrow(
      /^The page has 1\d{5} bytes gzipped; it may have 120000\.$/,
    )
  })

  it('where it carries what a browser has not, or what is for tests', async () => {
    await expect(pageOf('node', "import 'node:fs'")).rejects.toThrow(/main\.tsx does not build\.$/)
    const path = 'test/infra/constructs/api/arn-patterns.ts'
    await expect(pageOf('test', `export * from ${JSON.stringify(join(ROOT, path))}`)).rejects.toThrow(
      `The page carries ${path}.`,
    )
  })

  it('where HTML would end its script or its style before their ends', async () => {
    // Of code itself the bundler sees to it; of what it takes as it is, it cannot.
    await expect(pageOf('comment', 'document.title = "<!-- <script>"')).rejects.toThrow(
      'The script of the page has what would end it in HTML.',
    )
    const page = await pageOf('ending', 'document.title = "</script><b>"')
    expect(page.scriptHash).toMatch(/^sha256-/)
  })
})
