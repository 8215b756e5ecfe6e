/** A proxy before the ledger that counts what DynamoDB would charge for (developer guide, "DynamoDB on-demand capacity mode"). */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import * as z from 'zod'

export interface Metered {
  calls: number
  writeUnits: number
  readUnits: number
}

export interface MeteredLedger {
  readonly url: string
  /** Of everything so far. */
  readonly metered: Metered
  readonly close: () => Promise<void>
}

const WRITE_UNIT_BYTES = 1024
const READ_UNIT_BYTES = 4096
/** What is in a transaction is prepared, then committed. */
const TRANSACTED = 2

const Value = z.record(z.string(), z.unknown())
const Item = z.record(z.string(), Value)
type Item = z.infer<typeof Item>

const Request = z.looseObject({
  Item: Item.optional(),
  ConsistentRead: z.boolean().optional(),
  TransactItems: z
    .array(
      z.looseObject({
        Put: z.looseObject({ Item }).optional(),
        ConditionCheck: z.looseObject({}).optional(),
      }),
    )
    .optional(),
  RequestItems: z
    .record(z.string(), z.looseObject({ Keys: z.array(Item), ConsistentRead: z.boolean().optional() }))
    .optional(),
})
const Answer = z.looseObject({
  Item: Item.optional(),
  Items: z.array(Item).optional(),
  Responses: z.record(z.string(), z.array(Item)).optional(),
})

/** What an index has an entry by, where an item is in it. */
const INDEXED = [
  ['duePk', 'dueAt'],
  ['listPk', 'listSk'],
] as const

/** @param upstream where the ledger is. */
export async function meterLedger(upstream: string): Promise<MeteredLedger> {
  const metered: Metered = { calls: 0, writeUnits: 0, readUnits: 0 }
  const agent = new http.Agent({ keepAlive: true })
  /** By an item's key: its entries in the indexes. */
  const entries = new Map<string, readonly string[]>()

  /** An entry that changes is taken out and put in. */
  function indexUnits(item: Item): number {
    const key = JSON.stringify([item['pk'], item['sk']])
    const before = entries.get(key) ?? []
    const now = INDEXED.map(([pk, sk]) => (item[pk] && item[sk] ? JSON.stringify([item[pk], item[sk]]) : ''))
    entries.set(key, now)
    return now.reduce((units, entry, index) => {
      const old = before[index] ?? ''
      return entry === old ? units : units + (old === '' ? 0 : 1) + (entry === '' ? 0 : 1)
    }, 0)
  }

  function meter(action: string, request: z.infer<typeof Request>, answer: z.infer<typeof Answer>): void {
    metered.calls += 1
    const share = request.ConsistentRead === true ? 1 : 0.5
    if (action === 'PutItem' && request.Item)
      metered.writeUnits += unitsOf([request.Item], WRITE_UNIT_BYTES) + indexUnits(request.Item)
    if (action === 'TransactWriteItems')
      for (const { Put, ConditionCheck } of request.TransactItems ?? []) {
        if (Put)
          metered.writeUnits += TRANSACTED * unitsOf([Put.Item], WRITE_UNIT_BYTES) + indexUnits(Put.Item)
        if (ConditionCheck) metered.writeUnits += TRANSACTED
      }
    if (action === 'GetItem')
      metered.readUnits += share * Math.max(1, unitsOf(answer.Item ? [answer.Item] : [], READ_UNIT_BYTES))
    if (action === 'BatchGetItem')
      for (const [table, { Keys, ConsistentRead }] of Object.entries(request.RequestItems ?? {})) {
        const found = answer.Responses?.[table] ?? []
        const units = unitsOf(found, READ_UNIT_BYTES) + Keys.length - found.length
        metered.readUnits += (ConsistentRead === true ? 1 : 0.5) * units
      }
    if (action === 'Query') {
      const bytes = (answer.Items ?? []).reduce((sum, item) => sum + bytesOf(item), 0)
      metered.readUnits += share * Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES))
    }
  }

  async function handOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const [, action = ''] = String(incoming.headers['x-amz-target']).split('.')
    const { method, headers } = incoming
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const host = new URL(upstream).host
      http
        .request(upstream, { method, headers: { ...headers, host }, agent }, resolve)
        .on('error', reject)
        .end(body)
    })
    const bytes = await buffer(answer)
    meter(action, Request.parse(JSON.parse(body.toString())), Answer.parse(JSON.parse(bytes.toString())))
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(bytes)
  }

  const server = http.createServer((incoming, outgoing) => {
    handOn(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    metered,
    async close() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function unitsOf(items: readonly Item[], unitBytes: number): number {
  return items.reduce((units, item) => units + Math.max(1, Math.ceil(bytesOf(item) / unitBytes)), 0)
}

/** Developer guide, "DynamoDB item sizes and formats": names and values as UTF-8, lists and maps with a little for each. */
function bytesOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  )
}

function valueBytes(value: z.infer<typeof Value>): number {
  const [type = '', content] = Object.entries(value)[0] ?? []
  if (type === 'S') return Buffer.byteLength(String(content))
  // 38 digits are 21 bytes: a byte for two, and one.
  if (type === 'N') return Math.ceil(String(content).length / 2) + 1
  if (type === 'B') return Buffer.byteLength(String(content), 'base64')
  if (type === 'L')
    return (
      3 +
      z
        .array(Value)
        .parse(content)
        .reduce((sum, each) => sum + 1 + valueBytes(each), 0)
    )
  if (type === 'M') return 3 + Object.keys(Item.parse(content)).length + bytesOf(Item.parse(content))
  return 1
}
