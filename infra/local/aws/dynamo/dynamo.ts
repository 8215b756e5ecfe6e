/** DynamoDB on the laptop: dynalite on loopback, with the ledger's table, and as strict as DynamoDB is. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import {
  type AttributeDefinition,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { create } from 'dynalite/db/index.js'
import { clientSettings } from '../../../../lib/aws/client-settings.ts'
import { table } from '../../../../lib/ledger/table/table.ts'
import { nodeTransport } from '../../../../lib/transport/transport.ts'
import { StateError } from '../../atomic-file.ts'
import { serveLoopback } from '../../loopback.ts'
import { readBody } from '../../request.ts'
import { type AccessKey, refusalOfKey, TEST_KEY } from '../access-key.ts'
import { answerOfFailure, createDynamoFailures, type DynamoFailure } from './dynamo-failures.ts'
import { faultOfPut, reordered } from './dynamo-limits.ts'
import { createGate, type Leave } from './gate.ts'
import { askWithin, type DynamoAnswer, isOldWanted, putNamingOld, type Serve } from './in-process.ts'
import { createTransactions } from './transactions.ts'

const VALIDATION = 'com.amazon.coral.validate#ValidationException'

/** DynamoDB's own limit. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024

export interface DynamoOptions {
  /** Where items survive a restart, a directory of its own; without it, they do not. */
  readonly directory?: string
  /** Port on 127.0.0.1; 0, the default, picks a free one. */
  readonly port?: number
  /** What requests must be signed with; TEST_KEY by default. */
  readonly key?: AccessKey
  /** For how long tokens of transactions stand; epoch milliseconds. */
  readonly nowMs?: () => number
}

/** A running DynamoDB. `url` is the endpoint for the SDK's clients. */
export interface LocalDynamo {
  readonly url: string
  readonly key: AccessKey
  /** Makes calls of an action to come fail; the SDK tries some again. */
  readonly fail: (action: string, failure: DynamoFailure) => void
  readonly clearFailures: () => void
  readonly close: () => Promise<void>
}

/**
 * Starts it, without a table. Rejects where the port is taken.
 *
 * @throws StateError where what an earlier run has left cannot be read.
 */
export async function startDynamo(options: DynamoOptions = {}): Promise<LocalDynamo> {
  const { directory, port = 0, key = TEST_KEY, nowMs = Date.now } = options
  if (directory !== undefined) await tryStore(directory)
  const server = dynalite({ createTableMs: 0, ...(directory === undefined ? {} : { path: directory }) })
  const [listener] = server.listeners('request')
  const serve = listener as Serve
  const ask = askWithin(server, serve)
  const notesFile = directory === undefined ? undefined : `${directory}.transaction.json`
  const transactions = createTransactions({ ask, notesFile, nowMs })
  const gate = createGate()
  const keyNames = new Map<string, readonly string[]>()
  const failures = createDynamoFailures()
  await transactions.finishEarlier()
  const { url, close } = await serveLoopback(
    (request, response) => {
      const refusal = refusalOfKey(request.headers.authorization, key)
      if (refusal) {
        request.resume()
        const message = refusal.message
        answerWith(response, {
          status: refusal.status,
          body: { __type: `com.amazon.coral.service#${refusal.type}`, message },
        })
        return
      }
      void answer(request, response)
    },
    { port, server },
  )
  let closed: Promise<void> | undefined
  return {
    url,
    key,
    fail: failures.plan,
    clearFailures: failures.clear,
    close() {
      // What is under way in dynalite would find its store closed.
      closed ??= gate.enterAlone().then(close)
      return closed
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_REQUEST_BYTES)
    if (body === 'aborted') return
    const action = actionOf(request)
    const input = jsonIn(body)
    const failure = failures.take(action)
    if (failure) {
      if ('isLost' in failure && failure.isLost === 'after') await perform(action, input)
      const told = answerOfFailure(failure)
      if (told) answerWith(response, told)
      else response.destroy()
      return
    }
    if (action === 'PutItem' || action === 'TransactWriteItems') {
      answerWith(response, await perform(action, input))
      return
    }
    const leave = await gate.enter()
    afterAnswer(response, leave)
    reorderAnswer(response)
    const { headers, method, url } = request
    // dynalite reads a request by itself, and knows no more of it than this.
    const whole = Object.assign(Readable.from(body ? [body] : []), { headers, method, url })
    serve.call(server, whole as IncomingMessage, response)
  }

  /** As DynamoDB does, where dynalite is kinder or can do less. */
  async function perform(action: string, input: unknown): Promise<DynamoAnswer> {
    if (action === 'TransactWriteItems') {
      return await inTurn(gate.enterAlone(), () => transactions.write(input))
    }
    const message = action === 'PutItem' ? faultOfPut(input) : undefined
    if (message !== undefined) return { status: 400, body: { __type: VALIDATION, message } }
    if (action === 'PutItem' && isOldWanted(input)) {
      return await inTurn(gate.enter(), () => putNamingOld(ask, input, keyNames))
    }
    return await inTurn(gate.enter(), () => ask(action, input))
  }
}

async function inTurn<T>(turn: Promise<Leave>, work: () => Promise<T>): Promise<T> {
  const leave = await turn
  return await work().finally(leave)
}

/** dynalite says of a store that it cannot open that it is closed, by an exception in a callback of its own. */
async function tryStore(directory: string): Promise<void> {
  const { db } = create({ path: directory })
  try {
    await db.open()
  } catch (cause) {
    throw new StateError(`The ledger in ${directory} is damaged, or another process has it open.`, { cause })
  }
  await db.close()
}

function actionOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target'] ?? '').replace(/^.*\./, '')
}

/** Calls back once the answer is made. */
function afterAnswer(response: ServerResponse, done: () => void): void {
  const end = response.end.bind(response)
  response.end = ((text: unknown) => {
    done()
    return end(text)
  }) as ServerResponse['end']
}

function answerWith(response: ServerResponse, { status, body }: DynamoAnswer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify(reordered(body)))
}

/** DynamoDB keeps no order of members. */
function reorderAnswer(response: ServerResponse): void {
  const end = response.end.bind(response)
  response.end = ((text: unknown) => {
    if (typeof text !== 'string' || !text.includes('"M":{')) return end(text)
    const body = JSON.stringify(reordered(JSON.parse(text)))
    response.removeHeader('x-amz-crc32')
    response.setHeader('content-length', Buffer.byteLength(body))
    return end(body)
  }) as ServerResponse['end']
}

function jsonIn(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}

/** Makes the ledger's table as the stack makes it, and waits until it can be used; one that is there is left alone. */
export async function createTable(
  url: string,
  tableName: string,
  credentials: AccessKey = TEST_KEY,
): Promise<void> {
  const client = new DynamoDBClient({
    ...clientSettings({
      transport: nodeTransport,
      region: 'us-east-1',
      endpoint: url,
      timeoutMs: 5_000,
      service: 'DynamoDB',
    }),
    credentials,
  })
  const { due, list } = table.indexes
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(table),
        AttributeDefinitions: [
          ...[table, due, list].map(({ partitionKey }) => attribute(partitionKey, 'S')),
          attribute(table.sortKey, 'S'),
          attribute(due.sortKey, due.sortType),
          attribute(list.sortKey, list.sortType),
        ],
        GlobalSecondaryIndexes: [due, list].map((index) => ({
          IndexName: index.name,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'KEYS_ONLY' },
        })),
      }),
    )
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  while (!(await isActive(client, tableName))) await new Promise(setImmediate)
}

async function isActive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }))
  return Table?.TableStatus === 'ACTIVE'
}

interface KeyNames {
  readonly partitionKey: string
  readonly sortKey: string
}

function keySchema({ partitionKey, sortKey }: KeyNames): KeySchemaElement[] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ]
}

function attribute(AttributeName: string, AttributeType: 'S' | 'N'): AttributeDefinition {
  return { AttributeName, AttributeType }
}
