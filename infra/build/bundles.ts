/** Bundles every Lambda in one pass of esbuild. */
import { globSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build as bundle, type BuildOptions as EsbuildOptions, type Metafile, type Plugin } from 'esbuild'
import * as z from 'zod/mini'
import { BuildError } from './build-error.ts'
import { buildPage } from './page.ts'
import { sizeFaultsOf } from './size-limits.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * Parts of the AWS SDK that a Lambda has no use for, and what takes their place in the bundles; each file says what it
 * saves: of a read's bundle, and of the CPU from `require` to its first answer, in all 46 ms, as the difference of 40
 * fresh processes with it and 40 without, in turn. Two save time. The other two save what can't be felt, and are kept for
 * the bytes: without them the largest of the reads is larger than size-limits.ts lets it be. An SDK that wants more of a
 * part than its stand-in has does not build.
 */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': join(ROOT, 'infra/build/stand-ins/environment-provider.ts'),
  '@smithy/core/checksum': join(ROOT, 'infra/build/stand-ins/checksum.ts'),
  '@smithy/core/config': join(ROOT, 'infra/build/stand-ins/config.ts'),
  '@smithy/node-http-handler': join(ROOT, 'infra/build/stand-ins/http-handler.ts'),
}

/** Never in a deployed bundle: what serves the laptop and the tests, and a second HTTP stack. */
const FORBIDDEN = [
  /^infra\/(?!build\/stand-ins\/)/,
  /^test\//,
  /(^|\/)node_modules\/undici\//,
  /(^|\/)node_modules\/@smithy\/fetch-http-handler\//,
]

export interface BuildOptions {
  /** The folder of the entry points, one file a function. Default: `functions`. */
  readonly functionsDir?: string
  /** Where the bundles go; emptied first. Default: `dist`. */
  readonly outDir?: string
  /** Where the table of sizes goes. Default: standard error, since synth prints templates on standard output. */
  readonly print?: (line: string) => void
}

export interface BuiltFunction {
  /** The entry point's file name without its ending, e.g. `get-license-user`. */
  readonly name: string
  /** Absolute path of the folder that holds the Lambda's whole code: `index.js` and, of `get-page`, the page. */
  readonly directory: string
  readonly bytes: number
}

/**
 * Bundles all functions.
 *
 * @returns the functions in the order of their paths.
 * @throws BuildError where a bundle or the page is too large, carries what it must not, or two functions share a name.
 */
export async function build(options: BuildOptions = {}): Promise<readonly BuiltFunction[]> {
  const {
    functionsDir = join(ROOT, 'functions'),
    outDir = join(ROOT, 'dist'),
    print = console.error,
  } = options
  const files = globSync('**/*.ts', { cwd: functionsDir }).sort()
  refuseSharedNames(files)
  await rm(outDir, { recursive: true, force: true })
  await mkdir(outDir, { recursive: true })
  // The package is ES modules; what stands below is not, wherever it is run from.
  await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n')
  if (files.length === 0) return []

  const { metafile } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: files.map((file) => ({ in: join(functionsDir, file), out: join(pathOf(file), 'index') })),
    outdir: join(outDir, 'functions'),
    ...SETTINGS,
    metafile: true,
    logLevel: 'warning',
  })
  const built = files.map((file) => builtFunction(join(outDir, 'functions', pathOf(file)), metafile))
  for (const { name, bytes } of built) print(`${name.padEnd(34)} ${(bytes / 1000).toFixed(1).padStart(7)} kB`)
  refuseUnfit(built, metafile)
  const page = built.find(({ name }) => name === 'get-page')
  if (page) await buildPage({ outDir: page.directory })
  return built
}

/** Of a package.json, ours and each of the SDK's, a bundle carries the version, which goes into User-Agents. It saves 2 kB a client. */
const versionAlone: Plugin = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = z.parse(z.object({ version: z.string() }), JSON.parse(await readFile(path, 'utf8')))
      return { contents: JSON.stringify({ version }), loader: 'json' }
    })
  },
}

/** As all bundles are made. */
const SETTINGS = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  // CommonJS: in ES modules, importing node:https makes Node load its own fetch, which doubles the cold start.
  format: 'cjs',
  // The SDK's ES modules shake; its CommonJS files do not.
  mainFields: ['module', 'main'],
  alias: STAND_INS,
  plugins: [versionAlone],
  // Loaded by the SDK when an operation streams events; none that is used here does. It would be 15 kB.
  external: ['@smithy/core/event-streams'],
  minify: true,
  // It would be 15 kB of a read, over what size-limits.ts lets it be: errors carry their names and codes by themselves.
  keepNames: false,
  legalComments: 'none',
  charset: 'utf8',
} satisfies EsbuildOptions

/**
 * The bundle of one function with its source map, which is not deployed: it is larger than the code, and parsed at the first
 * error. A build of the same sources makes the same bundle, so a stack of what is deployed is read by a map made now.
 *
 * @param file the entry point, within `functions`.
 */
export async function bundleWithMap(file: string): Promise<{ readonly code: string; readonly map: string }> {
  const { outputFiles } = await bundle({
    ...SETTINGS,
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'functions', file)],
    // So that the sources of the map are named from the repository's root.
    outfile: join(ROOT, 'index.js'),
    write: false,
    sourcemap: 'external',
    sourcesContent: false,
  })
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { code: textOf('index.js'), map: textOf('.map') }
}

/** `license/get-license-user.ts` -> `license/get-license-user` */
function pathOf(file: string): string {
  return join(dirname(file), basename(file, '.ts'))
}

function builtFunction(directory: string, metafile: Metafile): BuiltFunction {
  const bytes = metafile.outputs[outputOf(directory)]?.bytes ?? 0
  return { name: basename(directory), directory, bytes }
}

/** esbuild names its outputs relative to the working directory, with slashes. */
function outputOf(directory: string): string {
  return relative(ROOT, join(directory, 'index.js')).replaceAll('\\', '/')
}

function refuseSharedNames(files: readonly string[]): void {
  const names = files.map((file) => basename(file))
  const shared = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  if (shared.size > 0) {
    throw new BuildError([...shared].map((name) => `Two functions have the file name ${name}.`).join('\n'))
  }
}

function refuseUnfit(functions: readonly BuiltFunction[], metafile: Metafile): void {
  const reasons = functions.flatMap(({ name, directory, bytes }) => [
    ...sizeFaultsOf(name, bytes),
    ...Object.keys(metafile.outputs[outputOf(directory)]?.inputs ?? {})
      .filter((input) => FORBIDDEN.some((pattern) => pattern.test(input)))
      .map((input) => `The bundle of ${name} carries ${input}.`),
  ])
  if (reasons.length > 0) throw new BuildError(reasons.join('\n'))
}
