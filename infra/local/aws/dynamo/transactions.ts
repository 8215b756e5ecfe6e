/**
 * TransactWriteItems, which dynalite lacks. Whoever calls has the table alone meanwhile. What is to be put is noted on
 * disk before anything is, so that a run that is killed in the middle finds all of it when it starts again, and one that
 * is killed before finds nothing.
 */
import { existsSync, rmSync } from 'node:fs'
import { matchesExprFilter, validateItem } from 'dynalite/db/index.js'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'
import { type AskDynamo, type DynamoAnswer, keyIn } from './in-process.ts'
import { invalid, TransactionRefusal, transactionIn, type WantedPut } from './transaction-input.ts'

/** For so long after a transaction its token stands for it, milliseconds (API reference). */
const TOKEN_MS = 600_000

const TYPES = 'com.amazonaws.dynamodb.v20120810'

export interface CancellationReason {
  readonly Code: string
  readonly Message?: string
  readonly Item?: unknown
}

type Members = Readonly<Record<string, unknown>>

export interface TransactionsOptions {
  readonly ask: AskDynamo
  /** Where what is being put is noted; nowhere where nothing survives a restart. */
  readonly notesFile: string | undefined
  readonly nowMs: () => number
}

export interface Transactions {
  /** Answers a TransactWriteItems request. */
  write(input: unknown): Promise<DynamoAnswer>
  /** Puts what a run that was killed had noted. @throws StateError where its notes cannot be read. */
  finishEarlier(): Promise<void>
}

export function createTransactions({ ask, notesFile, nowMs }: TransactionsOptions): Transactions {
  const tokens = new Map<string, { readonly digest: string; readonly atMs: number }>()

  async function write(input: unknown): Promise<DynamoAnswer> {
    const { puts, token, digest } = transactionIn(input)
    for (const [each, { atMs }] of tokens) if (nowMs() - atMs >= TOKEN_MS) tokens.delete(each)
    const known = token === undefined ? undefined : tokens.get(token)
    if (known) return known.digest === digest ? done : otherUnderToken
    const standing = await itemsStanding(puts)
    const reasons: CancellationReason[] = puts.map(({ put, isOldWanted }, place) => {
      const old = standing[place]
      if (!put._condition || matchesExprFilter(old ?? {}, put._condition.expression)) return { Code: 'None' }
      const Message = 'The conditional request failed'
      return { Code: 'ConditionalCheckFailed', Message, ...(isOldWanted && old && { Item: old }) }
    })
    if (reasons.some(({ Code }) => Code !== 'None')) return cancelledFor(reasons)
    const inputs = puts.map(({ put: { TableName, Item } }) => ({ TableName, Item }))
    if (notesFile !== undefined) writeJsonFile(notesFile, inputs)
    await putAll(inputs)
    if (token !== undefined) tokens.set(token, { digest, atMs: nowMs() })
    return done
  }

  async function putAll(inputs: readonly unknown[]): Promise<void> {
    await Promise.all(
      inputs.map(async (input) => {
        const { status, body } = await ask('PutItem', input)
        if (status !== 200) throw new Error(`A part of a transaction was refused: ${JSON.stringify(body)}`)
      }),
    )
    if (notesFile !== undefined) rmSync(notesFile, { force: true })
  }

  /** What stands under the key of each put. @throws TransactionRefusal where there is no table, a key is none, or one comes twice. */
  async function itemsStanding(puts: readonly WantedPut[]): Promise<readonly (Members | undefined)[]> {
    const standing = new Map<string, Members>()
    const names = new Map<WantedPut, string>()
    for (const tableName of new Set(puts.map(({ put }) => put.TableName))) {
      const { Table: table } = bodyOf(await ask('DescribeTable', { TableName: tableName }))
      const ofTable = puts.filter(({ put }) => put.TableName === tableName)
      for (const wanted of ofTable) {
        const fault = validateItem(wanted.put.Item, table)
        if (fault) throw new TransactionRefusal({ status: fault.statusCode, body: fault.body })
        const name = nameOf(tableName, keyIn(table, wanted.put.Item))
        if ([...names.values()].includes(name)) {
          throw invalid('Transaction request cannot include multiple operations on one item')
        }
        names.set(wanted, name)
      }
      const Keys = ofTable.map(({ put }) => keyIn(table, put.Item))
      const read = await ask('BatchGetItem', {
        RequestItems: { [tableName]: { Keys, ConsistentRead: true } },
      })
      const { [tableName]: items = [] } = bodyOf(read)['Responses'] as Readonly<Record<string, Members[]>>
      for (const item of items) standing.set(nameOf(tableName, keyIn(table, item)), item)
    }
    return puts.map((wanted) => standing.get(names.get(wanted) ?? ''))
  }

  async function finishEarlier(): Promise<void> {
    if (notesFile === undefined || !existsSync(notesFile)) return
    await putAll(notedIn(notesFile))
  }

  return {
    finishEarlier,
    async write(input) {
      try {
        return await write(input)
      } catch (error) {
        if (error instanceof TransactionRefusal) return error.answer
        throw error
      }
    },
  }
}

function notedIn(file: string): readonly unknown[] {
  try {
    const noted = readJsonFile(file)
    if (Array.isArray(noted)) return noted
  } catch (cause) {
    throw new StateError(`What a run was about to put into the ledger cannot be read from ${file}.`, {
      cause,
    })
  }
  throw new StateError(`What a run was about to put into the ledger cannot be read from ${file}.`)
}

const done: DynamoAnswer = { status: 200, body: {} }

const otherUnderToken: DynamoAnswer = {
  status: 400,
  body: {
    __type: `${TYPES}#IdempotentParameterMismatchException`,
    Message: 'The request uses the same client token as a previous, but non-identical request.',
  },
}

/** Reasons stand in the order of the puts. */
export function cancelledFor(reasons: readonly CancellationReason[]): DynamoAnswer {
  const codes = reasons.map(({ Code }) => Code).join(', ')
  return {
    status: 400,
    body: {
      __type: `${TYPES}#TransactionCanceledException`,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      CancellationReasons: reasons,
    },
  }
}

/** @throws TransactionRefusal */
function bodyOf(answer: DynamoAnswer): Members {
  if (answer.status !== 200) throw new TransactionRefusal(answer)
  return answer.body
}

function nameOf(tableName: string, key: Members): string {
  return `${tableName} ${JSON.stringify(key)}`
}
