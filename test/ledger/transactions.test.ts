/** Transactions as DynamoDB answers them: on the laptop's, and on Amazon's DynamoDB Local. */
import { randomUUID } from 'node:crypto'
import { ScanCommand, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { documentClient } from '../support/ledger/documents.ts'
import { ledgerForTests } from '../support/ledger/ledger.ts'

type Items = NonNullable<TransactWriteCommandInput['TransactItems']>

/** Filled in as it is sent. */
const TableName = ''

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

async function transacting() {
  const { url, tableName } = await ledgerForTests()
  const client = documentClient(url)
  const inTable = (items: Items) =>
    JSON.parse(JSON.stringify(items).replaceAll('"TableName":""', `"TableName":"${tableName}"`))
  return {
    send: (items: Items, ClientRequestToken?: string) =>
      client.send(new TransactWriteCommand({ TransactItems: inTable(items), ClientRequestToken })),
    /** What is in the table, by partition key. */
    async scan() {
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName: tableName, ConsistentRead: true }),
      )
      return Object.fromEntries(Items.map((item) => [item['pk'], item['of']]))
    },
  }
}

describe('a transaction', () => {
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

  it('is carried out once under its token, and no other is under the same', async () => {
    const { send, scan } = await transacting()
    const token = randomUUID()
    await send([put('a', { of: 'one' }), put('b')], token)
    await send([put('a', { of: 'two' })])
    await send([put('a', { of: 'one' }), put('b')], token)
    expect(await scan()).toMatchObject({ a: 'two' })
    await expect(send([put('a', { of: 'three' })], token)).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    })
  })

  it('leaves its token free where it was refused', async () => {
    const { send, scan } = await transacting()
    const writes = [putIf('a', 'one', { of: 'two' })]
    const token = randomUUID()
    await expect(send(writes, token)).rejects.toMatchObject({ name: 'TransactionCanceledException' })
    await send([put('a', { of: 'one' })])
    await send(writes, token)
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
