/**
 * Which of AWS's operations each function carries the code to ask for, read off the code itself: every function is bundled
 * with all packages left out, and what is left of the imports after tree shaking names the SDK's commands. A bundle as it
 * deploys has no other way to AWS (infra/build/bundles.ts): no second HTTP stack, no provider of credentials that asks.
 */
import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { build } from 'esbuild'

const ROOT = resolve(import.meta.dirname, '../../..')

/** `SERVICE:Operation`, as the API names it; `dynamodb:TransactWriteItems` is one, though IAM knows no such action. */
export type Command = `${string}:${string}`

/** Packages whose commands are operations, and the service that IAM has them under. */
const CLIENTS: Readonly<Record<string, string>> = {
  '@aws-sdk/client-dynamodb': 'dynamodb',
  '@aws-sdk/client-eventbridge': 'events',
  '@aws-sdk/client-scheduler': 'scheduler',
  '@aws-sdk/client-secrets-manager': 'secretsmanager',
  '@aws-sdk/client-sqs': 'sqs',
}

/** What of the SDK asks AWS for nothing by itself. */
const ASKS_NOTHING = [
  /^@aws-sdk\/client-[\w-]+ \w*(Client|Exception)$/,
  /^@aws-sdk\/util-dynamodb (un)?marshall$/,
  /^@aws-sdk\/credential-provider-node defaultProvider$/,
  /^@aws-sdk\/core\/client (partition|recursionDetectionMiddleware)$/,
]

/** A signer asks for what is signed: Lambda's Invoke (lib/aws/sign-invoke.ts) and S3's PutObject (lib/aws/audit-bucket.ts) alone. */
const SIGNER = '@smithy/signature-v4 SignatureV4'
const SIGNED: Readonly<Record<string, Command>> = { lambda: 'lambda:InvokeFunction', s3: 's3:PutObject' }

/** What an item of a transaction may be beside a put: IAM has an action for each. */
const OF_TRANSACTIONS = /[{,]\s*(ConditionCheck|Update|Delete)\s*[:,}]/g

/** @returns the commands by the function's name. @throws Error for a part of the SDK that is not known here. */
export async function carriedCommands(): Promise<ReadonlyMap<string, ReadonlySet<Command>>> {
  const files = globSync('functions/**/*.ts', { cwd: ROOT }).sort()
  return await commandsOfEntries(files.map((file) => ({ in: file, out: basename(file, '.ts') })))
}

/** The same of what a person runs. @param file its main file, from the project's root. */
export async function commandsOfScript(file: string): Promise<ReadonlySet<Command>> {
  const commands = await commandsOfEntries([{ in: file, out: 'script' }])
  return commands.get('script') ?? new Set()
}

async function commandsOfEntries(entryPoints: { readonly in: string; readonly out: string }[]) {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'out',
    write: false,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'silent',
  })
  return new Map(outputFiles.map(({ path, text }) => [basename(path, '.js'), commandsIn(text)]))
}

/** @param code a module whose packages are imported, as esbuild prints it. */
export function commandsIn(code: string): ReadonlySet<Command> {
  const [whole] = code.match(/\bimport\(\s*"@(aws-sdk|smithy)\/.*/) ?? []
  if (whole !== undefined) throw new Error(`Imported where it is used, which is not read here: ${whole}`)
  const imports = [...code.matchAll(/^import ([^"]+?) from "([^"]+)";$/gm)]
  // What is imported stays where nothing uses it any more.
  const rest = imports.reduce((left, [statement]) => left.replace(statement, ''), code)
  const commands = new Set<Command>()
  for (const [, names = '', from = ''] of imports) {
    if (!/^@(aws-sdk|smithy)\//.test(from)) continue
    for (const { name, local } of importedNames(names, from)) {
      if (!new RegExp(`\\b${local}\\b`).test(rest)) continue
      const command = commandOf(from, name)
      if (command !== undefined) commands.add(command)
      else if (`${from} ${name}` === SIGNER && signedIn(rest).length > 0)
        for (const each of signedIn(rest)) commands.add(each)
      else if (!ASKS_NOTHING.some((pattern) => pattern.test(`${from} ${name}`)))
        throw new Error(`Whether ${name} of ${from} asks AWS for anything is not known here`)
    }
  }
  if (commands.has('dynamodb:TransactWriteItems')) {
    for (const [, kind] of rest.matchAll(OF_TRANSACTIONS)) commands.add(`dynamodb:${kind}Item`)
  }
  return commands
}

/** What the signers of some code sign; nothing where one signs what is not known here. */
function signedIn(code: string): readonly Command[] {
  const signed = [...code.matchAll(/new SignatureV4\((?:\{\s*service: ["'](\w+)["'])?/g)]
  const commands = signed.map(([, service = '']) => SIGNED[service])
  return commands.every((each) => each !== undefined) ? commands : []
}

function importedNames(names: string, from: string) {
  const [, braced] = /^\{(.*)\}$/s.exec(names) ?? []
  if (braced === undefined)
    throw new Error(`${from} is imported whole, so that what is used of it can't be read`)
  return braced.split(',').map((each) => {
    const [name = '', local = name] = each.trim().split(' as ')
    return { name, local }
  })
}

function commandOf(from: string, name: string): Command | undefined {
  const [, operation] = /^(\w+)Command$/.exec(name) ?? []
  const service = CLIENTS[from]
  return operation === undefined || service === undefined ? undefined : `${service}:${operation}`
}
