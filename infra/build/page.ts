/** Makes the page: one file of HTML with its code, styles and icon in it, compressed ahead, and what its headers need. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { BuildError } from './build-error.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const BROWSER = join(ROOT, 'lib/page/browser')

/** What a first view costs besides the API's answers; gzipped, which is the largest that a browser is sent. Bytes. */
const MAX_PAGE_BYTES = 120_000

export interface PageBuildOptions {
  /** Default: the page that is deployed. */
  readonly entry?: string
  /** Where `page.html`, `page.html.br`, `page.html.gz` and `page.json` go. */
  readonly outDir: string
}

/** What `page.json` says of the page beside it. */
export interface BuiltPage {
  /** As the header has it, quotes included: the same bytes, the same tag. */
  readonly etag: string
  /** Sources of a content security policy, `sha256-…`, of the one script and the one style. */
  readonly scriptHash: string
  readonly styleHash: string
}

/** @throws BuildError where it is too large, or carries what would end its script or style early. */
export async function buildPage({ entry, outDir }: PageBuildOptions): Promise<BuiltPage> {
  const { script, style } = await bundlePage(entry ?? join(BROWSER, 'main.tsx'))
  const [frame, icon] = await Promise.all(
    ['page.html', 'icon.svg'].map((file) => readFile(join(BROWSER, file), 'utf8')),
  )
  const filled: readonly (readonly [place: string, filled: string])[] = [
    ['href="data:,"', `href="data:image/svg+xml;base64,${Buffer.from(icon ?? '').toString('base64')}"`],
    ['<style></style>', `<style>${style}</style>`],
    ['<script type="module"></script>', `<script type="module">${script}</script>`],
  ]
  const html = Buffer.from(
    filled.reduce((text, [place, filling]) => text.replace(place, () => filling), frame ?? ''),
  )
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(html, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: html.length } }),
    promisify(gzip)(html, { level: 9 }),
  ])
  if (gz.length > MAX_PAGE_BYTES) {
    throw new BuildError(`The page has ${gz.length} bytes gzipped; it may have ${MAX_PAGE_BYTES}.`)
  }
  const built: BuiltPage = {
    etag: `"${createHash('sha256').update(html).digest('hex').slice(0, 32)}"`,
    scriptHash: hashOf(script),
    styleHash: hashOf(style),
  }
  await mkdir(outDir, { recursive: true })
  await Promise.all([
    writeFile(join(outDir, 'page.html'), html),
    writeFile(join(outDir, 'page.html.br'), br),
    writeFile(join(outDir, 'page.html.gz'), gz),
    writeFile(join(outDir, 'page.json'), `${JSON.stringify(built)}\n`),
  ])
  return built
}

async function bundlePage(entry: string): Promise<{ script: string; style: string }> {
  const { outputFiles, metafile } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outdir: ROOT,
    write: false,
    bundle: true,
    minify: true,
    // A browser has none of Node's modules: an import of one fails here.
    platform: 'browser',
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new BuildError(`${relative(ROOT, entry)} does not build.`, { cause: error })
  })
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? ''
  const script = textOf('.js')
  const style = textOf('.css')
  const carried = Object.keys(metafile.inputs).filter((input) => /^(test|functions)\//.test(input))
  const reasons = [
    ...carried.map((input) => `The page carries ${input}.`),
    ...(/<\/script|<!--/i.test(script) ? ['The script of the page has what would end it in HTML.'] : []),
    ...(/<\/style/i.test(style) ? ['The style of the page has what would end it in HTML.'] : []),
  ]
  if (reasons.length > 0) throw new BuildError(reasons.join('\n'))
  return { script, style }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
