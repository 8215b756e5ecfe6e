/** Of transactions, what only the laptop's DynamoDB has: its clock, faults that it is told, and being killed. */
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
import { documentClient } from '../../../support/ledger/documents.ts'

const TableName = 'changes'

const put = (pk: string, members: Readonly<Record<string, unknown>> = {}) => ({
  Put: { TableName, Item: { pk, sk: 'x', ...members } },
})

async function transacting(nowMs?: () => number) {
  const dynamo = await startDynamo(nowMs ? { nowMs } : {})
  onTestFinished(dynamo.close)
  await createTable(dynamo.url, TableName)
  const client = documentClient(dynamo.url)
  return {
    fail: dynamo.fail,
    send: (TransactItems: TransactWriteCommandInput['TransactItems'], ClientRequestToken?: string) =>
      client.send(new TransactWriteCommand({ TransactItems, ClientRequestToken })),
    /** What is in the table, by partition key. */
    async scan() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }))
      return Object.fromEntries(Items.map((item) => [item['pk'], item['of']]))
    },
  }
}

describe("the laptop's DynamoDB", () => {
  it('knows a transaction by its token for ten minutes, and carries it out anew then', async () => {
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

  it.each([
    ['a deletion', [{ Delete: { TableName, Key: { pk: 'a', sk: 'x' } } }]],
    ['an update', [{ Update: { TableName, Key: { pk: 'a', sk: 'x' }, UpdateExpression: 'SET a = a' } }]],
  ] as const)('has no transaction with %s, which no role of the gateway may do', async (_, items) => {
    const { send, scan } = await transacting()
    await expect(send([...items])).rejects.toMatchObject({ name: 'ValidationException' })
    expect(await scan()).toEqual({})
  })

  it('fails as it is told: cancelled for reasons, or with its answer lost', async () => {
    const { send, scan, fail } = await transacting()
    fail('TransactWriteItems', { reasons: ['None', 'TransactionConflict'] })
    await expect(send([put('a'), put('b')])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    })
    fail('TransactWriteItems', { type: 'TransactionInProgressException' })
    fail('TransactWriteItems', { isLost: 'before' })
    fail('TransactWriteItems', { isLost: 'after', times: 9 })
    await expect(send([put('a'), put('b')])).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(Object.keys(await scan()).toSorted()).toEqual(['a', 'b'])
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
