/** The laptop's DynamoDB. */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTable, startDynamo } from '../../../../infra/local/aws/dynamo/dynamo.ts'
import { ledgerClient } from '../../../../lib/aws/dynamo-client.ts'
import { dynamoLedger } from '../../../../lib/ledger/dynamo-ledger.ts'
import { nodeTransport } from '../../../../lib/transport/transport.ts'
import { createOn, newHeader } from '../../../ledger/records.ts'
import { documentClient } from '../../../support/ledger/documents.ts'

function ledgerAt(url: string) {
  return dynamoLedger({ client: ledgerClient(nodeTransport, 'us-east-1', url), tableName: 'changes' })
}

describe('DynamoDB on the laptop', () => {
  it('keeps its items over a restart where it has a directory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ledger-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const first = await startDynamo({ directory })
    await createTable(first.url, 'changes')
    const header = await createOn(ledgerAt(first.url), newHeader({ dueAtMs: 7 }))
    await first.close()

    const second = await startDynamo({ directory })
    onTestFinished(second.close)
    await createTable(second.url, 'changes')
    const ledger = ledgerAt(second.url)
    expect(await ledger.get(header.id)).toEqual(header)
    expect(await ledger.due(7, 10)).toEqual([header.id])
    expect((await ledger.list({ filter: {}, limit: 10 })).headers).toEqual([header])
  })

  it('leaves a table alone that is there', async () => {
    const dynamo = await startDynamo()
    onTestFinished(dynamo.close)
    await createTable(dynamo.url, 'changes')
    const ledger = ledgerAt(dynamo.url)
    const header = await createOn(ledger, newHeader())
    await createTable(dynamo.url, 'changes')
    expect(await ledger.get(header.id)).toEqual(header)
  })

  it('goes on where a caller hangs up in the middle', async () => {
    const dynamo = await startDynamo()
    onTestFinished(dynamo.close)
    const { port } = new URL(dynamo.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: local\r\ncontent-length: 100\r\n\r\n{"', () =>
          socket.destroy(),
        )
      })
      socket.on('close', () => resolve())
    })
    await createTable(dynamo.url, 'changes')
    expect(await ledgerAt(dynamo.url).get('nowhere')).toBeUndefined()
  })

  it('listens on the port it is given, and not once it is closed', async () => {
    const first = await startDynamo()
    const port = Number(new URL(first.url).port)
    await expect(startDynamo({ port })).rejects.toThrow('EADDRINUSE')
    await first.close()
    const second = await startDynamo({ port })
    expect(second.url).toBe(first.url)
    await second.close()
  })
})

describe('DynamoDB on the laptop refuses what DynamoDB refuses', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 'x' : { in: nested(levels - 1) })
  const refused = { name: 'ValidationException' }

  async function putting() {
    const dynamo = await startDynamo()
    onTestFinished(dynamo.close)
    await createTable(dynamo.url, 'changes')
    const client = documentClient(dynamo.url)
    return (members: Record<string, unknown>) =>
      client.send(new PutCommand({ TableName: 'changes', Item: { pk: 'p', sk: 's', ...members } }))
  }

  it.each([
    ['an attribute without a name', { '': 1 }],
    ['one within a map', { a: { '': 1 } }],
    ['one within a list', { a: [{ b: { '': 1 } }] }],
    ['a name of 64 kB', { ['n'.repeat(65_536)]: 1 }],
    ['32 maps within each other', { a: nested(32) }],
    ['an empty key of an index', { listPk: '', listSk: 'x' }],
    ['a partition key of an index over 2,048 bytes', { listPk: 'é'.repeat(1_025), listSk: 'x' }],
    ['a sort key of an index over 1,024 bytes', { listPk: 'x', listSk: 'x'.repeat(1_025) }],
    ['more than 400 kB', { a: 'x'.repeat(409_600) }],
    ['a number of 39 digits', { a: BigInt('1'.repeat(39)) }],
  ])('%s', async (_, members) => {
    const put = await putting()
    await expect(put(members)).rejects.toMatchObject(refused)
  })

  it('and takes what it takes', async () => {
    const put = await putting()
    await put({ a: nested(31), b: '', c: [], d: {}, listPk: 'x'.repeat(2_048), listSk: 'x'.repeat(1_024) })
  })

  it('and keeps no order of members', async () => {
    const dynamo = await startDynamo()
    onTestFinished(dynamo.close)
    await createTable(dynamo.url, 'changes')
    const client = documentClient(dynamo.url)
    const record = { alpha: 1, beta: { gamma: 1, delta: 2 } }
    await client.send(new PutCommand({ TableName: 'changes', Item: { pk: 'p', sk: 's', record } }))
    const { Item } = await client.send(new GetCommand({ TableName: 'changes', Key: { pk: 'p', sk: 's' } }))
    expect(Item?.['record']).toEqual(record)
    expect(JSON.stringify(Item?.['record'])).not.toBe(JSON.stringify(record))
  })
})
