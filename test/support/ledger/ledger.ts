/** The ledger over a real socket on dynalite in memory, and a transport on which calls of DynamoDB fail as told. */
import { randomUUID } from 'node:crypto'
import { type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { onTestFinished } from 'vitest'
import { createTable, type LocalDynamo, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { ledgerClient } from '../../../lib/aws/dynamo-client.ts'
import type { Ledger } from '../../../lib/changes/record/ledger.ts'
import { dynamoLedger } from '../../../lib/ledger/dynamo-ledger.ts'
import { dynamoNotices } from '../../../lib/ledger/dynamo-notices.ts'
import { storeOf } from '../../../lib/ledger/table/store.ts'
import type { Notices } from '../../../lib/seats/notices/notices.ts'
import {
  nodeTransport,
  type Transport,
  TransportError,
  type TransportRequest,
} from '../../../lib/transport/transport.ts'
import { fakeClock } from '../fake-clock.ts'
import { documentClient } from './documents.ts'

/** A call as it went over the wire; values are DynamoDB's own, e.g. `{ S: 'header' }`. */
export interface Call {
  /** E.g. `PutItem`. */
  readonly action: string
  readonly input: Readonly<Record<string, unknown>>
}

/**
 * `throttle`: refused with ProvisionedThroughputExceededException. `outage`: a 500. `{ type }`: refused with that error. `drop`: it never arrives.
 * `drop.answer`: it is carried out and the answer is lost. The SDK tries each call three times in all, and waits for
 * real: seconds after `throttle`, some 50 ms after the others. `{ reasons }`: a transaction is cancelled for these, in the
 * order of its items, and the SDK does not try it again.
 */
export type Fault =
  | 'throttle'
  | 'outage'
  | 'drop'
  | 'drop.answer'
  | { readonly type: string }
  | { readonly reasons: readonly string[] }

/** What a call meets when its process has ended; nothing tries it again. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** Says yes to the write of a header: the one that commits a change, or moves it. */
export function isHeaderPut({ action, input }: Call): boolean {
  const put = action === 'PutItem' ? input['Item'] : action === 'TransactWriteItems' && input['TransactItems']
  return JSON.stringify(put).includes('"sk":{"S":"header"}')
}

export interface FaultyTransport {
  readonly transport: Transport
  /** Every call that was made, in order, failed ones and the SDK's own further tries too. */
  readonly calls: readonly Call[]
  /** Makes the next `times` (default 1) calls of an action, or those that it says yes to, fail. */
  failNext(which: string | ((call: Call) => boolean), how: Fault, times?: number): void
  /**
   * From the n-th call from now on (1 is the next) every call rejects with Crash.
   *
   * @param isLastStored whether the n-th is still carried out, its answer unseen.
   */
  crashAfter(n: number, isLastStored?: boolean): void
  /** Plans no more faults and no crash. @returns when what is under way has ended. */
  heal(): Promise<void>
}

/** @param inner what carries out the calls that do not fail. Requests to others than DynamoDB pass untouched. */
export function faultyTransport(inner: Transport = nodeTransport): FaultyTransport {
  const calls: Call[] = []
  const underWay = new Set<Promise<unknown>>()
  let planned: { readonly matches: (call: Call) => boolean; readonly how: Fault; left: number }[] = []
  let callsToCrash = Number.POSITIVE_INFINITY
  let isLastStored = false

  return {
    calls,
    async transport(request) {
      const [service, action = ''] = (request.headers['x-amz-target'] ?? '').split('.')
      if (service !== 'DynamoDB_20120810') return await inner(request)
      const call: Call = { action, input: JSON.parse(textOf(request)) }
      calls.push(call)
      callsToCrash -= 1
      if (callsToCrash <= 0) {
        if (callsToCrash === 0 && isLastStored) await inner(request)
        throw new Crash('the process has ended')
      }
      const fault = planned.find(({ matches, left }) => left > 0 && matches(call))
      if (!fault) {
        const answer = inner(request)
        underWay.add(answer)
        return await answer.finally(() => underWay.delete(answer))
      }
      fault.left -= 1
      if (typeof fault.how === 'object' && 'reasons' in fault.how) {
        const CancellationReasons = fault.how.reasons.map((Code) => ({ Code }))
        return refusal(400, 'TransactionCanceledException', { CancellationReasons })
      }
      if (typeof fault.how === 'object') return refusal(400, fault.how.type)
      if (fault.how === 'throttle') return refusal(400, 'ProvisionedThroughputExceededException')
      if (fault.how === 'outage') return refusal(500, 'InternalServerError')
      if (fault.how === 'drop.answer') await inner(request)
      throw new TransportError('reset', 'the connection was reset', true)
    },
    failNext(which, how, times = 1) {
      const matches = typeof which === 'string' ? ({ action }: Call) => action === which : which
      planned.push({ matches, how, left: times })
    },
    crashAfter(n, isStored = false) {
      callsToCrash = n
      isLastStored = isStored
    },
    async heal() {
      planned = []
      callsToCrash = Number.POSITIVE_INFINITY
      await Promise.allSettled(underWay)
    },
  }
}

/** The SDK's bodies are bytes that complain when they are asked to be text. */
export function textOf({ body }: Pick<TransportRequest, 'body'>): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body)
}

function refusal(status: number, type: string, members: object = {}) {
  const body = Buffer.from(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...members }))
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body }
}

export interface TestLedger {
  readonly ledger: Ledger
  /** What was told of seats, by the transport that has faults. */
  readonly notices: Notices
  readonly faults: FaultyTransport
  readonly url: string
  readonly tableName: string
  /** Another container's ledger on the same table, by default with a transport that has no faults. */
  readonly another: (transport?: Transport) => Ledger
  /** Every item of the table, as stored. */
  readonly items: () => Promise<Record<string, unknown>[]>
  /** Puts an item as some other version of the gateway might have. */
  readonly putItem: (item: Record<string, unknown>) => Promise<void>
}

/** A ledger of its own, in memory, some 10 ms away; it ends with the test. */
export async function ledgerForTests(): Promise<TestLedger> {
  const { close, ...opened } = await openLedger()
  onTestFinished(close)
  return opened
}

/** The same for whoever makes many in one test. */
export async function openLedger(): Promise<TestLedger & { readonly close: () => Promise<void> }> {
  const dynamo = await dynamoForTests()
  // Amazon's is one for all who ask it.
  const tableName = `changes-${randomUUID()}`
  await createTable(dynamo.url, tableName)

  const clock = fakeClock()
  const faults = faultyTransport()
  const another = (transport: Transport = nodeTransport) =>
    dynamoLedger({ client: ledgerClient(transport, 'us-east-1', dynamo.url), tableName, clock })
  const documents = documentClient(dynamo.url)
  return {
    ledger: another(faults.transport),
    notices: dynamoNotices(
      storeOf({ client: ledgerClient(faults.transport, 'us-east-1', dynamo.url), tableName, clock }),
    ),
    faults,
    url: dynamo.url,
    tableName,
    another,
    close: dynamo.close,
    items: async () => await scanned(documents, tableName),
    async putItem(Item) {
      await documents.send(new PutCommand({ TableName: tableName, Item }))
    },
  }
}

/** dynalite, or a DynamoDB Local that runs already: Amazon's own word on what DynamoDB does. */
async function dynamoForTests(): Promise<Pick<LocalDynamo, 'url' | 'close'>> {
  const url = process.env['DYNAMODB_LOCAL_URL']
  return url === undefined ? await startDynamo() : { url, close: async () => {} }
}

async function scanned(client: DynamoDBDocumentClient, TableName: string) {
  const items: Record<string, unknown>[] = []
  let ExclusiveStartKey: Record<string, unknown> | undefined
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey, ConsistentRead: true }))
    items.push(...(page.Items ?? []))
    ExclusiveStartKey = page.LastEvaluatedKey
  } while (ExclusiveStartKey)
  return items
}
