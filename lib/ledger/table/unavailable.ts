import * as z from 'zod/mini'
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
  return refusal('The ledger of changes cannot be reached or is throttled; try again', cause)
}

/**
 * What a failed call of DynamoDB is to the rest of the gateway: where the ledger cannot be used it is a 503, whoever is
 * to mend that. Anything else, such as a request that DynamoDB holds to be wrong, is a mistake of ours and stays as it is.
 */
export function ledgerErrorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (passing.includes(error.name) || (metadataOf(error).httpStatusCode ?? 0) >= 500)
    return unavailable(error)
  if (!isForOperators(error)) return error
  return refusal(
    "The ledger of changes is not there, or the gateway may not use it: whoever operates the gateway must look, and the function's log says why. Try again later",
    error,
  )
}

/**
 * Whether DynamoDB has refused a call for good, so that nothing of it stands. One that it refuses at a later try may
 * have been carried out by the try before, whose answer was lost.
 *
 * @param error what `ledgerErrorOf` has made of it.
 */
export function isRefusedOutright(error: GatewayError): boolean {
  const { cause } = error
  return cause instanceof Error && isForOperators(cause) && metadataOf(cause).attempts === 1
}

function isForOperators({ name }: Error): boolean {
  return operators.includes(name) || name.startsWith('KMS')
}

function refusal(message: string, cause: unknown): GatewayError {
  return new GatewayError('ledger.unavailable', message, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause })
}

/** What the SDK notes of a failed call. */
const Noted = z.object({
  $metadata: z.object({ httpStatusCode: z.optional(z.number()), attempts: z.optional(z.number()) }),
})

function metadataOf(error: Error): z.output<typeof Noted>['$metadata'] {
  return Noted.safeParse(error).data?.$metadata ?? {}
}
