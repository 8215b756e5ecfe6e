/**
 * Secrets Manager's four-step rotation of an access token (Secrets Manager User Guide, "Lambda rotation functions"):
 * createSecret obtains a token with the client credentials, testSecret tries it, finishSecret puts it in force.
 * setSecret has nothing to do, since a granted token is in force at once. Every step can be repeated safely.
 */

import * as z from 'zod/mini'
import type { Clock } from '../clock.ts'
import type { Origins } from '../genesys/regions.ts'
import type { Transport } from '../genesys/transport.ts'
import { jsonOf } from '../json.ts'
import { ClientCredentials, grant } from './client-credentials.ts'
import { CredentialsError } from './credentials-error.ts'
import type { RotationSecrets, Versions } from './rotation-secrets.ts'
import { storedToken, tokenOf } from './token-secret.ts'
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
  /** Called when a rotation fails although one had succeeded before: what the alarm counts. */
  readonly onFailure: (tokenSecret: string) => void
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
      throw new CredentialsError(`Version ${version} of ${pair.token} is not staged AWSPENDING`)
    }
    try {
      await steps[step]({ ...pair, version, versions })
    } catch (error) {
      if (versions.current !== undefined && (await hasToken(secrets, pair.token))) onFailure(pair.token)
      // A version left AWSPENDING would look like a rotation under way, and every later one would be refused.
      await secrets.unstagePending(pair.token, version).catch((leftover) => {
        throw alsoLeftPending(error, leftover)
      })
      throw error
    }
  }
}

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
      storedToken(accessToken, clock.nowMs() + expiresInSeconds * 1000),
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
      throw new CredentialsError(`Version ${version} of ${token} has no value; nothing to put in force`)
    }
    await secrets.makeCurrent(token, version, versions.current)
  }
}

function clientOf(text: string | undefined, secretId: string): ClientCredentials {
  const parsed = z.safeParse(ClientCredentials, jsonOf(text))
  if (parsed.success) return parsed.data
  throw new CredentialsError(
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

async function hasToken(secrets: RotationSecrets, token: string): Promise<boolean> {
  try {
    tokenOf(await secrets.valueOf(token), undefined)
    return true
  } catch {
    return false
  }
}
