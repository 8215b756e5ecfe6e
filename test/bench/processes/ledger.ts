/**
 * DynamoDB for the bench: dynalite in memory with the ledger's table, behind a proxy that counts what it is asked and
 * holds each answer back until the call has taken as long as is stated.
 */
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { createTable, startDynamo } from '../../../infra/local/aws/dynamo/dynamo.ts'
import { listen } from '../../../infra/local/loopback.ts'
import { LEDGER_TABLE } from '../writes/ledger-table.ts'

/** A call as `GET /__ledger/calls` lists it. */
export interface LedgerCall {
  /** E.g. `PutItem`. */
  readonly action: string
  /** How long it took here, milliseconds. */
  readonly tookMs: number
}

const agent = new http.Agent({ keepAlive: true })

/**
 * @param leastMs a call takes no less than that, milliseconds; 0 leaves it as dynalite is.
 * @returns its address, for the SDK's clients.
 */
export async function startLedger(leastMs: number): Promise<string> {
  const dynamo = await startDynamo()
  await createTable(dynamo.url, LEDGER_TABLE)
  const calls: LedgerCall[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = performance.now()
    const body = await bytesOf(request)
    if (request.url === '/__ledger/calls') return void response.end(JSON.stringify(calls))
    const { status, headers, bytes } = await handedOn(dynamo.url, request, body)
    const leftMs = leastMs - (performance.now() - startedMs)
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
    const [, action = ''] = String(request.headers['x-amz-target']).split('.')
    calls.push({ action, tookMs: performance.now() - startedMs })
    response.writeHead(status, headers).end(bytes)
  }

  return await listen(
    http.createServer((request, response) => void answer(request, response)),
    0,
  )
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
