import { describe, expect, it } from 'vitest'
import { callsOf } from './calls.ts'
import { type Command, carriedCommands, commandsIn } from './carried-commands.ts'
import { Deployed } from './deployed.ts'
import { requestsOf } from './requests.ts'

describe('what a function carries', () => {
  it('is read of every function that the stack deploys, and of no other', async () => {
    const carried = await carriedCommands()
    expect([...carried.keys()].sort()).toEqual([...new Deployed('chat').stack.lambdaNames()].sort())
    expect([...(carried.get('get-license-user') ?? [])].sort()).toEqual([
      'secretsmanager:GetSecretValue',
      'secretsmanager:RotateSecret',
    ])
    expect(carried.get('teams')).toContain('lambda:InvokeFunction')
    expect(carried.get('authorize')).toEqual(new Set())
  })

  it('are the commands that are used, by whatever name', () => {
    const code = [
      'import { PutItemCommand, GetItemCommand as GetItemCommand2, ScanCommand } from "@aws-sdk/client-dynamodb";',
      'import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";',
      'await new SQSClient({}).send(new SendMessageCommand({}));',
      'send(new PutItemCommand({})); send(new GetItemCommand2({}));',
    ].join('\n')
    expect([...commandsIn(code)].sort()).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'sqs:SendMessage'])
  })

  it('are of a transaction what its items do beside being put', () => {
    const transaction = (item: string) =>
      commandsIn(
        [
          'import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";',
          `new TransactWriteItemsCommand({ TransactItems: [{ ${item} }] })`,
        ].join('\n'),
      )
    expect(transaction('Put')).toEqual(new Set(['dynamodb:TransactWriteItems']))
    expect(transaction('Delete: { Key }')).toContain('dynamodb:DeleteItem')
    expect(transaction('ConditionCheck')).toContain('dynamodb:ConditionCheckItem')
  })

  it.each([
    [
      'a client of all commands',
      'import { DynamoDB } from "@aws-sdk/client-dynamodb";\nnew DynamoDB()',
      'DynamoDB',
    ],
    [
      'another service',
      'import { PutObjectCommand } from "@aws-sdk/client-s3";\nnew PutObjectCommand()',
      'PutObject',
    ],
    [
      'a paginator',
      'import { paginateScan } from "@aws-sdk/client-dynamodb";\npaginateScan()',
      'paginateScan',
    ],
    [
      'a signer of anything',
      'import { SignatureV4 } from "@smithy/signature-v4";\nnew SignatureV4({})',
      'SignatureV4',
    ],
    ['a whole package', 'import * as sqs from "@aws-sdk/client-sqs";\nsqs.x()', 'imported whole'],
    ['what is imported late', 'await import("@aws-sdk/client-sqs")', 'where it is used'],
  ])('is not guessed of %s', (_, code, why) => {
    expect(() => commandsIn(code)).toThrow(why)
  })
})

describe('the calls of a function', () => {
  const deployed = new Deployed('chat')
  const calls = (name: string, ...commands: readonly Command[]) =>
    callsOf(name, new Set(commands), deployed, requestsOf(deployed)).map(({ action }) => action)

  it('are none of a command that nothing explains', () => {
    expect(() => calls('get-license-user', 'secretsmanager:GetSecretValue', 'sqs:SendMessage')).toThrow(
      'get-license-user carries sqs:SendMessage',
    )
    expect(() => calls('put-toggle', 'dynamodb:DeleteItem')).toThrow('put-toggle carries dynamodb:DeleteItem')
  })

  it('are not said of a use for which there is no command', () => {
    expect(() => calls('get-change', 'events:PutEvents')).toThrow('get-change carries events:PutEvents')
    expect(() => calls('get-change')).toThrow('get-change is said to use ledger')
  })

  it('are puts, where items are put together', () => {
    expect(calls('cancel-change', 'dynamodb:TransactWriteItems')).toContain('dynamodb:PutItem')
    expect(calls('get-change', 'dynamodb:GetItem', 'dynamodb:TransactWriteItems')).not.toContain(
      'dynamodb:PutItem',
    )
  })

  it('are declared of each function, or it is said of which they are not', () => {
    expect(() => calls('list-seats')).toThrow('What list-seats does with AWS is declared nowhere')
  })
})
