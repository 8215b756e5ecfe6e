/** What is measured: the deployed bundles, the rivals' and the processes that run them, built into one folder. */
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import { type BuiltFunction, build } from '../../infra/build/bundles.ts'
import type { Policy } from '../../lib/changes/model/policy.ts'
import { command } from '../chat/slack/forms.ts'

export interface Builds {
  readonly functions: readonly BuiltFunction[]
  /** Path of a bundle that exports `handler`. */
  readonly ours: (functionName: string) => string
  readonly rival: (name: Rival) => string
  /** Path of the script of a process. */
  readonly process: (name: Process) => string
  /** The org's rules about people, one person and no approvals, and the workspace that it listens to. */
  readonly policyFile: string
}

export type Rival = keyof typeof RIVALS
type Process = (typeof PROCESSES)[number]

/** With what takes the place of a package in its bundle. */
const RIVALS = {
  bare: {},
  usual: {},
  'official-sdk': {},
  /**
   * Where another package has an older one at the top of node_modules, each of Express's parts gets a copy of its own,
   * 150 kB. A project that Bolt is the first in has one copy.
   */
  bolt: { 'mime-types': resolvedFrom('@slack/bolt', 'express', 'mime-types') },
} as const satisfies Record<string, Readonly<Record<string, string>>>

const PROCESSES = ['cold', 'warm', 'first', 'pages', 'inventory'] as const

/** Whoever proxy-event.ts has as the caller, and where slack-commands.ts are typed. */
const POLICY: Policy = {
  approvals: [],
  people: {
    report: {
      role: 'operator',
      iam: ['arn:aws:iam::000000000000:role/license-report'],
      slack: [command.user_id],
    },
  },
  chat: { slack: { teams: [command.team_id] } },
}

export async function buildAll(directory: string): Promise<Builds> {
  const policyFile = join(directory, 'policy.json')
  await writeFile(policyFile, JSON.stringify(POLICY))
  // Whatever a folder above says, these are CommonJS.
  await writeFile(join(directory, 'package.json'), '{ "type": "commonjs" }\n')
  const [functions] = await Promise.all([
    build({ outDir: join(directory, 'ours'), print: () => {} }),
    bundled(directory, 'processes', PROCESSES),
    ...Object.entries(RIVALS).map(([name, alias]) => bundled(directory, 'rivals', [name], alias)),
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

/**
 * The rivals get what CDK's NodejsFunction gives by default (CommonJS, esbuild's own choice between a package's
 * files), and two things better: they are minified, and the AWS SDK is in the bundle, which starts sooner than the
 * copy in Lambda's image.
 */
async function bundled(
  directory: string,
  folder: 'rivals' | 'processes',
  names: readonly string[],
  alias: Record<string, string> = {},
): Promise<void> {
  await bundle({
    entryPoints: names.map((name) => join(import.meta.dirname, folder, `${name}.ts`)),
    outdir: join(directory, folder),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    alias,
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  })
}

/** The file of the last package, as the one before it finds it. */
function resolvedFrom(...packages: readonly string[]): string {
  return packages.reduce((file, name) => createRequire(file).resolve(name), import.meta.filename)
}
