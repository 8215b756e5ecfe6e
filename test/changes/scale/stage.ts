/**
 * Lists on a clock that is moved on: the functions as they deploy (take-turns, the tick, take-inventory, the operations),
 * the queue between them, and Genesys with its limit. Each call outside takes its stated time; a process can be killed at one.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrgFault } from '../../../infra/local/org/faults/faults.ts'
import type { LoggedRequest } from '../../../infra/local/org/faults/request-log.ts'
import type { OrgOptions } from '../../../infra/local/org/server.ts'
import type { TruthReport } from '../../../infra/local/org/truth.ts'
import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import type { Policy } from '../../../lib/changes/model/policy.ts'
import type { Ledger } from '../../../lib/changes/record/ledger.ts'
import type { Machine } from '../../../lib/composition/bindings/machine.ts'
import { listTurns, ticks } from '../../../lib/composition/events.ts'
import { plans } from '../../../lib/composition/plans.ts'
import { readings } from '../../../lib/composition/readings.ts'
import { reads } from '../../../lib/composition/reads.ts'
import { writes } from '../../../lib/composition/writes.ts'
import { readEnvironment } from '../../../lib/environment.ts'
import { advanceDueChanges } from '../../../lib/events/advance-due-changes.ts'
import { eventLambda } from '../../../lib/events/event-lambda.ts'
import { takeInventory } from '../../../lib/events/take-inventory.ts'
import { type FailedMessages, type TurnWork, takeTurns } from '../../../lib/events/take-turns.ts'
import { dynamoLedger } from '../../../lib/ledger/dynamo-ledger.ts'
import { applyChange } from '../../../lib/operations/changes/apply-change.ts'
import { createChange } from '../../../lib/operations/changes/create-change.ts'
import { retryChange } from '../../../lib/operations/changes/retry-change.ts'
import { undoChange } from '../../../lib/operations/changes/undo-change.ts'
import { getLicenseUser } from '../../../lib/operations/license/get-license-user.ts'
import { nodeTransport, type Transport, type TransportRequest } from '../../../lib/transport/transport.ts'
import { invokeHandler, lambdaContext, madeOf, restEvent } from '../../support/events.ts'
import { type MovedClock, movedClock, startSharedTime } from './moved-clock.ts'
import { startServers } from './servers.ts'
import { type Message, TurnQueue } from './turn-queue.ts'

/** What each call takes, milliseconds: Genesys across a continent, DynamoDB, and a message from SQS to the function. */
const GENESYS_MS = 100
const LEDGER_MS = 5
const HOP_MS = 40

const MINUTE_MS = 60_000

/** The longest that Lambda lets a function work. */
const FIFTEEN_MINUTES_MS = 15 * MINUTE_MS

/** Long enough for a busy machine. Milliseconds. */
const PATIENT_MS = 30_000

/** Nobody listens there: its calls are answered here. */
const QUEUE_ORIGIN = 'http://127.0.0.1:9'

/** What is seen of each call outside, and may end its process: it never rejects, and never resolves for the dead. */
export type Watch = (request: TransportRequest, to: Destination, carryOut: Transport) => ReturnType<Transport>
export type Destination = 'genesys' | 'ledger' | 'queue' | 'other'

export interface StageOptions {
  readonly org: OrgOptions
  readonly policy?: Partial<Policy>
  /** What others do in a sleep, which lasts until then. */
  readonly whileAsleep?: ((toMs: number) => Promise<void>) | undefined
}

export interface Stage {
  readonly clock: MovedClock
  readonly queue: TurnQueue
  readonly ledger: Ledger
  /** Plans a list, whatever that takes. @returns its id. */
  readonly plan: (licenseId: string, userIds: readonly string[]) => Promise<string>
  readonly apply: (changeId: string) => Promise<void>
  /** Asks for a decision about a change, as somebody who waits for the answer. */
  readonly ask: (decision: keyof typeof decisions, changeId: string, body?: object) => Promise<Waited>
  /** Has planned anew what of a list did not come about, and applies it. */
  readonly retry: (changeId: string) => Promise<void>
  /** Takes turns and ticks until then, or until nothing is left to wait for. */
  readonly goOn: (untilMs: number, isDone?: () => Promise<boolean>) => Promise<void>
  /** Somebody's read of one person, with the token that lists write with: how long it took, milliseconds. */
  readonly readSomebody: (userId: string) => Promise<{ readonly status: number; readonly tookMs: number }>
  readonly truth: () => Promise<TruthReport>
  readonly requests: () => Promise<LoggedRequest[]>
  readonly addFaults: (faults: readonly OrgFault[]) => Promise<void>
  readonly clearFaults: () => Promise<void>
  /** Of what turns and ticks do; all of it is let through by default. */
  /** All that turns took but sleeping, milliseconds. */
  readonly busyMs: () => number
  readonly watch: () => Watches
  /** Goes for the processes that begin after it. */
  readonly watchWith: (watches: Partial<Watches>) => void
  readonly takeTurn: (message: Taken) => Promise<boolean>
  readonly close: () => Promise<void>
}

type Taken = Pick<Message, 'messageId' | 'body'> & Partial<Message>

const decisions = { apply: applyChange, undo: undoChange } as const

/** What somebody who waited was answered, and what that took. */
export interface Waited {
  readonly status: number
  readonly json: unknown
  /** Of the function's thread, milliseconds. */
  readonly cpuMs: number
  readonly ledgerCalls: number
}

interface Watches {
  readonly turn: Watch
  readonly tick: Watch
  /** When the process that takes turns ends in the middle; the next one goes by what is set then. */
  readonly died?: Promise<unknown> | undefined
  /** Told of each turn that it begins. */
  readonly began?: ((message: Taken) => void) | undefined
}

const letThrough: Watch = (request, _, carryOut) => carryOut(request)

export async function openStage({ org, policy = {}, whileAsleep }: StageOptions): Promise<Stage> {
  const time = startSharedTime()
  const clock = movedClock(time, whileAsleep)
  const queue = new TurnQueue(clock.nowMs)
  const servers = await startServers({ time, org })
  const directory = mkdtempSync(join(tmpdir(), 'lists-'))
  const policyFile = join(directory, 'policy.json')
  writeFileSync(policyFile, JSON.stringify({ approvals: [], people: {}, ...policy }))
  const environment = readEnvironment({
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: servers.aws,
    AWS_ENDPOINT_URL_EVENTBRIDGE: servers.aws,
    AWS_ENDPOINT_URL_DYNAMODB: servers.ledger,
    AWS_ENDPOINT_URL_SQS: QUEUE_ORIGIN,
    GATEWAY_STACK: 'scale',
    GATEWAY_AUTH: 'jwt',
    GENESYS_REGION: 'us_east_1',
    GENESYS_API_URL: servers.org,
    GENESYS_LOGIN_URL: servers.org,
    GENESYS_ORG_ID: '0a6c9a1e-5b7c-4f43-9d51-3f1d2c7b8e90',
    GENESYS_ORG_NAME: 'Test org',
    READ_TOKEN_SECRET: servers.secrets.readToken,
    WRITE_TOKEN_SECRET: servers.secrets.writeToken,
    READ_CLIENT_SECRET: servers.secrets.readClient,
    WRITE_CLIENT_SECRET: servers.secrets.writeClient,
    LEDGER_TABLE: servers.table,
    EVENT_BUS: 'scale',
    LIST_QUEUE_URL: `${QUEUE_ORIGIN}/000000000000/lists.fifo`,
    DEAD_LETTER_URL: `${servers.aws}/000000000000/dead-letters`,
    POLICY_FILE: policyFile,
  })
  const withWriteToken = {
    ...environment,
    required: (name: string) => environment.required(name.replace('READ_TOKEN', 'WRITE_TOKEN')),
  }

  const carryOut: Transport = async (request) => {
    const to = destinationOf(request)
    if (to === 'queue') return queue.answer(request)
    const takesMs = to === 'genesys' ? GENESYS_MS : LEDGER_MS
    clock.advance(takesMs / 2)
    try {
      return await nodeTransport({ ...request, timeoutMs: PATIENT_MS })
    } finally {
      clock.advance(takesMs / 2)
    }
  }
  function destinationOf({ origin }: TransportRequest): Destination {
    if (origin === servers.org) return 'genesys'
    if (origin === servers.ledger) return 'ledger'
    return origin === QUEUE_ORIGIN ? 'queue' : 'other'
  }
  const machineOf = (watch: () => Watch): Machine => ({
    clock,
    perTryTimeoutMs: PATIENT_MS,
    transport: (request) => watch()(request, destinationOf(request), carryOut),
  })
  const plain = machineOf(() => letThrough)
  /** A container's handler; a process that has died is followed by another. */
  const turning = () => {
    const { turn } = watches
    return eventLambda<TurnWork, FailedMessages>(
      takeTurns,
      listTurns(
        environment,
        machineOf(() => turn),
      ),
    )
  }
  const ticking = eventLambda(
    advanceDueChanges,
    ticks(
      environment,
      machineOf(() => watches.tick),
    ),
  )
  const reading = eventLambda(takeInventory, readings(environment, plain))
  const creating = madeOf(createChange, plans(environment, plain))
  const retrying = madeOf(retryChange, plans(environment, plain))
  const reader = madeOf(getLicenseUser, reads(withWriteToken, plain))
  const ledger = dynamoLedger({
    client: ledgerClient(nodeTransport, 'us-east-1', servers.ledger),
    tableName: servers.table,
    clock,
  })
  let nextTickMs = clock.nowMs() + MINUTE_MS
  let watches: Watches = { turn: letThrough, tick: letThrough }
  let container: ReturnType<typeof turning> | undefined

  const control = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${servers.org}/__org/${path}`, init)
    if (!response.ok) throw new Error(await response.text())
    return await response.json()
  }

  let busyMs = 0

  async function takeTurn(message: Taken): Promise<boolean> {
    const { messageId, body, receives = 1 } = message
    container ??= turning()
    watches.began?.(message)
    const [fromMs, sleptMs] = [clock.nowMs(), clock.sleptMs()]
    const attributes = { ApproximateReceiveCount: String(receives) }
    const answer = container({ Records: [{ messageId, body, attributes }] }, lambdaContext())
    const done = await Promise.race([answer, watches.died?.then(() => 'died' as const) ?? answer])
    busyMs += clock.nowMs() - fromMs - (clock.sleptMs() - sleptMs)
    if (done !== 'died') return done.batchItemFailures.length === 0
    container = undefined
    return false
  }

  async function plan(licenseId: string, userIds: readonly string[]): Promise<string> {
    const body = JSON.stringify({
      kind: 'assignments',
      assignments: [{ licenseId, userIdsAdd: userIds, userIdsRemove: [] }],
    })
    const created = await invokeHandler(creating, restEvent('createChange', { body }))
    if (created.status !== 201 && created.status !== 202) throw new Error(created.text)
    const { id } = created.json as { id: string }
    return await planned(id)
  }

  async function planned(id: string): Promise<string> {
    for (let minutes = 0; minutes < 60; minutes++) {
      if ((await ledger.get(id))?.state === 'PLANNED') return id
      await reading({}, lambdaContext(FIFTEEN_MINUTES_MS))
      await goOn(clock.nowMs() + MINUTE_MS)
    }
    throw new Error('the list was not planned')
  }

  async function apply(changeId: string): Promise<void> {
    const { digest } = (await ledger.get(changeId)) ?? {}
    const { status, json } = await ask('apply', changeId, { digest })
    if (status >= 300) throw new Error(JSON.stringify(json))
  }

  async function ask(decision: keyof typeof decisions, changeId: string, body: object = {}): Promise<Waited> {
    let ledgerCalls = 0
    // All at once take as long as one: what the calls take is left to whoever counts them.
    const counted: Machine = {
      ...plain,
      transport: (request) => {
        if (destinationOf(request) !== 'ledger') return plain.transport(request)
        ledgerCalls += 1
        return nodeTransport({ ...request, timeoutMs: PATIENT_MS })
      },
    }
    const operation = decisions[decision]
    const event = { body: JSON.stringify(body), pathParameters: { changeId } }
    const before = process.threadCpuUsage()
    const { status, json } = await invokeHandler(
      madeOf(operation, writes(environment, counted)),
      restEvent(operation.id, event),
    )
    const { user, system } = process.threadCpuUsage(before)
    return { status, json, cpuMs: (user + system) / 1_000, ledgerCalls }
  }

  async function retry(changeId: string): Promise<void> {
    const made = await invokeHandler(retrying, restEvent('retryChange', { pathParameters: { changeId } }))
    if (made.status >= 300) throw new Error(made.text)
    const { id } = made.json as { id: string }
    await apply(await planned(id))
    await goOn(clock.nowMs() + FIFTEEN_MINUTES_MS)
  }

  async function goOn(untilMs: number, isDone?: () => Promise<boolean>): Promise<void> {
    while (clock.nowMs() < untilMs) {
      if (clock.nowMs() >= nextTickMs) {
        nextTickMs += MINUTE_MS
        await ticking({}, lambdaContext())
        if (await isDone?.()) return
        continue
      }
      const message = queue.receive()
      if (message) {
        clock.advance(HOP_MS)
        if (await takeTurn(message)) queue.delete(message)
        continue
      }
      clock.advance(Math.min(untilMs, nextTickMs, queue.nextAtMs() ?? nextTickMs) - clock.nowMs())
    }
  }

  const stage: Stage = {
    clock,
    queue,
    ledger,
    plan,
    apply,
    ask,
    retry,
    goOn,
    takeTurn,
    busyMs: () => busyMs,
    watch: () => watches,
    watchWith(changed) {
      watches = { ...watches, ...changed }
      container = undefined
    },
    async readSomebody(userId) {
      const fromMs = clock.nowMs()
      const { status } = await invokeHandler(
        reader,
        restEvent('getLicenseUser', { pathParameters: { userId } }),
      )
      return { status, tookMs: clock.nowMs() - fromMs }
    },
    truth: async () => (await control('truth')) as TruthReport,
    requests: async () => (await control('requests')) as LoggedRequest[],
    addFaults: async (faults) =>
      void (await control('faults', { method: 'POST', body: JSON.stringify(faults) })),
    clearFaults: async () => void (await control('faults', { method: 'DELETE' })),
    async close() {
      await servers.stop()
      rmSync(directory, { recursive: true })
    },
  }
  return stage
}
