/**
 * DynamoDB for the bench: dynalite in memory with the ledger's table, behind a proxy that counts what it is asked and
 * holds each answer back until the call has taken as long as is stated.
 */
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { createTable, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { listen } from '../../../infra/local/loopback.ts'
import { LEDGER_TABLE } from '../writes/ledger-table.ts'
import { monotonicMs } from './monotonic.ts'

/** A call as `GET /__ledger/calls` lists it. Times are the machine's monotonic clock, which all processes share. */
export interface LedgerCall {
  /** E.g. `PutItem`. */
  readonly action: string
  /** From its arrival to its answer, milliseconds. */
  readonly startedAtMs: number
  readonly endedAtMs: number
}

/** How long a call takes at least, milliseconds. */
export interface LedgerTimes {
  readonly ledgerMs: number
  /** Beyond that for each item of a transaction. */
  readonly ledgerItemMs: number
}

const agent = new http.Agent({ keepAlive: true })

/**
 * @param times 0 leaves a call as dynalite is.
 * @returns its address, for the SDK's clients.
 */
export async function startLedger({ ledgerMs, ledgerItemMs }: LedgerTimes): Promise<string> {
  const dynamo = await startDynamo()
  await createTable(dynamo.url, LEDGER_TABLE)
  const calls: LedgerCall[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAtMs = monotonicMs()
    const body = await bytesOf(request)
    if (request.url === '/__ledger/calls') return void response.end(JSON.stringify(calls))
    const { status, headers, bytes } = await handedOn(dynamo.url, request, body)
    const leastMs = ledgerMs + (ledgerItemMs === 0 ? 0 : ledgerItemMs * transactedIn(body))
    const leftMs = leastMs - (monotonicMs() - startedAtMs)
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
    const [, action = ''] = String(request.headers['x-amz-target']).split('.')
    calls.push({ action, startedAtMs, endedAtMs: monotonicMs() })
    response.writeHead(status, headers).end(bytes)
  }

  return await listen(
    http.createServer((request, response) => void answer(request, response)),
    0,
  )
}

/** How many items a call's transaction has. */
function transactedIn(body: Buffer): number {
  const { TransactItems = [] }: { TransactItems?: readonly unknown[] } = JSON.parse(body.toString('utf8'))
  return TransactItems.length
}

async function handedOn(url: string, { method, headers }: IncomingMessage, body: Buffer) {
  const outgoing = http.request(url, { method, headers: { ...headers, host: new URL(url).host }, agent })
  outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 500, headers: response.headers, bytes: await bytesOf(response) }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await message.toArray())
}
