/** Transactions of the laptop's DynamoDB, which stand in for DynamoDB's own. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ScanCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTable, startDynamo } from '../../../../infra/local/aws/dynamo/dynamo.ts'
import { askWithin } from '../../../../infra/local/aws/dynamo/in-process.ts'
import { createTransactions } from '../../../../infra/local/aws/dynamo/transactions.ts'
import { ledgerClient } from '../../../../lib/aws/dynamo-client.ts'
import { nodeTransport } from '../../../../lib/transport/transport.ts'

const TableName = 'changes'

const put = (pk: string, members: Readonly<Record<string, unknown>> = {}) => ({
  Put: { TableName, Item: { pk, sk: 'x', ...members } },
})

const putIf = (pk: string, of: string, members: Readonly<Record<string, unknown>> = {}) => ({
  Put: {
    TableName,
    Item: { pk, sk: 'x', ...members },
    ConditionExpression: '#of = :of',
    ExpressionAttributeNames: { '#of': 'of' },
    ExpressionAttributeValues: { ':of': of },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  },
})

async function transacting(nowMs?: () => number) {
  const dynamo = await startDynamo(nowMs ? { nowMs } : {})
  onTestFinished(dynamo.close)
  await createTable(dynamo.url, TableName)
  const client = ledgerClient(nodeTransport, 'us-east-1', dynamo.url)
  return {
    send: (TransactItems: TransactWriteCommandInput['TransactItems'], ClientRequestToken?: string) =>
      client.send(new TransactWriteCommand({ TransactItems, ClientRequestToken })),
    /** What is in the table, by partition key. */
    async scan() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }))
      return Object.fromEntries(Items.map((item) => [item['pk'], item['of']]))
    },
  }
}

describe('a transaction on the laptop', () => {
  it('puts all of it', async () => {
    const { send, scan } = await transacting()
    await send([put('a', { of: 'one' }), put('b', { of: 'one' })])
    await send([putIf('a', 'one', { of: 'two' }), put('c', { of: 'two' })])
    expect(await scan()).toEqual({ a: 'two', b: 'one', c: 'two' })
  })

  it('puts nothing where one condition fails, and says of each item in order why, with what stands there', async () => {
    const { send, scan } = await transacting()
    await send([put('a', { of: 'one' }), put('b', { of: 'one' })])
    const refused = send([
      putIf('a', 'one', { of: 'two' }),
      putIf('b', 'else', { of: 'two' }),
      putIf('c', 'else', { of: 'two' }),
      put('d'),
    ])
    await expect(refused).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, None]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: 'b' }, sk: { S: 'x' }, of: { S: 'one' } },
        },
        { Code: 'ConditionalCheckFailed' },
        { Code: 'None' },
      ],
    })
    expect(await scan()).toEqual({ a: 'one', b: 'one' })
  })

  it('is known by its token for ten minutes, and carried out anew then', async () => {
    let nowMs = 0
    const { send, scan } = await transacting(() => nowMs)
    await send([put('a', { of: 'one' }), put('b')], 'token-1')
    await send([put('a', { of: 'two' })], 'token-2')
    nowMs = 599_999
    await send([put('a', { of: 'one' }), put('b')], 'token-1')
    expect(await scan()).toMatchObject({ a: 'two' })
    await expect(send([put('a', { of: 'three' })], 'token-1')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    })
    nowMs = 600_000
    await send([put('a', { of: 'one' }), put('b')], 'token-1')
    expect(await scan()).toMatchObject({ a: 'one' })
  })

  it('leaves its token free where it was refused', async () => {
    const { send, scan } = await transacting()
    const writes = [putIf('a', 'one', { of: 'two' })]
    await expect(send(writes, 'token-1')).rejects.toMatchObject({ name: 'TransactionCanceledException' })
    await send([put('a', { of: 'one' })])
    await send(writes, 'token-1')
    expect(await scan()).toEqual({ a: 'two' })
  })

  it.each([
    ['101 items', Array.from({ length: 101 }, (_, n) => put(`${n}`))],
    ['no items', []],
    ['one item twice', [put('a'), put('a')]],
    ['more than 4 MB', Array.from({ length: 11 }, (_, n) => put(`${n}`, { text: 'x'.repeat(390_000) }))],
    ['an item of more than 400 kB', [put('a', { text: 'x'.repeat(410_000) })]],
    ['an item without its key', [{ Put: { TableName, Item: { pk: 'a' } } }]],
    ['a condition that is none', [{ Put: { ...put('a').Put, ConditionExpression: 'no' } }]],
    ['a deletion', [{ Delete: { TableName, Key: { pk: 'a', sk: 'x' } } }]],
    ['an update', [{ Update: { TableName, Key: { pk: 'a', sk: 'x' }, UpdateExpression: 'SET a = a' } }]],
  ] as const)('has not %s', async (_, items) => {
    const { send, scan } = await transacting()
    await expect(send([...items])).rejects.toMatchObject({ name: 'ValidationException' })
    expect(await scan()).toEqual({})
  })

  it('is of a table that is there', async () => {
    const { send } = await transacting()
    const elsewhere = { Put: { TableName: 'elsewhere', Item: { pk: 'a', sk: 'x' } } }
    await expect(send([elsewhere, put('a')])).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('is seen whole or not at all by those who read meanwhile', async () => {
    const { send, scan } = await transacting()
    const names = Array.from({ length: 50 }, (_, n) => `${n}`)
    const write = (of: string) => send(names.map((name) => put(name, { of })))
    await write('0')
    const writes = Array.from({ length: 10 }, (_, n) => write(`${n + 1}`))
    const reads = await Promise.all(Array.from({ length: 30 }, scan))
    await Promise.all(writes)
    for (const read of [...reads, await scan()]) expect(new Set(Object.values(read)).size).toBe(1)
  })

  it('of two that put over the same item on condition, only one goes through', async () => {
    const { send, scan } = await transacting()
    await send([put('a', { of: 'before' })])
    const sent = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => send([putIf('a', 'before', { of: `${n}` }), put(`row-${n}`)])),
    )
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(Object.keys(await scan())).toHaveLength(2)
  })
})

describe('a run that is killed in the middle of a transaction', () => {
  /** dynalite in memory, and what a run would find of its notes. */
  async function killable() {
    const directory = await mkdtemp(join(tmpdir(), 'ledger-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const server = dynalite({ createTableMs: 0 })
    const [serve] = server.listeners('request')
    if (serve === undefined) throw new Error('dynalite has no listener')
    const ask = askWithin(server, serve as Parameters<typeof askWithin>[1])
    await ask('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    })
    while (JSON.stringify((await ask('DescribeTable', { TableName })).body).includes('CREATING')) {
      await new Promise(setImmediate)
    }
    const notesFile = join(directory, 'notes.json')
    const names = async () => {
      const { Items } = (await ask('Scan', { TableName })).body as { Items: { pk: { S: string } }[] }
      return Items.map(({ pk }) => pk.S).toSorted()
    }
    return { ask, notesFile, names }
  }

  const input = {
    TransactItems: ['a', 'b', 'c'].map((pk) => ({ Put: { TableName, Item: { pk: { S: pk } } } })),
  }

  it.each([0, 1, 2, 3])('after %i of its three puts is found whole when it starts again', async (puts) => {
    const { ask, notesFile, names } = await killable()
    let carriedOut = 0
    const killed = createTransactions({
      async ask(action, members) {
        if (action === 'PutItem' && carriedOut++ >= puts) throw new Error('killed')
        const answer = await ask(action, members)
        // All were put, and the run was killed before it could cross its notes out.
        if (action === 'PutItem' && puts === 3 && carriedOut === 3) throw new Error('killed')
        return answer
      },
      notesFile,
      nowMs: () => 0,
    })
    await expect(killed.write(input)).rejects.toThrow('killed')
    expect(existsSync(notesFile)).toBe(true)
    const next = createTransactions({ ask, notesFile, nowMs: () => 0 })
    await next.finishEarlier()
    expect(await names()).toEqual(['a', 'b', 'c'])
    expect(existsSync(notesFile)).toBe(false)
  })

  it('before anything was noted is found without it', async () => {
    const { ask, notesFile, names } = await killable()
    const killed = createTransactions({
      async ask(action, members) {
        if (action === 'BatchGetItem') throw new Error('killed')
        return await ask(action, members)
      },
      notesFile,
      nowMs: () => 0,
    })
    await expect(killed.write(input)).rejects.toThrow('killed')
    await createTransactions({ ask, notesFile, nowMs: () => 0 }).finishEarlier()
    expect(await names()).toEqual([])
  })

  it('is said to have left notes that cannot be read, where they cannot', async () => {
    const { ask, notesFile } = await killable()
    await writeFile(notesFile, '[{')
    await expect(createTransactions({ ask, notesFile, nowMs: () => 0 }).finishEarlier()).rejects.toThrow(
      `cannot be read from ${notesFile}`,
    )
  })
})
