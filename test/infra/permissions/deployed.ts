/** A synthesized template as it would stand in an account: every expression resolved to made-up, consistent ARNs. */
import { stackNameOf } from '../../../infra/constructs/names.ts'
import {
  type ChatSecretNames,
  chatSecretNames,
  type SecretNames,
  secretNames,
} from '../../../lib/credentials/secret-names.ts'
import { orgs } from '../orgs/test-orgs.ts'
import { at, type Kind, listOf, type Resource, Synthesized } from '../synthesized.ts'
import type { Policies, PolicyStatement } from './evaluate.ts'
import { ACCOUNT, arnOf, type Named, named, PSEUDO } from './resource-names.ts'
import type { SecretName } from './uses.ts'

/** What else carries a policy, and which of its properties is none of IAM's. */
const NO_IAM_POLICY = new Set(['AWS::WAFv2::WebACL'])

export class Deployed {
  readonly stack: Synthesized
  readonly stackName: string
  readonly policies: Policies
  readonly #secretNames: SecretNames & ChatSecretNames
  readonly #resources: ReadonlyMap<string, Resource>

  constructor(kind: Kind) {
    const stack = new Synthesized(kind)
    const { name } = orgs[kind]
    this.stack = stack
    this.stackName = stackNameOf({ name })
    this.#secretNames = { ...secretNames(name), ...chatSecretNames(name) }
    this.#resources = new Map(
      Object.entries(stack.template.toJSON()['Resources'] as Readonly<Record<string, Resource>>),
    )
    const read = new Set<string>()
    const ofRoles = new Map<string, PolicyStatement[]>()
    const onResources = new Map<string, PolicyStatement[]>()
    const add = (to: Map<string, PolicyStatement[]>, arn: string, statements: readonly PolicyStatement[]) =>
      to.set(arn, [...(to.get(arn) ?? []), ...statements])
    for (const [id, { Type, Properties }] of this.#resources) {
      const statements = (...path: readonly string[]) => this.#statementsOf(at(Properties, ...path))
      const holders: Readonly<Record<string, () => void>> = {
        'AWS::IAM::Policy': () => {
          if (listOf(Properties['Users']).length + listOf(Properties['Groups']).length > 0)
            throw new Error(`${id} stands on users or groups`)
          for (const role of listOf(Properties['Roles']))
            add(ofRoles, this.#roleArn(this.resolve(role)), statements('PolicyDocument'))
        },
        'AWS::IAM::ManagedPolicy': () => {
          for (const role of listOf(Properties['Roles']))
            add(ofRoles, this.#roleArn(this.resolve(role)), statements('PolicyDocument'))
        },
        'AWS::IAM::Role': () => {
          for (const property of ['ManagedPolicyArns', 'PermissionsBoundary', 'Policies'])
            if (property in Properties) throw new Error(`${id} has ${property}, which is not read here`)
          add(onResources, this.arn(id), statements('AssumeRolePolicyDocument').map(onto('*')))
        },
        'AWS::KMS::Key': () => add(onResources, this.arn(id), statements('KeyPolicy')),
        'AWS::SQS::QueuePolicy': () => {
          for (const url of listOf(Properties['Queues']))
            add(
              onResources,
              arnOf('sqs', this.resolve(url).split('/').at(-1) ?? ''),
              statements('PolicyDocument'),
            )
        },
        'AWS::SNS::TopicPolicy': () => {
          for (const topic of listOf(Properties['Topics']))
            add(onResources, this.resolve(topic), statements('PolicyDocument'))
        },
        'AWS::S3::BucketPolicy': () =>
          add(
            onResources,
            `arn:aws:s3:::${this.resolve(Properties['Bucket'])}`,
            statements('PolicyDocument'),
          ),
        'AWS::Events::EventBusPolicy': () =>
          add(
            onResources,
            arnOf('events', `event-bus/${this.resolve(Properties['EventBusName'])}`),
            this.#statementsOf({ Statement: Properties['Statement'] }),
          ),
        'AWS::Lambda::Permission': () => {
          const target = this.resolve(Properties['FunctionName'])
          const functionArn = target.startsWith('arn:') ? target : arnOf('lambda', `function:${target}`)
          add(onResources, functionArn, [this.#permission(Properties)])
        },
        // Who calls the API is tried in constructs/api/.
        'AWS::ApiGateway::RestApi': () => {},
      }
      const hold = holders[Type]
      if (hold) {
        hold()
        read.add(id)
      }
    }
    for (const [id, { Type, Properties }] of this.#resources) {
      if (!read.has(id) && !NO_IAM_POLICY.has(Type) && holdsStatement(Properties))
        throw new Error(`${id} (${Type}) carries a policy that is not read here`)
    }
    this.policies = { account: ACCOUNT, ofRoles, onResources }
  }

  /** The ARN of a resource by its logical id. */
  arn(id: string): string {
    const { ref, attributes = {} } = this.#named(id)
    return attributes['Arn'] ?? ref
  }

  arnsOf(type: string): readonly string[] {
    return [...this.stack.ofType(type).keys()].map((id) => this.arn(id))
  }

  arnOfOnly(type: string): string {
    return this.arn(this.stack.only(type).id)
  }

  /** As `Ref` has it: a name, or a queue's URL. */
  refOfOnly(type: string): string {
    return this.#named(this.stack.only(type).id).ref
  }

  queueArn(name: Parameters<Synthesized['queue']>[0]): string {
    return this.arn(this.stack.queue(name).id)
  }

  queueUrl(name: Parameters<Synthesized['queue']>[0]): string {
    return this.#named(this.stack.queue(name).id).ref
  }

  /** The environment of a function, resolved. */
  environmentOf(name: string): ReadonlyMap<string, string> {
    const variables = at(this.stack.lambda(name).properties, 'Environment', 'Variables') ?? {}
    return new Map(Object.entries(variables).map(([key, value]) => [key, this.resolve(value)]))
  }

  functionArn(name: string): string {
    return this.arn(this.stack.lambda(name).id)
  }

  roleArnOf(functionName: string): string {
    return this.resolve(this.stack.lambda(functionName).properties['Role'])
  }

  secretArn(name: SecretName): string {
    const id = this.#secretId(name)
    if (id === undefined) throw new Error(`There is no secret ${this.#secretNames[name]}`)
    return this.arn(id)
  }

  hasSecret(name: SecretName): boolean {
    return this.#secretId(name) !== undefined
  }

  #secretId(name: SecretName): string | undefined {
    const secrets = [...this.stack.ofType('AWS::SecretsManager::Secret')]
    return secrets.find(([, { Properties }]) => Properties['Name'] === this.#secretNames[name])?.[0]
  }

  /** By name. */
  logGroups(): readonly string[] {
    return [...this.stack.ofType('AWS::Logs::LogGroup').values()].map(({ Properties }) =>
      this.resolve(Properties['LogGroupName']),
    )
  }

  /** The role with which Scheduler fires: the one that is no function's. */
  scheduleRole(): string {
    const ofFunctions = new Set(this.stack.lambdaNames().map((name) => this.roleArnOf(name)))
    const [role, ...others] = this.arnsOf('AWS::IAM::Role').filter((arn) => !ofFunctions.has(arn))
    if (role === undefined || others.length > 0) throw new Error("Not exactly one role is no function's")
    return role
  }

  /** The function behind a method of an API; undefined where it is none, as of OPTIONS. */
  functionOfUri(uri: unknown): string | undefined {
    if (uri === undefined) return undefined
    return /\/functions\/(arn:[^/]+)\/(?:response-streaming-)?invocations$/.exec(this.resolve(uri))?.[1]
  }

  /** `/v1/changes/{changeId}` of a resource of an API. */
  pathOf(resourceId: unknown): string {
    const found = this.#resources.get(String(at(resourceId, 'Ref')))
    if (found === undefined) return ''
    return `${this.pathOf(found.Properties['ParentId'])}/${this.resolve(found.Properties['PathPart'])}`
  }

  /** An expression of the template as the text that it becomes. @throws Error for one that is not known here. */
  resolve(value: unknown): string {
    if (typeof value === 'string') return value
    const [[name, argument] = ['', undefined]] = Object.entries(value ?? {})
    if (name === 'Ref') return PSEUDO[String(argument)] ?? this.#named(String(argument)).ref
    if (name === 'Fn::Join') {
      const parts = listOf(at(argument, 1)).map((part) => this.resolve(part))
      return parts.join(String(at(argument, 0)))
    }
    if (name === 'Fn::GetAtt') {
      const [id, attribute] = listOf(argument).map(String)
      const found = this.#named(id ?? '').attributes?.[attribute ?? '']
      if (found !== undefined) return found
    }
    throw new Error(`An expression that is not resolved here: ${JSON.stringify(value)}`)
  }

  #named(id: string): Named {
    const { Type = 'nothing', Properties = {} } = this.#resources.get(id) ?? {}
    const make = named[Type]
    if (make === undefined) throw new Error(`A policy names ${id} (${Type}), which has no name here`)
    const text = (name: string) => (name in Properties ? this.resolve(Properties[name]) : '')
    return make(id, text)
  }

  #roleArn(name: string): string {
    return `arn:aws:iam::${ACCOUNT}:role/${name}`
  }

  #statementsOf(document: unknown): PolicyStatement[] {
    return listOf(at(document, 'Statement')).map(
      (statement) => this.#resolveAll(statement) as PolicyStatement,
    )
  }

  #resolveAll(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#resolveAll(each))
    if (typeof value !== 'object' || value === null) return value
    const [name, ...others] = Object.keys(value)
    if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return this.resolve(value)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#resolveAll(each)]))
  }

  /** As Lambda writes it into the function's policy. */
  #permission(properties: Readonly<Record<string, unknown>>): PolicyStatement {
    const { Action, Principal, SourceArn, SourceAccount, FunctionName, ...others } = properties
    const unread = Object.keys(others)
    if (unread.length > 0)
      throw new Error(`A permission of a function has ${unread.join()}, which is not read here`)
    const conditions = {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': this.resolve(SourceArn) } }),
      ...(SourceAccount === undefined
        ? {}
        : { StringEquals: { 'aws:SourceAccount': this.resolve(SourceAccount) } }),
    }
    return {
      Effect: 'Allow',
      Principal: { Service: Principal },
      Action,
      Resource: '*',
      Condition: conditions,
    }
  }
}

function onto(resource: string): (statement: PolicyStatement) => PolicyStatement {
  return (statement) => ({ ...statement, Resource: resource })
}

function holdsStatement(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'Statement' in value || Object.values(value).some(holdsStatement)
}
