/** Stacks as they are synthesized, and how to look into them. */
import { join } from 'node:path'
import { App, type Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import cdkJson from '../../cdk.json' with { type: 'json' }
import { functionNameOf } from '../../infra/constructs/names.ts'
import type { OrgFile } from '../../infra/orgs/define-org.ts'
import { type addStacks, addUncheckedStacks, type StacksProps } from '../../infra/stacks/add-stacks.ts'
import { wholeTemplateOf } from '../../infra/stacks/whole-template.ts'
import { operations } from '../../lib/operations/index.ts'
import { orgs } from './orgs/test-orgs.ts'

export type Kind = keyof typeof orgs
const all = Object.keys(orgs) as readonly Kind[]
/** Those with one API alone, without a second one for chat. */
export const kinds = all.filter((kind) => orgs[kind].chat === undefined)

/** The library's feature flags decide what is in a template: those of the deployment hold here too. */
const deployed = cdkJson as { readonly context: Json }

/** What takes time or prints, and changes no template. */
const quick = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-stack-trace': true,
  '@aws-cdk/core:annotationsInValidationReport': false,
}

/** An app with stacks for these orgs, not yet synthesized. Its code is of no consequence, so that no bundle need exist. */
export function appOf(
  made: readonly OrgFile[],
  { add = addUncheckedStacks, context = {}, ...props }: AppProps = {},
) {
  const app = new App({
    context: { ...deployed.context, ...quick, ...context },
    // It takes half of the time; stacks/variants.test.ts asks it of all kinds of stacks.
    builtinCloudFormationValidation: false,
    // A file about constructs, which nothing here reads.
    treeMetadata: false,
  })
  const codeOf = () => Code.fromInline('exports.handler = async () => ({})')
  return { app, stacks: add(app, { orgs: made, operations, codeOf, ...props }) }
}

export interface AppProps extends Partial<StacksProps> {
  readonly add?: typeof addStacks
  /** Settings of the CDK, beside those of cdk.json. */
  readonly context?: Json
}

function stackOf(kind: Kind) {
  const { app, stacks } = appOf([orgs[kind]])
  const [stack] = stacks
  if (stack === undefined) throw new Error(`No stack for ${kind}`)
  const assembly = app.synth()
  return { stack, template: Template.fromJSON({ ...wholeTemplateOf(stack, assembly.directory) }), assembly }
}

/** Once for each process: the test files share a few (vitest.config.ts). */
const made = new Map<Kind, ReturnType<typeof stackOf>>()

type Json = Readonly<Record<string, unknown>>

export interface Resource {
  readonly Type: string
  readonly Properties: Json
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
}

/** What lies at a path of a template; undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Json | undefined)?.[key], value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** A CloudFormation expression as one string; references become `<LogicalId>`. */
export function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [name, argument] = Object.entries(value)[0] ?? []
  if (name === 'Ref') return `<${argument}>`
  if (name === 'Fn::GetAtt') return `<${listOf(argument)[0]}>`
  if (name === 'Fn::Join')
    return listOf(at(argument, 1))
      .map(flat)
      .join(String(at(argument, 0)))
  return JSON.stringify(value)
}

export interface Statement {
  readonly effect: unknown
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition: unknown
  readonly principal: unknown
}

/** The statements of a policy document, lists as lists and references flat. */
export function statementsIn(document: unknown): readonly Statement[] {
  return listOf(at(document, 'Statement')).map((raw) => ({
    effect: at(raw, 'Effect'),
    actions: listOf(at(raw, 'Action')).map(flat),
    resources: listOf(at(raw, 'Resource')).map(flat),
    condition: at(raw, 'Condition'),
    principal: at(raw, 'Principal'),
  }))
}

/** The stack of one kind of org, and what is in its template. */
export class Synthesized {
  readonly stack: Stack
  /** With what stands in the stacks within it. */
  readonly template: Template
  readonly assembly: CloudAssembly

  constructor(kind: Kind) {
    const found = made.get(kind) ?? stackOf(kind)
    made.set(kind, found)
    this.stack = found.stack
    this.template = found.template
    this.assembly = found.assembly
  }

  /** The one resource of a type that there is one of. */
  only(type: string): Resource & { readonly id: string } {
    const [first, ...others] = [...this.ofType(type)]
    if (first === undefined || others.length > 0) throw new Error(`Not exactly one ${type}`)
    return { id: first[0], ...first[1] }
  }

  /** The queues of a stack by what they are for. */
  queue(name: 'deadLetters' | 'lists' | 'listLetters'): Resource & { readonly id: string } {
    const begins = { deadLetters: /^DeadLetters/, lists: /^ListsQueue/, listLetters: /^ListsDeadLetters/ }[
      name
    ]
    const [found, ...others] = [...this.ofType('AWS::SQS::Queue')].filter(([id]) => begins.test(id))
    if (found === undefined || others.length > 0) throw new Error(`Not exactly one queue ${name}`)
    return { id: found[0], ...found[1] }
  }

  /** Where the layer has what the functions read as POLICY_FILE. */
  policyFile(): string {
    const { Properties } = this.only('AWS::Lambda::LayerVersion')
    const hash = String(at(Properties, 'Content', 'S3Key')).replace('.zip', '')
    return join(this.assembly.directory, `asset.${hash}`, 'policy.json')
  }

  ofType(type: string): ReadonlyMap<string, Resource> {
    return new Map(Object.entries(this.template.findResources(type) as Readonly<Record<string, Resource>>))
  }

  /** Logical id of a secret by the last part of its name. */
  secret(name: string): string {
    return this.#idWhere('AWS::SecretsManager::Secret', ({ Name }) => String(Name).endsWith(`/${name}`))
  }

  /** The Lambda of a file name without folder and ending, found by its log group's name. */
  lambda(name: string): { readonly id: string; readonly properties: Json } {
    const log = this.#idWhere('AWS::Logs::LogGroup', ({ LogGroupName }) =>
      flat(LogGroupName).endsWith(`/${name}`),
    )
    const id = this.#idWhere(
      'AWS::Lambda::Function',
      (properties) => at(properties, 'LoggingConfig', 'LogGroup', 'Ref') === log,
    )
    return { id, properties: this.ofType('AWS::Lambda::Function').get(id)?.Properties ?? {} }
  }

  /** The environment of a Lambda as it is once deployed, with an ARN for each reference, and the platform's region. */
  environmentOf(name: string): Readonly<Record<string, string>> {
    const variables = Object.entries(at(this.lambda(name).properties, 'Environment', 'Variables') ?? {})
    const arn = 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:placeholder-AbCdEf'
    const values = variables.map(([key, value]) => [key, typeof value === 'string' ? value : arn])
    const environment = Object.fromEntries(values)
    return {
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: name,
      ...environment,
      ...('POLICY_FILE' in environment ? { POLICY_FILE: this.policyFile() } : {}),
    }
  }

  /** Names of all Lambdas, as their files have them. */
  lambdaNames(): readonly string[] {
    const logs = this.ofType('AWS::Logs::LogGroup')
    return [...this.ofType('AWS::Lambda::Function').values()].map(({ Properties }) => {
      const log = logs.get(String(at(Properties, 'LoggingConfig', 'LogGroup', 'Ref')))
      return flat(log?.Properties['LogGroupName']).split('/').at(-1) ?? ''
    })
  }

  /** The statements of a Lambda's role. */
  statementsOf(name: string): readonly Statement[] {
    const role = flat(this.lambda(name).properties['Role'])
    return [...this.ofType('AWS::IAM::Policy').values()]
      .filter(({ Properties }) => listOf(Properties['Roles']).map(flat).includes(role))
      .flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument']))
  }

  #idWhere(type: string, matches: (properties: Json) => boolean): string {
    for (const [id, { Properties }] of this.ofType(type)) if (matches(Properties)) return id
    throw new Error(`No such ${type}`)
  }
}

/** The functions that apply changes without a request. */
export const eventFunctionNames = [
  'flip-toggle',
  'fire-schedule',
  'take-turns',
  'advance-due-changes',
  'take-inventory',
] as const

export const operationNames = operations.map((operation) => ({ operation, name: functionNameOf(operation) }))
