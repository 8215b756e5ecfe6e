/** What DynamoDB is told to do wrong: refusals, cancelled transactions, answers that are lost. */
import type { DynamoAnswer } from './in-process.ts'
import { cancelledFor } from './transactions.ts'

const TYPES = 'com.amazonaws.dynamodb.v20120810'

/** A failure to come, and how often (default once). */
export type DynamoFailure = { readonly times?: number } & (
  | {
      /** DynamoDB's name of the error, e.g. `TransactionInProgressException`, and its HTTP status (default 400). */
      readonly type: string
      readonly status?: number
    }
  /** Of TransactWriteItems: cancelled for these reasons, in the order of its items, e.g. `TransactionConflict` and `None`. */
  | { readonly reasons: readonly string[] }
  /** The connection breaks in place of an answer, before the request is carried out or after it. */
  | { readonly isLost: 'before' | 'after' }
)

export interface DynamoFailures {
  plan(action: string, failure: DynamoFailure): void
  /** The failure that this call was told to have, if any. */
  take(action: string): DynamoFailure | undefined
  /** Forgets those that are still to come. */
  clear(): void
}

export function createDynamoFailures(): DynamoFailures {
  let planned: { readonly action: string; readonly failure: DynamoFailure; left: number }[] = []
  return {
    plan(action, failure) {
      planned.push({ action, failure, left: failure.times ?? 1 })
    },
    take(action) {
      const next = planned.find((each) => each.left > 0 && each.action === action)
      if (next) next.left -= 1
      return next?.failure
    },
    clear() {
      planned = []
    },
  }
}

/** @returns undefined where there is none, since it is lost. */
export function answerOfFailure(failure: DynamoFailure): DynamoAnswer | undefined {
  if ('isLost' in failure) return undefined
  if ('reasons' in failure) return cancelledFor(failure.reasons.map((Code) => ({ Code })))
  const { type, status = 400 } = failure
  return { status, body: { __type: `${TYPES}#${type}`, message: 'It was told to fail.' } }
}
