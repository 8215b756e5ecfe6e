/**
 * @cloud-copilot/iam-simulate as a second judge. It is under the AGPL, so it is no dependency: npm fetches it when it is first
 * asked for, into a folder that git ignores, and nothing but this file loads it.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as z from 'zod/mini'
import type { Call, Context, Policies, Verdict } from '../evaluate.ts'

/** The version that was tried; a later one may word its answers differently. */
const PACKAGE = '@cloud-copilot/iam-simulate'
const VERSION = '0.1.173'

const FOLDER = resolve(import.meta.dirname, '../../../../.judges/iam')
const ENTRY = join(FOLDER, 'node_modules', PACKAGE, 'dist/esm/index.js')

/**
 * It drops every `kms:EncryptionContext:*`, and then denies what depends on one. So those are called by the names of two keys
 * that it knows and nothing here uses, in the policies and in the request alike: what is compared stays the same.
 */
const RENAMED = [
  ['kms:EncryptionContext:SecretARN', 'kms:RequestAlias'],
  ['kms:EncryptionContext:aws:logs:arn', 'aws:SourceVpcArn'],
] as const

const Answer = z.looseObject({
  resultType: z.enum(['error', 'single', 'wildcard']),
  overallResult: z.optional(z.string()),
  errors: z.optional(z.unknown()),
})

type Simulate = (policies: Policies, call: Call) => Promise<Verdict | `no answer: ${string}`>

/** @param tell what takes a while. @throws Error where npm cannot fetch it. */
export async function simulatorOf(tell: (line: string) => void): Promise<Simulate> {
  if (!existsSync(ENTRY)) {
    tell(`Fetching ${PACKAGE} ${VERSION} (AGPL-3.0) into ${FOLDER}`)
    await mkdir(FOLDER, { recursive: true })
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']
    await promisify(execFile)('npm', ['install', ...flags, '--prefix', FOLDER, `${PACKAGE}@${VERSION}`])
  }
  // A module that no type is known of: what it answers is checked.
  const { runSimulation }: { runSimulation: (simulation: object, options: object) => Promise<unknown> } =
    await import(pathToFileURL(ENTRY).href)
  return async (policies, call) => {
    const answer = z.parse(Answer, await runSimulation(simulationOf(policies, call), {}))
    if (answer.resultType === 'error') return `no answer: ${JSON.stringify(answer.errors)}`
    return answer.overallResult === 'Allowed' ? 'allowed' : 'denied'
  }
}

function simulationOf(
  { account, ofRoles, onResources }: Policies,
  { principal, action, resource, context }: Call,
) {
  const document = (statements: readonly object[]) => ({
    Version: '2012-10-17',
    Statement: renamed(statements),
  })
  const own = principal.kind === 'role' ? (ofRoles.get(principal.id) ?? []) : []
  // PassRole is asked of the caller's policies alone: a role's own says who assumes it.
  const onIt = action.startsWith('iam:') ? undefined : onResources.get(resource)
  return {
    request: {
      principal: principal.id,
      action,
      resource: { resource, accountId: resource.split(':')[4] || account },
      contextVariables: renamed(context),
    },
    identityPolicies: own.length === 0 ? [] : [{ name: 'role', policy: document(own) }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(onIt === undefined ? {} : { resourcePolicy: document(onIt) }),
  }
}

function renamed<T extends Context | readonly object[]>(value: T): unknown {
  return JSON.parse(RENAMED.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)))
}
