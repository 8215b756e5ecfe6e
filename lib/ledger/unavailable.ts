import { GatewayError } from '../errors.ts'

/** What DynamoDB calls it when there is too much to do, and what clientSettings calls an answer that never came. */
const passing: readonly string[] = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'InternalServerError',
  'TimeoutError',
]

/** Throttling and outages of DynamoDB are over in seconds. */
const RETRY_AFTER_SECONDS = 5

export function unavailable(cause: unknown): GatewayError {
  return new GatewayError(
    'ledger.unavailable',
    'The ledger of changes cannot be reached or is throttled; try again with the same Idempotency-Key',
    { retryAfterSeconds: RETRY_AFTER_SECONDS, cause },
  )
}

/**
 * What a failed call of DynamoDB is to the rest of the gateway: an outage passes and is a 503; anything else (a table
 * that is not there, a role that may not) stays as it is.
 */
export function explained(error: unknown): unknown {
  return isPassing(error) ? unavailable(error) : error
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return passing.includes(error.name) || statusOf(error) >= 500
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined
  return typeof status === 'number' ? status : 0
}
