/**
 * Secrets Manager's four-step rotation of an access token (Secrets Manager User Guide, "Lambda rotation functions"):
 * createSecret obtains a token with the client credentials, testSecret tries it, finishSecret puts it in force.
 * setSecret has nothing to do, since a granted token is in force at once. Every step can be repeated safely.
 *
 * Secrets Manager repeats a rotation that failed, whole and with the same version. So a failure that passes leaves
 * AWSPENDING where it is, for the repeat to go on from; one that stays takes it off, or it would look like a rotation
 * under way and the next one would be refused.
 */

import * as z from 'zod/mini'
import type { Clock } from '../clock.ts'
import type { Origins } from '../genesys/regions.ts'
import { jsonOf } from '../json.ts'
import { type Transport, TransportError } from '../transport/transport.ts'
import { ClientCredentials, grant } from './client-credentials.ts'
import { CredentialsError } from './credentials-error.ts'
import type { RotationSecrets, Versions } from './rotation-secrets.ts'
import { serializeToken, tokenOf } from './secret-store.ts'
import { tryToken } from './try-token.ts'

/** A token must outlive the 12 h between rotations with time to notice and repair a failed one. Seconds. */
const MIN_LIFETIME_SECONDS = 14 * 3600

/** Which client's credentials make which token: both by full ARN. */
export interface SecretPair {
  readonly token: string
  readonly client: string
}

export interface RotationDependencies {
  readonly secrets: RotationSecrets
  readonly pairs: readonly SecretPair[]
  readonly origins: Origins
  readonly transport: Transport
  readonly clock: Clock
  /** Called when a rotation fails for good, though not before the operator has put the first credentials: what the alarm counts. */
  readonly onFailure: (tokenSecret: string, error: unknown) => void
}

const RotationEvent = z.object({
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
  SecretId: z.string(),
  ClientRequestToken: z.string().check(z.minLength(1)),
})

/** One step's work: which secret, from which client's credentials, and which of its versions. */
interface Job extends SecretPair {
  readonly version: string
  readonly versions: Versions
}

/**
 * @returns the handler Secrets Manager invokes for each step.
 *   It rejects with CredentialsError, whose message is the one line that Lambda logs: what is wrong and what to do.
 */
export function rotation(dependencies: RotationDependencies): (event: unknown) => Promise<void> {
  const { secrets, pairs, onFailure } = dependencies
  const steps = {
    createSecret: createSecret(dependencies),
    setSecret: async () => {},
    testSecret: testSecret(dependencies),
    finishSecret: finishSecret(dependencies),
  }

  return async (event) => {
    const parsed = z.safeParse(RotationEvent, event)
    if (!parsed.success)
      throw new CredentialsError('This function takes Secrets Manager rotation events only')
    const { Step: step, SecretId, ClientRequestToken: version } = parsed.data
    const pair = pairs.find(({ token }) => token === SecretId)
    if (!pair) throw new CredentialsError('This function rotates its own two token secrets only')

    const versions = await secrets.describe(pair.token)
    if (!versions.isRotationEnabled) throw new CredentialsError(`Rotation is not enabled for ${pair.token}`)
    const stages = versions.stagesOf(version)
    if (stages.includes('AWSCURRENT')) return
    // Secrets Manager tests a new configuration by this step alone, before anything was created.
    if (step === 'testSecret' && !stages.includes('AWSPENDING')) return
    if (!stages.includes('AWSPENDING')) {
      throw new CredentialsError(
        `Version ${version} of ${pair.token} is not staged AWSPENDING; where an earlier try of it failed for good, a line above says why, and the next rotation begins anew`,
      )
    }
    try {
      await steps[step]({ ...pair, version, versions })
    } catch (error) {
      if (isPassing(error)) throw tryAgain(error)
      const isCounted = !(error instanceof NothingPutYet) || (await hasToken(secrets, pair.token))
      if (isCounted) onFailure(pair.token, error)
      await secrets.unstagePending(pair.token, version).catch((leftover) => {
        throw alsoLeftPending(error, leftover)
      })
      throw error
    }
  }
}

/** The operator has not put this client's credentials. */
class NothingPutYet extends CredentialsError {}

type Step = (job: Job) => Promise<void>

function createSecret({ secrets, origins, transport, clock }: RotationDependencies): Step {
  return async ({ token, client, version }) => {
    if ((await secrets.valueOf(token, version)) !== undefined) return
    const credentials = clientOf(await secrets.valueOf(client), client)
    const { accessToken, expiresInSeconds } = await grant(credentials, origins.login, transport, clock)
    if (expiresInSeconds < MIN_LIFETIME_SECONDS) {
      throw new CredentialsError(
        `The OAuth client's tokens live ${expiresInSeconds} s, and ${MIN_LIFETIME_SECONDS} s is the least that bridges two rotations: in Genesys, Admin > Integrations > OAuth, set the client's Token Duration to 86400`,
      )
    }
    await secrets.putPending(
      token,
      version,
      serializeToken(accessToken, clock.nowMs() + expiresInSeconds * 1000),
    )
  }
}

function testSecret({ secrets, origins, transport }: RotationDependencies): Step {
  return async ({ token, version }) => {
    const pending = await secrets.valueOf(token, version)
    if (pending !== undefined) await tryToken(tokenOf(pending, undefined).accessToken, origins.api, transport)
  }
}

function finishSecret({ secrets }: RotationDependencies): Step {
  return async ({ token, version, versions }) => {
    if ((await secrets.valueOf(token, version)) === undefined) {
      // Reads of Secrets Manager may lag behind its writes; a repeat looks again, and creates what is missing.
      throw new CredentialsError(`Version ${version} of ${token} has no value; nothing to put in force`, {
        isPassing: true,
      })
    }
    await secrets.makeCurrent(token, version, versions.current)
  }
}

function clientOf(text: string | undefined, secretId: string): ClientCredentials {
  const parsed = z.safeParse(ClientCredentials, jsonOf(text))
  if (parsed.success) return parsed.data
  throw new NothingPutYet(
    `No client credentials in ${secretId} yet: put { clientId, clientSecret } there with 'npm run credentials', which rotates as well`,
  )
}

function alsoLeftPending(error: unknown, leftover: unknown): CredentialsError {
  const [why, whyLeft] = [error, leftover].map((each) =>
    each instanceof Error ? each.message : String(each),
  )
  return new CredentialsError(`${why}; moreover AWSPENDING could not be taken off (${whyLeft})`, {
    cause: error,
  })
}

/** Unknown is taken for yes: a failure that may be one is counted. */
async function hasToken(secrets: RotationSecrets, token: string): Promise<boolean> {
  try {
    tokenOf(await secrets.valueOf(token), undefined)
    return true
  } catch (error) {
    return !(error instanceof CredentialsError)
  }
}

/**
 * What Secrets Manager answers that a person must mend (API reference, "Errors"). All else of it may pass: what is not
 * found, or not of the state it should have, may be a read that lags behind.
 */
const lastingErrors: readonly string[] = [
  'AccessDeniedException',
  'DecryptionFailure',
  'EncryptionFailure',
  'LimitExceededException',
]

/** What is neither known nor of AWS, a fault in this code, stays. */
function isPassing(error: unknown): boolean {
  if (error instanceof CredentialsError) return error.isPassing
  if (error instanceof TransportError) return true
  return error instanceof Error && isOfAws(error) && !lastingErrors.includes(error.name)
}

/** The SDK marks what a service answered, and what reached none bears this name (lib/aws/client-settings.ts). */
function isOfAws(error: Error): boolean {
  return '$metadata' in error || error.name === 'TimeoutError'
}

function tryAgain(error: unknown): CredentialsError {
  const why = error instanceof Error ? error.message : String(error)
  return new CredentialsError(`${why}; Secrets Manager tries this rotation again by itself`, {
    cause: error,
    isPassing: true,
  })
}
