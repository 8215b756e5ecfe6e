/**
 * CloudFormation's expressions, resolved as a deployment would: references become the names and ARNs that AWS might
 * give, nested stacks hand their parameters in and their outputs out. An expression that is not known here is an error.
 */
import { ACCOUNT, REGION } from './org-files.ts'

export type Json = Readonly<Record<string, unknown>>

export interface Resource {
  readonly Type: string
  readonly Properties?: Json
  readonly Metadata?: Json
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

/** One template of a deployment, and what it was handed. */
export interface Scope {
  readonly stackName: string
  readonly template: Template
  /** What stands around a nested stack and hands it its parameters. */
  readonly outer: { readonly scope: Scope; readonly parameters: Json } | undefined
  /** The templates of its nested stacks, by the logical id of the stack. */
  readonly nested: Readonly<Record<string, Scope>>
}

/** What references to a resource become, where that is not the rule below. */
export type RefOf = (resource: Resource) => string | undefined

export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

/** The service and the kind in the ARN of a resource, and whether what stands between them is a slash. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::Lambda::Function': (name) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`,
  'AWS::DynamoDB::Table': (name) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
  'AWS::Events::EventBus': (name) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
  'AWS::Logs::LogGroup': (name) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`,
}

/** Properties in which a resource says its own name. */
const NAMED_BY = ['Name', 'FunctionName', 'TableName', 'QueueName', 'RoleName', 'LogGroupName']

export function expressionsOf(refOf: RefOf) {
  function resolve(value: unknown, scope: Scope): string {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value)
    const [[name = '', argument] = [], ...others] = Object.entries(value ?? {})
    if (others.length > 0 || argument === undefined) throw unknown(value)
    switch (name) {
      case 'Ref':
        return referenced(String(argument), scope)
      case 'Fn::GetAtt':
        return attribute(Array.isArray(argument) ? argument.map(String) : String(argument).split('.'), scope)
      case 'Fn::Join': {
        const [separator, parts] = listIn(argument)
        return listIn(parts)
          .map((part) => resolve(part, scope))
          .join(String(separator))
      }
      case 'Fn::Select': {
        const [place, from] = listIn(argument)
        const chosen = splitIn(from, scope)[Number(place)]
        if (chosen === undefined) throw unknown(value)
        return chosen
      }
      case 'Fn::Sub':
        return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, reference: string) => {
          const path = reference.split('.')
          return path.length === 1 ? referenced(reference, scope) : attribute(path, scope)
        })
      default:
        throw unknown(value)
    }
  }

  function splitIn(value: unknown, scope: Scope): readonly string[] {
    if (Array.isArray(value)) return value.map((each) => resolve(each, scope))
    const split =
      typeof value === 'object' && value !== null && 'Fn::Split' in value ? value['Fn::Split'] : undefined
    const [separator, text] = listIn(split)
    return resolve(text, scope).split(String(separator))
  }

  function referenced(id: string, scope: Scope): string {
    if (id === 'AWS::StackName') return scope.stackName
    const known = PSEUDO[id]
    if (known !== undefined) return known
    if (scope.outer && id in scope.outer.parameters) {
      return resolve(scope.outer.parameters[id], scope.outer.scope)
    }
    const resource = resourceIn(scope, id)
    const told = refOf(resource)
    if (told !== undefined) return told
    const physical = nameOf(resource, id, scope)
    if (resource.Type === 'AWS::SQS::Queue')
      return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physical}`
    return physical
  }

  function attribute([id = '', ...path]: readonly string[], scope: Scope): string {
    const resource = resourceIn(scope, id)
    const nested = scope.nested[id]
    const [, outputName] = /^Outputs\.(\w+)$/.exec(path.join('.')) ?? []
    if (nested !== undefined && outputName !== undefined) {
      const output = nested.template.Outputs?.[outputName]
      if (output === undefined) throw new ExpressionError(`${id} has no output ${outputName}`)
      return resolve(output.Value, nested)
    }
    const arnOf = path.join('.') === 'Arn' ? ARNS[resource.Type] : undefined
    if (arnOf === undefined)
      throw new ExpressionError(`The rehearsal knows no ${path.join('.')} of a ${resource.Type}`)
    return arnOf(nameOf(resource, id, scope))
  }

  /** The name that its template gives it, or one as CloudFormation makes it. */
  function nameOf({ Properties = {} }: Resource, id: string, scope: Scope): string {
    const own = NAMED_BY.map((property) => Properties[property]).find((each) => each !== undefined)
    return own === undefined ? `${scope.stackName}-${id}-REHEARSED` : resolve(own, scope)
  }

  return { resolve, nameOf }
}

/** A resource, and where it stands. */
export interface Placed {
  readonly logicalId: string
  readonly resource: Resource
  readonly scope: Scope
}

/** The resource that a `Ref` means, through whatever parameters and outputs of nested stacks it comes. */
export function placeOf(value: unknown, scope: Scope): Placed {
  const { Ref, 'Fn::GetAtt': path } = (value ?? {}) as {
    readonly Ref?: string
    readonly 'Fn::GetAtt'?: string[]
  }
  if (path !== undefined) {
    const [id = '', attribute = ''] = path
    const nested = scope.nested[id]
    if (nested === undefined || !attribute.startsWith('Outputs.')) throw unknown(value)
    return placeOf(nested.template.Outputs?.[attribute.slice('Outputs.'.length)]?.Value, nested)
  }
  if (Ref === undefined) throw unknown(value)
  if (scope.outer && Ref in scope.outer.parameters) {
    return placeOf(scope.outer.parameters[Ref], scope.outer.scope)
  }
  return { logicalId: Ref, resource: resourceIn(scope, Ref), scope }
}

function resourceIn({ template, stackName }: Scope, id: string): Resource {
  const resource = template.Resources[id]
  if (resource === undefined) throw new ExpressionError(`${stackName} has no resource ${id}`)
  return resource
}

function listIn(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unknown(value)
  return value
}

function unknown(value: unknown): ExpressionError {
  return new ExpressionError(`The rehearsal does not know the expression ${JSON.stringify(value)}`)
}
