/**
 * One test's own world: an embedded org, a stand-in for AWS with the stack's four secrets, a ledger where something is
 * recorded, and functions bound to them with a clock that the test owns. Nothing outlives the test.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RotateSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { Context } from 'aws-lambda'
import { onTestFinished } from 'vitest'
import type { Rotate } from '../../infra/local/aws/secrets/rotation.ts'
import { type LocalAws, startAws } from '../../infra/local/aws/server.ts'
import { type Org, type OrgOptions, startOrg } from '../../infra/local/org/server.ts'
import { ledgerClient } from '../../lib/aws/dynamo-client.ts'
import { secretsClient } from '../../lib/aws/secrets-client.ts'
import type { Header } from '../../lib/changes/model/header.ts'
import type { Policy } from '../../lib/changes/model/policy.ts'
import type { Machine } from '../../lib/composition/bindings/machine.ts'
import { ticks } from '../../lib/composition/events.ts'
import { inventories } from '../../lib/composition/inventories.ts'
import { plans } from '../../lib/composition/plans.ts'
import { readings } from '../../lib/composition/readings.ts'
import { reads } from '../../lib/composition/reads.ts'
import { records as recordings } from '../../lib/composition/records.ts'
import { walks } from '../../lib/composition/walks.ts'
import { writes } from '../../lib/composition/writes.ts'
import { rotation } from '../../lib/credentials/rotate-token.ts'
import { rotationSecrets } from '../../lib/credentials/rotation-secrets.ts'
import type { SecretNames } from '../../lib/credentials/secret-names.ts'
import { type Environment, readEnvironment } from '../../lib/environment.ts'
import { advanceDueChanges } from '../../lib/events/advance-due-changes.ts'
import { type EventHandler, eventLambda } from '../../lib/events/event-lambda.ts'
import { takeInventory } from '../../lib/events/take-inventory.ts'
import type { Composition, Handler } from '../../lib/http/lambda.ts'
import type { Inventory } from '../../lib/inventory/inventory-port.ts'
import { type InventorySource, ledgerInventory } from '../../lib/inventory/ledger-inventory.ts'
import { changeHeads } from '../../lib/ledger/dynamo-changes.ts'
import { dynamoInventory } from '../../lib/ledger/dynamo-inventory.ts'
import { dynamoLedger } from '../../lib/ledger/dynamo-ledger.ts'
import { storeOf } from '../../lib/ledger/table/store.ts'
import type { Effect, Operation } from '../../lib/operation.ts'
import { nodeTransport, type Transport } from '../../lib/transport/transport.ts'
import { type Event, invokeHandler, lambdaContext, madeOf, restEvent } from './events.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import type { RawAnswer } from './gateway.ts'
import { openLedger } from './ledger/ledger.ts'
import { takeLines } from './lines.ts'
import { createSecrets, grantedSecret } from './secrets.ts'

/** The longest that Lambda lets a function work. */
const FIFTEEN_MINUTES_MS = 15 * 60_000

/** Long enough that a busy machine never meets it; tests of timeouts set their own. Milliseconds. */
const PATIENT_MS = 8_000

/** Invokes one container's function; fields of the event may be replaced. */
export type Invoke = (changes?: Event, context?: Context) => Promise<RawAnswer>

type Bind<E extends 'read' | 'walk' | 'write' | 'plan' | 'record' | 'inventory'> = (
  operation: Operation<E>,
  machine?: Partial<Machine>,
  variables?: Readonly<Record<string, string>>,
) => Invoke

export interface World {
  readonly org: Org
  readonly aws: LocalAws
  readonly clock: FakeClock
  readonly client: SecretsManagerClient
  /** ARNs of the four secrets. */
  readonly arns: SecretNames
  /** What the functions would find in process.env. */
  readonly variables: Readonly<Record<string, string>>
  /** The rotation function, each step as Secrets Manager invokes it. */
  readonly rotate: Rotate
  /** Rotates a token's secret, by default that of reads, and waits for the end, good or bad. */
  readonly rotateNow: (arn?: string) => Promise<void>
  /** Token secrets whose rotation failed for good, though not before any credentials were put. */
  readonly failedRotations: string[]
  /** Waits of the rotation function, in milliseconds. */
  readonly rotationSleeps: number[]
  /** Every line the functions logged. */
  readonly logged: string[]
  /** A container of its own for an operation that reads, goes over everybody, or writes. What only reads has no ledger. */
  readonly reader: Bind<'read'>
  readonly walker: Bind<'walk'>
  readonly writer: Bind<'write'>
  readonly planner: Bind<'plan'>
  readonly recorder: Bind<'record'>
  readonly inventoried: Bind<'inventory'>
  /** Every change on record, the newest first. */
  readonly changes: () => Promise<readonly Header[]>
  /** Moves the clock on, and has the tick's function do what is due by then. */
  readonly later: (ms: number, variables?: Readonly<Record<string, string>>) => Promise<void>
  /**
   * One minute of take-inventory: a reading where one is due, and what is done each minute besides. In one container for
   * all; in one of its own on another machine.
   */
  readonly takeInventory: (machine?: Partial<Machine>, remainingMs?: number) => Promise<void>
  /** Deploys another org file: containers that start later, take-inventory's among them, go by it. */
  readonly redeploy: (policy: Policy) => Promise<void>
  /** The inventory as another container has it, and what it is kept in. */
  readonly inventory: () => Promise<Inventory>
  readonly readingSource: (transport?: Transport) => Promise<InventorySource>
  /** Names of the calls of Secrets Manager, those of a secret where one is given. */
  readonly awsActions: (secretId?: string) => string[]
  /** A transport on which Genesys answers as the script says; all else goes over the wire. */
  readonly scripted: (script: Transport) => Transport
}

export type AtEnd = (end: () => Promise<void> | void) => void

export interface WorldOptions {
  readonly org?: OrgOptions
  readonly clock?: FakeClock
  /** Takes the rotation function's place, given the real one. */
  readonly rotate?: (real: Rotate) => Rotate
  /** False leaves all four secrets as a new stack has them. */
  readonly isProvisioned?: boolean
  readonly policy?: Policy
  /** Has the tokens put by the rotation function, as in a stack, which takes 20 times as long as putting them. */
  readonly isRotated?: boolean
  /** Takes what ends the world; by default the end of the test does. */
  readonly atEnd?: AtEnd
}

export async function world(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? fakeClock({ whileAsleep: () => aws.idle() })
  const { atEnd = onTestFinished } = options
  const now = () => clock.nowMs()
  const org = await startOrg({ users: 8, requestsPerMinute: 100_000, now, ...options.org })
  let real: Rotate | undefined
  const rotate: Rotate = async (event) => await real?.(event)
  const aws: LocalAws = await startAws({
    now,
    // What is due by the test's clock would be done within a second, or later than the test ends.
    clockGoesByItself: false,
    rotate: options.rotate?.(rotate) ?? rotate,
  })
  atEnd(async () => {
    await Promise.all([org.close(), aws.close()])
  })

  const arns = createSecrets(aws, org, options.isProvisioned ?? true)
  const client = secretsClient(nodeTransport, 'us-east-1', aws.url)
  const failedRotations: string[] = []
  const rotationSleeps: number[] = []
  real = rotation({
    secrets: rotationSecrets(client),
    pairs: [
      { token: arns.readToken, client: arns.readClient },
      { token: arns.writeToken, client: arns.writeClient },
    ],
    origins: { api: org.url, login: org.url },
    transport: nodeTransport,
    // A rotation that sleeps is not waited for, least of all by itself.
    clock: {
      ...clock,
      async sleep(ms) {
        rotationSleeps.push(ms)
        clock.advance(ms)
      },
    },
    onFailure: (tokenSecret) => failedRotations.push(tokenSecret),
  })
  const rotateNow = async (SecretId = arns.readToken) => {
    await client.send(new RotateSecretCommand({ SecretId }))
    await aws.idle()
  }
  const { isProvisioned = true, isRotated = false } = options
  if (isProvisioned && isRotated) {
    for (const SecretId of [arns.readToken, arns.writeToken])
      await client.send(new RotateSecretCommand({ SecretId }))
    await aws.idle()
  } else if (isProvisioned) {
    aws.putSecret(arns.readToken, await grantedSecret(org, org.clients.reader, clock))
    aws.putSecret(arns.writeToken, await grantedSecret(org, org.clients.writer, clock))
  }

  const variables = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    GATEWAY_STACK: 'test',
    GATEWAY_AUTH: 'jwt',
    GENESYS_REGION: 'us_east_1',
    GENESYS_API_URL: org.url,
    GENESYS_LOGIN_URL: org.url,
    GENESYS_ORG_ID: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90',
    GENESYS_ORG_NAME: 'Test org',
    READ_TOKEN_SECRET: arns.readToken,
    WRITE_TOKEN_SECRET: arns.writeToken,
    READ_CLIENT_SECRET: arns.readClient,
    WRITE_CLIENT_SECRET: arns.writeClient,
  }
  const logged = takeLines(atEnd)
  org.reset()
  const callsBefore = aws.requests().length

  /** Started where one is asked for: most of what is tested here only reads. */
  let opened: ReturnType<typeof openRecords> | undefined
  const records = () => {
    opened ??= openRecords(aws, atEnd, options.policy)
    return opened
  }
  const machineOf = (machine: Partial<Machine>): Machine => ({
    clock,
    transport: nodeTransport,
    perTryTimeoutMs: PATIENT_MS,
    ...machine,
  })
  async function readingSource(transport: Transport = nodeTransport): Promise<InventorySource> {
    const { AWS_ENDPOINT_URL_DYNAMODB: url, LEDGER_TABLE: tableName } = (await records()).variables
    const table = { client: ledgerClient(transport, 'us-east-1', url), tableName, clock }
    const changes = changeHeads(storeOf(table))
    return { store: dynamoInventory(storeOf(table)), journal: dynamoLedger(table).journal, changes, clock }
  }
  const invokes =
    (handler: () => Handler | Promise<Handler>, { id }: Pick<Operation, 'id'>): Invoke =>
    async (changes, context) =>
      await invokeHandler(await handler(), restEvent(id, changes), context)
  /** With a ledger, which is opened when it is invoked first. */
  function onRecord<E extends Effect>(
    operation: Operation<E>,
    compose: (environment: Environment) => Composition<E>,
    found: Readonly<Record<string, string>>,
  ): Invoke {
    let handler: Promise<Handler> | undefined
    const bind = async () => {
      const environment = readEnvironment({ ...(await records()).variables, ...found })
      return madeOf(operation, compose(environment))
    }
    return invokes(() => {
      handler ??= bind()
      return handler
    }, operation)
  }
  /** take-inventory's container, which lives on from minute to minute. */
  let warm: Promise<EventHandler> | undefined
  return {
    org,
    aws,
    clock,
    client,
    arns,
    variables,
    rotate,
    rotateNow,
    failedRotations,
    rotationSleeps,
    logged,
    reader(operation, machine = {}, found = variables) {
      const handler = madeOf(operation, reads(readEnvironment(found), machineOf(machine)))
      return invokes(() => handler, operation)
    },
    walker: (operation, machine = {}, found = variables) =>
      onRecord(operation, (environment) => walks(environment, machineOf(machine)), found),
    writer: (operation, machine = {}, found = variables) =>
      onRecord(operation, (environment) => writes(environment, machineOf(machine)), found),
    planner: (operation, machine = {}, found = variables) =>
      onRecord(operation, (environment) => plans(environment, machineOf(machine)), found),
    recorder: (operation, machine = {}, found = variables) =>
      onRecord(operation, (environment) => recordings(environment, machineOf(machine)), found),
    inventoried: (operation, machine = {}, found = variables) =>
      onRecord(operation, (environment) => inventories(environment, machineOf(machine)), found),
    async takeInventory(machine, remainingMs = FIFTEEN_MINUTES_MS) {
      const bind = async () => {
        const environment = readEnvironment({ ...variables, ...(await records()).variables })
        return eventLambda(takeInventory, readings(environment, machineOf(machine ?? {})))
      }
      if (machine === undefined) warm ??= bind()
      const handler = await (machine === undefined ? warm : bind())
      await handler?.({}, lambdaContext(remainingMs))
    },
    readingSource,
    inventory: async () => ledgerInventory(await readingSource()),
    async changes() {
      const { ledger } = await records()
      return (await ledger.list({ filter: {}, limit: 100 })).headers
    },
    async redeploy(policy) {
      writeFileSync((await records()).variables.POLICY_FILE, JSON.stringify(policy))
      warm = undefined
    },
    async later(ms, found = variables) {
      clock.advance(ms)
      const environment = readEnvironment({ ...(await records()).variables, ...found })
      await eventLambda(advanceDueChanges, ticks(environment, machineOf({})))({}, lambdaContext())
    },
    awsActions: (secretId) =>
      aws
        .requests()
        .slice(callsBefore)
        .filter((call) => secretId === undefined || call.secretId === secretId)
        .map(({ action }) => action),
    scripted: (script) => (request) =>
      request.origin === org.url ? script(request) : nodeTransport(request),
  }
}

const nobody: Policy = { approvals: [], people: {} }

/** A ledger in memory, and what the functions find it, the event bus and the policy by; they end with the test. */
async function openRecords(aws: LocalAws, atEnd: AtEnd, policy: Policy = nobody) {
  const { ledger, url, tableName, close } = await openLedger()
  const directory = mkdtempSync(join(tmpdir(), 'world-'))
  atEnd(async () => {
    await close()
    rmSync(directory, { recursive: true })
  })
  const policyFile = join(directory, 'policy.json')
  writeFileSync(policyFile, JSON.stringify(policy))
  const variables = {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: aws.url,
    LEDGER_TABLE: tableName,
    EVENT_BUS: 'test',
    AWS_ENDPOINT_URL_SQS: aws.url,
    LIST_QUEUE_URL: `${aws.url}/000000000000/lists.fifo`,
    POLICY_FILE: policyFile,
  }
  return { ledger, variables }
}
