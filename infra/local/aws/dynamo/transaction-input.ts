/** A TransactWriteItems request, checked as DynamoDB does. Of its kinds of writes there is Put alone: no role of the gateway may do another. */
import { createHash } from 'node:crypto'
import { type DynaliteFault, itemSize } from 'dynalite/db/index.js'
import { type CheckedPut, checkTypes, checkValidations } from 'dynalite/validations/index.js'
import { custom, types } from 'dynalite/validations/putItem.js'
import { faultOfPut } from './dynamo-limits.ts'
import type { DynamoAnswer } from './in-process.ts'

/** DynamoDB's limits (Developer Guide, quotas). */
const MAX_ITEMS = 100
const MAX_BYTES = 4 * 1024 * 1024
const MAX_ITEM_BYTES = 400 * 1024
const MAX_TOKEN_LENGTH = 36

export interface TransactionInput {
  readonly puts: readonly WantedPut[]
  readonly token: string | undefined
  /** Of all that it says but the token. */
  readonly digest: string
}

export interface WantedPut {
  readonly put: CheckedPut
  /** Whether a refusal is to name what stands there. */
  readonly isOldWanted: boolean
}

/** @throws TransactionRefusal */
export function transactionIn(input: unknown): TransactionInput {
  const { TransactItems: items, ClientRequestToken: token, ...others } = isObject(input) ? input : {}
  if (!Array.isArray(items)) throw refused('transactItems', 'null', 'not be null')
  if (items.length < 1) throw refused('transactItems', '[]', 'have length greater than or equal to 1')
  if (items.length > MAX_ITEMS) {
    throw refused('transactItems', '[...]', `have length less than or equal to ${MAX_ITEMS}`)
  }
  if (token !== undefined && (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN_LENGTH)) {
    const bound = token === '' ? 'greater than or equal to 1' : `less than or equal to ${MAX_TOKEN_LENGTH}`
    throw refused('clientRequestToken', String(token), `have length ${bound}`)
  }
  const conditions = new Map<string, CheckedPut['_condition']>()
  const puts = items.map((entry) => wantedPut(entry, conditions))
  const bytes = puts.reduce((sum, { put }) => sum + itemSize(put.Item), 0)
  if (bytes > MAX_BYTES) throw invalid('Collection size of the transaction request exceeds the limit of 4MB')
  return {
    puts,
    token,
    digest: createHash('sha256')
      .update(JSON.stringify([items, others]))
      .digest('hex'),
  }
}

/** @param conditions that were read already, by what they say: the puts of one transaction have few, and reading takes long. */
function wantedPut(entry: unknown, conditions: Map<string, CheckedPut['_condition']>): WantedPut {
  const { Put: put, ...others } = isObject(entry) ? entry : {}
  if (!isObject(put) || Object.keys(others).length > 0) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete, and here only Put')
  }
  const fault = faultOfPut(put)
  if (fault !== undefined) throw invalid(fault)
  const { ReturnValuesOnConditionCheckFailure: returned, ...input } = put
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ...unconditional } = input
  const condition = JSON.stringify([ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues])
  const isKnown = conditions.has(condition)
  try {
    const checked = checkTypes(structuredClone(isKnown ? unconditional : input), types)
    checkValidations(checked, types, custom, { options: { maxItemSize: MAX_ITEM_BYTES } })
    if (!isKnown) conditions.set(condition, checked._condition)
    const _condition = conditions.get(condition)
    return { put: { ...checked, ...(_condition && { _condition }) }, isOldWanted: returned === 'ALL_OLD' }
  } catch (error) {
    throw isDynaliteFault(error)
      ? new TransactionRefusal({ status: error.statusCode, body: error.body })
      : error
  }
}

/** A request that is refused, with its answer. */
export class TransactionRefusal extends Error {
  override readonly name = 'TransactionRefusal'
  readonly answer: DynamoAnswer

  constructor(answer: DynamoAnswer) {
    super('DynamoDB refuses this request')
    this.answer = answer
  }
}

export function invalid(message: string): TransactionRefusal {
  return new TransactionRefusal({
    status: 400,
    body: { __type: 'com.amazon.coral.validate#ValidationException', message },
  })
}

function refused(path: string, value: string, must: string): TransactionRefusal {
  return invalid(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must ${must}`,
  )
}

function isDynaliteFault(error: unknown): error is DynaliteFault {
  return error instanceof Error && 'statusCode' in error && 'body' in error
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
