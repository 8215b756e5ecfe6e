/**
 * What a rehearsal plays on: a stack as its template says it, every function a process that has nothing but what Lambda
 * would give it, and behind the real host names the stand-ins for Genesys, AWS, Slack, Teams and an identity provider,
 * joined to the functions by the rules, rotations and schedules of the template.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'
import type { BuiltFunction } from '../../../infra/build/bundles.ts'
import { newAccessKey } from '../../../infra/local/aws/access-key.ts'
import { createTable, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { type LocalAws, startAws } from '../../../infra/local/aws/server.ts'
import { membersOf } from '../../../infra/local/chat/members.ts'
import { TEAMS } from '../../../infra/local/chat/places.ts'
import { type Platform, startWorkspace, type Workspace } from '../../../infra/local/chat/workspace.ts'
import { type ProxyResult, writeResult } from '../../../infra/local/gateway/event.ts'
import { serveLoopback } from '../../../infra/local/loopback.ts'
import { type Org, startOrg } from '../../../infra/local/org/server.ts'
import { readBody } from '../../../infra/local/request.ts'
import { readPolicy } from '../../../lib/composition/bindings/read-policy.ts'
import { chatSecretNames } from '../../../lib/credentials/secret-names.ts'
import { webhookEvent } from '../scenes/api-events.ts'
import { type DeployedFunction, type Deployment, deploy } from '../template/deployment.ts'
import { expressionsOf, placeOf, type Resource } from '../template/expressions.ts'
import { ISSUER_HOST, orgFileOf, REGION, TEAMS_HOST, type Variant } from '../template/org-files.ts'
import { type Container, startContainer } from './container.ts'
import { type Hosts, startHosts } from './hosts.ts'
import { type RehearsalIssuer, startRehearsalIssuer } from './issuer.ts'
import { ruleOf } from './rules.ts'
import type { Outcome } from './runtime-api.ts'

/** What the chats prove themselves by, in the forms of Slack's and Teams' own. */
const chatSecrets = {
  slackSigningSecret: '8f742231b10e8888abcd99yyyzzz85a5',
  slackBotToken: 'xoxb-rehearsal-0123456789',
  teamsKey: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
}

/** Of what Slack or Teams post; theirs are a hundredth of it. */
const MAX_DELIVERY_BYTES = 1_000_000

/** Of the embedded org. */
export const PEOPLE = 120

export interface Stage {
  readonly variant: Variant
  readonly deployment: Deployment
  readonly org: Org
  readonly aws: LocalAws
  readonly workspace: Workspace
  readonly issuer: RehearsalIssuer
  readonly hosts: Hosts
  readonly busName: string
  readonly containers: ReadonlyMap<string, Container>
  /** Started since those of their functions were at work. */
  readonly others: readonly Container[]
  /** The function of a file's name. */
  readonly containerOf: (name: string) => Container
  /** One more container of a function, whatever is changed of what its template says; it ends with the stage. */
  readonly start: (deployed: DeployedFunction) => Promise<Container>
  /**
   * What somebody types in a chat, as the event of the webhook's function, which does not get it.
   *
   * @returns with it the id of what was said, which a reply has as `answers`.
   */
  readonly captured: (
    platform: Platform,
    as: string,
    line: string,
  ) => Promise<{ readonly event: unknown; readonly said: string }>
  readonly close: () => Promise<void>
}

export async function startStage(variant: Variant, functions: readonly BuiltFunction[]): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'gateway-rehearsal-'))
  /** Last started, first stopped. */
  const closers: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })]
  const close = async () => {
    for (const closer of closers.splice(0)) await closer()
  }
  const containers = new Map<string, Container>()
  const containerOf = (name: string) => {
    const found = containers.get(name)
    if (found === undefined) throw new Error(`The template has no function ${name}`)
    return found
  }
  try {
    const key = newAccessKey()
    const org = await startOrg({ users: PEOPLE, toggles: 'legacy', requestsPerMinute: 100_000 })
    closers.unshift(org.close)
    const dynamo = await startDynamo({ key })
    closers.unshift(dynamo.close)
    const issuer = await startRehearsalIssuer()
    closers.unshift(issuer.close)

    /** ARNs, which only the stand-in for AWS can tell. */
    const secrets = new Map<Resource, string>()
    const { resolve } = expressionsOf((resource) => secrets.get(resource))
    const deployment = deploy(variant, functions, directory)

    const byArn = new Map<string, string>()
    const functionNames = new Map(
      deployment.functions.map(({ name, logicalId, scope }) => [name, resolve({ Ref: logicalId }, scope)]),
    )
    for (const { name, logicalId, scope } of deployment.functions) {
      byArn.set(resolve({ 'Fn::GetAtt': [logicalId, 'Arn'] }, scope), name)
    }
    const others: Container[] = []
    /** Where each of a function's containers is at work, Lambda starts another: who tells how far a list is sleeps meanwhile. */
    const freeContainerOf = async (name: string) => {
      const own = [containerOf(name), ...others.filter((other) => other.name === name)]
      const free = own.find(({ isBusy }) => !isBusy())
      if (free) return free
      const deployed = deployment.functions.find((each) => each.name === name)
      if (!deployed) throw new Error(`The template has no function ${name}`)
      const another = await start(deployed)
      others.push(another)
      return another
    }
    const invokeWhole = async (name: string, event: unknown) =>
      returned(await (await freeContainerOf(name)).invoke(event))
    const [bus] = deployment.ofType('AWS::Events::EventBus')
    const busName = bus ? resolve({ Ref: bus.logicalId }, bus.scope) : ''
    const queueName = (begins: string) => {
      const queue = deployment.ofType('AWS::SQS::Queue').find(({ logicalId }) => logicalId.startsWith(begins))
      if (!queue) throw new Error(`The template has no queue ${begins}`)
      return resolve({ Ref: queue.logicalId }, queue.scope).split('/').at(-1) ?? ''
    }
    const rules = deployment
      .ofType('AWS::Events::Rule')
      .flatMap((placed) => ruleOf(placed, { resolve, byArn, invokeWhole }))
    const aws = await startAws({
      key,
      busName,
      rules,
      queueNames: {
        deadLetters: queueName('DeadLetters'),
        turns: queueName('ListsQueue'),
        listLetters: queueName('ListsDeadLetters'),
      },
      // Its scene takes the turns, one by one.
      takeTurns: async () => ({ batchItemFailures: [] }),
      functions: Object.fromEntries(
        [...functionNames].map(([name, functionName]) => [functionName, (event) => invokeWhole(name, event)]),
      ),
      rotate: (event) => invokeWhole('rotate-token', event),
      onSchedule: (input) => invokeWhole('fire-schedule', input),
    })
    closers.unshift(aws.close)
    const rotated = deployment
      .ofType('AWS::SecretsManager::RotationSchedule')
      .map(({ resource, scope }) => placeOf(resource.Properties?.['SecretId'], scope).resource)
    for (const { resource, scope } of deployment.ofType('AWS::SecretsManager::Secret')) {
      const name = resolve(resource.Properties?.['Name'], scope)
      // As a stack leaves it: nothing is put yet but what the template generates or says.
      const { arn } = aws.createSecret({
        name,
        rotation: rotated.includes(resource),
        value: String(resource.Properties?.['SecretString'] ?? '{}'),
      })
      secrets.set(resource, arn)
    }
    const chatNames = chatSecretNames(orgFileOf(variant).name)
    aws.putSecret(chatNames.slackSigning, JSON.stringify({ current: chatSecrets.slackSigningSecret }))
    aws.putSecret(chatNames.slackBot, JSON.stringify({ token: chatSecrets.slackBotToken }))
    aws.putSecret(chatNames.teamsKeys, JSON.stringify({ [TEAMS.team]: chatSecrets.teamsKey }))

    const [table] = deployment.ofType('AWS::DynamoDB::Table')
    if (table) await createTable(dynamo.url, resolve({ Ref: table.logicalId }, table.scope), key)

    const webhooks = await startWebhooks((platform, event) => containerOf(platform).invoke(event))
    closers.unshift(webhooks.close)
    const workspace = await startWorkspace({
      now: Date.now,
      members: membersOf(policyIn(deployment), PEOPLE),
      secrets: chatSecrets,
      webhookUrl: (platform) => `${webhooks.url}/${platform}`,
      responseOrigin: 'https://hooks.slack.com',
    })
    closers.unshift(workspace.close)

    const hosts = await startHosts({
      'api.mypurecloud.com': org.url,
      'login.mypurecloud.com': org.url,
      [`secretsmanager.${REGION}.amazonaws.com`]: aws.url,
      [`dynamodb.${REGION}.amazonaws.com`]: dynamo.url,
      [`events.${REGION}.amazonaws.com`]: aws.url,
      [`scheduler.${REGION}.amazonaws.com`]: aws.url,
      [`sqs.${REGION}.amazonaws.com`]: aws.url,
      [`lambda.${REGION}.amazonaws.com`]: aws.url,
      'slack.com': workspace.url,
      'hooks.slack.com': workspace.url,
      [TEAMS_HOST]: workspace.url,
      [ISSUER_HOST]: issuer.url,
    })
    closers.unshift(hosts.close)
    const authorityFile = join(directory, 'authority.pem')
    await writeFile(authorityFile, hosts.authority)
    const runtimeFile = await buildRuntime(directory)

    const start = async (deployed: DeployedFunction) => {
      const { name, scope } = deployed
      const container = await startContainer({
        ...deployed,
        functionName: functionNames.get(name) ?? name,
        variables: Object.fromEntries(
          Object.entries(deployed.variables).map(([variable, value]) => [variable, resolve(value, scope)]),
        ),
        logGroup: resolve(deployed.logGroup, scope),
        network: { hosts: hosts.names, port: hosts.port, layerDirectories: deployed.layerDirectories },
        key,
        runtimeFile,
        authorityFile,
      })
      closers.unshift(container.stop)
      return container
    }
    for (const deployed of deployment.functions) containers.set(deployed.name, await start(deployed))
    let capturing: Promise<unknown> = Promise.resolve()
    const captured = (platform: Platform, as: string, line: string) => {
      const capture = async () => {
        const { event, posted: said } = await webhooks.capture(platform, () =>
          workspace.say(platform, as, line),
        )
        return { event, said }
      }
      const done = capturing.then(capture)
      capturing = done
      return done
    }
    return {
      variant,
      deployment,
      org,
      aws,
      workspace,
      issuer,
      hosts,
      busName,
      containers,
      others,
      containerOf,
      start,
      captured,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Who is who, as the functions read it. */
function policyIn({ functions }: Deployment) {
  const [directory] = functions.flatMap(({ layerDirectories }) => layerDirectories)
  if (directory === undefined) throw new Error('No function has a layer')
  return readPolicy(join(directory, 'policy.json'))
}

/** What a caller of a function gets, who is told of a failure by a rejection. */
function returned(outcome: Outcome): unknown {
  if (outcome.kind === 'answered') return outcome.value
  if (outcome.kind !== 'failed') throw new Error(`The function's invocation is ${outcome.kind}`)
  throw Object.assign(new Error(outcome.errorMessage), { name: outcome.errorType })
}

async function buildRuntime(directory: string): Promise<string> {
  // Whatever a folder above says, it is CommonJS.
  await writeFile(join(directory, 'package.json'), '{ "type": "commonjs" }\n')
  const outfile = join(directory, 'runtime.js')
  await bundle({
    entryPoints: [join(import.meta.dirname, '../processes/runtime.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
  })
  return outfile
}

/** The chat API: what is posted to it becomes an event of the platform's function. */
async function startWebhooks(invoke: (platform: string, event: unknown) => Promise<Outcome>) {
  /** Takes the next event of a platform in the place of its function. */
  const takers = new Map<string, (event: unknown) => void>()

  async function answer(platform: string, event: unknown): Promise<unknown> {
    const take = takers.get(platform)
    takers.delete(platform)
    if (take) {
      take(event)
      return { statusCode: 200, body: '' }
    }
    const outcome = await invoke(platform, event)
    if (outcome.kind === 'answered') return outcome.value
    throw new Error(`${platform} has not answered: ${JSON.stringify(outcome)}`)
  }

  const { url, close } = await serveLoopback((message, response) => {
    const platform = (message.url ?? '').slice(1)
    const headers = Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
    )
    readBody(message, MAX_DELIVERY_BYTES)
      .then((body) =>
        answer(platform, webhookEvent(platform, headers, Buffer.isBuffer(body) ? body : Buffer.alloc(0))),
      )
      .then(
        (value) => writeResult(response, value as ProxyResult),
        () => response.writeHead(502).end(),
      )
  })
  return {
    url,
    close,
    /** @returns the event of what is posted by `post`, which is then answered and goes nowhere. */
    async capture<T>(
      platform: string,
      post: () => Promise<T>,
    ): Promise<{ readonly event: unknown; readonly posted: T }> {
      const taken = Promise.withResolvers<unknown>()
      takers.set(platform, taken.resolve)
      const posted = await post()
      return { event: await taken.promise, posted }
    },
  }
}
