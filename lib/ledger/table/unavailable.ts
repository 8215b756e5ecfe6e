import { GatewayError } from '../../errors.ts'

/** Throttling and outages of DynamoDB are over in seconds. */
const RETRY_AFTER_SECONDS = 5

/** Too much to do for now, or an answer that never came (what clientSettings calls it). */
const passing: readonly string[] = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'ThrottlingException',
  'Throttling',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  'ReplicatedWriteConflictException',
  'TransactionConflictException',
  'TimeoutError',
]

/**
 * The table is not there or being made anew, its key may not be used, or the function's role may not use it: no fault
 * of a request, and nothing that a caller can mend. Whatever KMS refuses is named after it.
 */
const operators: readonly string[] = [
  'ResourceNotFoundException',
  'TableNotFoundException',
  'IndexNotFoundException',
  'ResourceInUseException',
  'TableInUseException',
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  'OptInRequired',
  'CredentialsProviderError',
  'InaccessibleEncryptionCredentialsException',
]

export function unavailable(cause: unknown): GatewayError {
  return refusal(
    'The ledger of changes cannot be reached or is throttled; try again with the same Idempotency-Key',
    cause,
  )
}

/**
 * What a failed call of DynamoDB is to the rest of the gateway: where the ledger cannot be used it is a 503, whoever is
 * to mend that. Anything else, such as a request that DynamoDB holds to be wrong, is a mistake of ours and stays as it is.
 */
export function ledgerErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (passing.includes(error.name) || statusOf(error) >= 500) return unavailable(error)
  if (!operators.includes(error.name) && !error.name.startsWith('KMS')) return error
  return refusal(
    "The ledger of changes is not there, or the gateway may not use it: whoever operates the gateway must look, and the function's log says why. Try again later, with the same Idempotency-Key",
    error,
  )
}

function refusal(message: string, cause: unknown): GatewayError {
  return new GatewayError('ledger.unavailable', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause })
}

function statusOf(error: Error): number {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined
  return typeof status === 'number' ? status : 0
}
