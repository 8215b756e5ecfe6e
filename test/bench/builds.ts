/** What is measured: the deployed bundles, the rivals' and the processes that run them, built into one folder. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import { type BuiltFunction, build } from '../../infra/build.ts'
import type { Policy } from '../../lib/changes/policy.ts'

export interface Builds {
  readonly functions: readonly BuiltFunction[]
  /** Path of a bundle that exports `handler`. */
  readonly ours: (functionName: string) => string
  readonly rival: (name: Rival) => string
  /** Path of the script of a process. */
  readonly process: (name: Process) => string
  /** The org's rules about people: one person, no approvals. */
  readonly policyFile: string
}

export type Rival = (typeof RIVALS)[number]
type Process = (typeof PROCESSES)[number]

const RIVALS = ['bare', 'usual', 'official-sdk'] as const
const PROCESSES = ['cold', 'warm', 'pages'] as const

/** Whoever proxy-event.ts has as the caller. */
const POLICY: Policy = {
  approvals: [],
  people: { report: { role: 'operator', iam: ['arn:aws:iam::000000000000:role/license-report'] } },
}

/**
 * The rivals get what CDK's NodejsFunction gives by default (CommonJS, esbuild's own choice between a package's
 * files), and two things better: they are minified, and the AWS SDK is in the bundle, which starts sooner than the
 * copy in Lambda's image.
 */
export async function buildAll(directory: string): Promise<Builds> {
  const here = import.meta.dirname
  const outputs = (names: readonly string[], folder: string) =>
    names.map((name) => ({ in: join(here, folder, `${name}.ts`), out: join(folder, name) }))
  const policyFile = join(directory, 'policy.json')
  await writeFile(policyFile, JSON.stringify(POLICY))
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
    policyFile,
    ours(functionName) {
      const found = functions.find(({ name }) => name === functionName)
      if (!found) throw new Error(`There is no function ${functionName}`)
      return join(found.directory, 'index.js')
    },
    rival: (name) => join(directory, 'rivals', `${name}.js`),
    process: (name) => join(directory, 'processes', `${name}.js`),
  }
}
