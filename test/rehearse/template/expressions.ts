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
  /** Values of its parameters, resolved already. */
  readonly parameters: Readonly<Record<string, string>>
  /** The templates of its nested stacks, by the logical id of the stack. */
  readonly nested: Readonly<Record<string, Scope>>
}

/** What references to a resource become, where that is not the rule below. */
export type RefOf = (resource: Resource, logicalId: string, scope: Scope) => string | undefined

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
    const known = PSEUDO[id] ?? scope.parameters[id]
    if (known !== undefined) return known
    const resource = resourceIn(scope, id)
    const told = refOf(resource, id, scope)
    if (told !== undefined) return told
    const physical = nameOf(resource, id, scope)
    if (resource.Type === 'AWS::SQS::Queue')
      return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${physical}`
    return physical
  }

  function attribute([id = '', ...path]: readonly string[], scope: Scope): string {
    const resource = resourceIn(scope, id)
    const nested = scope.nested[id]
    if (nested !== undefined && path[0] === 'Outputs') {
      const output = nested.template.Outputs?.[path[1] ?? '']
      if (output === undefined) throw new ExpressionError(`${id} has no output ${path[1]}`)
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
