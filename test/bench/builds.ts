/** What is measured: the deployed bundles, the rivals' and the processes that run them, built into one folder. */
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import { type BuiltFunction, build } from '../../infra/build.ts'

export interface Builds {
  readonly functions: readonly BuiltFunction[]
  /** Path of a bundle that exports `handler`. */
  readonly ours: (functionName: string) => string
  readonly rival: (name: Rival) => string
  /** Path of the script of a process. */
  readonly process: (name: Process) => string
}

export type Rival = (typeof RIVALS)[number]
type Process = (typeof PROCESSES)[number]

const RIVALS = ['bare', 'usual', 'official-sdk'] as const
const PROCESSES = ['cold', 'warm', 'pages'] as const

/**
 * The rivals get what CDK's NodejsFunction gives by default (CommonJS, esbuild's own choice between a package's
 * files), and two things better: they are minified, and the AWS SDK is in the bundle, which starts sooner than the
 * copy in Lambda's image.
 */
export async function buildAll(directory: string): Promise<Builds> {
  const here = import.meta.dirname
  const outputs = (names: readonly string[], folder: string) =>
    names.map((name) => ({ in: join(here, folder, `${name}.ts`), out: join(folder, name) }))
  const [functions] = await Promise.all([
    build({ outDir: join(directory, 'ours'), print: () => {} }),
    bundle({
      entryPoints: [...outputs(RIVALS, 'rivals'), ...outputs(PROCESSES, 'processes')],
      outdir: directory,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      minify: true,
      legalComments: 'none',
      logLevel: 'error',
    }),
  ])
  return {
    functions,
    ours(functionName) {
      const found = functions.find(({ name }) => name === functionName)
      if (!found) throw new Error(`There is no function ${functionName}`)
      return join(found.directory, 'index.js')
    },
    rival: (name) => join(directory, 'rivals', `${name}.js`),
    process: (name) => join(directory, 'processes', `${name}.js`),
  }
}
