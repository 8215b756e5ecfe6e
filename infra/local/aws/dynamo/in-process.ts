/** dynalite asked from within: no socket, no signature, no turn of its own. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** An answer as it would go over the wire. */
export interface DynamoAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export type AskDynamo = (action: string, input: unknown) => Promise<DynamoAnswer>

/** dynalite's own listener, as much as it asks of a request and does to a response. */
export type Serve = (
  this: Server,
  request: Readable & Pick<IncomingMessage, 'headers' | 'method' | 'url'>,
  response: Pick<ServerResponse, 'statusCode'> & {
    setHeader(name: string, value: string | number): unknown
    end(text: string): unknown
  },
) => void

/** What dynalite looks for in a request that it lets in. */
const headers = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=within, SignedHeaders=host, Signature=none',
  'x-amz-date': '20260101T000000Z',
}

export function askWithin(server: Server, serve: Serve): AskDynamo {
  return (action, input) =>
    new Promise((resolve) => {
      const request = Object.assign(Readable.from([Buffer.from(JSON.stringify(input) ?? '')]), {
        headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${action}` },
        method: 'POST',
        url: '/',
      })
      const response = {
        statusCode: 200,
        setHeader: () => {},
        end: (text: string) => resolve({ status: response.statusCode, body: JSON.parse(text) }),
      }
      serve.call(server, request, response)
    })
}

type Members = Readonly<Record<string, unknown>>

/** Whether a put, where its condition does not hold, is to name the item that stands there; dynalite does not. */
export function isOldWanted(input: unknown): input is Members {
  return (
    typeof input === 'object' &&
    input !== null &&
    'ReturnValuesOnConditionCheckFailure' in input &&
    input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD'
  )
}

/** Beside others: what is named stood there when it was refused, or has come since. @param keyNames of each table, remembered: they never change. */
export async function putNamingOld(
  ask: AskDynamo,
  input: Members,
  keyNames: Map<string, readonly string[]>,
): Promise<DynamoAnswer> {
  const answer = await ask('PutItem', input)
  if (!String(answer.body['__type']).endsWith('ConditionalCheckFailedException')) return answer
  const { TableName, Item } = input as { readonly TableName: string; readonly Item: Members }
  const names =
    keyNames.get(TableName) ?? keyNamesIn((await ask('DescribeTable', { TableName })).body['Table'])
  keyNames.set(TableName, names)
  const found = await ask('GetItem', { TableName, Key: keyOf(names, Item), ConsistentRead: true })
  return { status: answer.status, body: { ...answer.body, ...found.body } }
}

/** The key of an item of a table, as DescribeTable describes it. */
export function keyIn(table: unknown, item: Members): Members {
  return keyOf(keyNamesIn(table), item)
}

function keyNamesIn(table: unknown): readonly string[] {
  const { KeySchema } = table as { readonly KeySchema: readonly { readonly AttributeName: string }[] }
  return KeySchema.map(({ AttributeName }) => AttributeName)
}

function keyOf(names: readonly string[], item: Members): Members {
  return Object.fromEntries(names.map((name) => [name, item[name]]))
}
