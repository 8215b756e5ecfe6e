/** The access key that a run makes: whoever cannot read DIR/run.json cannot ask its stand-in for AWS. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { AwsError } from './aws-error.ts'

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What tests sign with, whose servers nobody finds. */
export const TEST_KEY: AccessKey = { accessKeyId: 'local', secretAccessKey: 'local' }

/** The same, as the SDK's clients find it: with no profile of the user's. */
export const TEST_VARIABLES = {
  AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
  AWS_PROFILE: '',
}

/** A key that nobody guesses, in the form of AWS's own. */
export function newAccessKey(): AccessKey {
  const accessKeyId = `LOCAL${randomBytes(16).toString('hex').toUpperCase()}`
  return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64url') }
}

/** The Authorization header that people's own requests under /__aws carry. */
export function bearerOf({ accessKeyId }: AccessKey): string {
  return `Bearer ${accessKeyId}`
}

/**
 * The refusal of a request that carries another key than that one, or none, as AWS words it; undefined where it carries
 * that one. The id is the secret here, so the signature itself is not computed again.
 */
export function refusalOfKey(
  authorization: string | undefined,
  { accessKeyId }: AccessKey,
): AwsError | undefined {
  if (authorization === undefined) {
    return new AwsError('MissingAuthenticationTokenException', `Missing Authentication Token. ${WHERE}`)
  }
  const found = /^(?:AWS4-HMAC-SHA256 .*?Credential=([^/,\s]+)\/|Bearer (\S+)$)/.exec(authorization)
  if (isSame(found?.[1] ?? found?.[2] ?? '', accessKeyId)) return undefined
  return new AwsError(
    'UnrecognizedClientException',
    `The security token included in the request is invalid. ${WHERE}`,
  )
}

const WHERE =
  "On the laptop, a run's access key is `key` in run.json, and a header with it the file aws.header beside that"

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
