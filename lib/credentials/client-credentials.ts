/** OAuth client credentials: what the operator's secret holds, and the grant that turns it into an access token. */

import * as z from 'zod/mini'
import type { Clock } from '../clock.ts'
import { isHtml } from '../genesys/who-answered.ts'
import { jsonOf } from '../json.ts'
import { backoffMsOf, readRetryAfter } from '../transport/retry-after.ts'
import { type Transport, TransportError, type TransportResponse } from '../transport/transport.ts'
import { CredentialsError } from './credentials-error.ts'
import { AccessToken } from './secret-store.ts'

export const ClientCredentials = z.object({
  clientId: z.string().check(z.minLength(1)),
  clientSecret: z.string().check(z.minLength(1)),
})
export type ClientCredentials = z.output<typeof ClientCredentials>

export interface GrantedToken {
  readonly accessToken: string
  readonly expiresInSeconds: number
}

/** Upstream documents 5 minutes to 48 hours; anything else is not believed. Seconds. */
const MAX_LIFETIME_SECONDS = 48 * 3600

/** One try, milliseconds; three and the waits between them fit the 30 s that the rotation function lives. */
const TIMEOUT_MS = 6_000

/** Tries of the grant, which is safe to repeat: each makes one more token and takes none away. */
const MAX_TRIES = 3

/** Longest wait between tries, milliseconds. */
const MAX_WAIT_MS = 4_000

const Granted = z.object({
  access_token: AccessToken,
  token_type: z.string().check(z.regex(/^bearer$/i)),
  expires_in: z.int().check(z.gte(1), z.lte(MAX_LIFETIME_SECONDS)),
})

/** The two refusals that Genesys documents. Any other text of its answer might repeat what it was sent. */
const Refused = z.object({
  error: z.literal('invalid_client'),
  description: z.enum(['client not found', 'authentication failed']),
})

/**
 * Asks Genesys for an access token.
 *
 * @param loginOrigin e.g. `https://login.mypurecloud.com`.
 * @throws CredentialsError saying what Genesys answered and what to do; never with a secret in it. It is passing where
 *   another try may go well, and where something before Genesys answered in its place.
 */
export async function grant(
  credentials: ClientCredentials,
  loginOrigin: string,
  transport: Transport,
  clock: Clock,
): Promise<GrantedToken> {
  for (let tries = 1; ; tries++) {
    const outcome = await request(credentials, loginOrigin, transport)
    if (!(outcome instanceof TransportError) && outcome.status === 200) return tokenGrantedIn(outcome)
    const waitMs = waitBeforeRetry(outcome, tries, clock)
    if (waitMs === undefined || tries >= MAX_TRIES) throw refusal(outcome)
    await clock.sleep(waitMs)
  }
}

async function request({ clientId, clientSecret }: ClientCredentials, origin: string, transport: Transport) {
  try {
    return await transport({
      method: 'POST',
      origin,
      path: '/oauth/token',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      timeoutMs: TIMEOUT_MS,
    })
  } catch (error) {
    if (error instanceof TransportError) return error
    throw error
  }
}

function waitBeforeRetry(
  outcome: TransportResponse | TransportError,
  tries: number,
  clock: Clock,
): number | undefined {
  if (!isPassing(outcome)) return undefined
  const asked =
    outcome instanceof TransportError
      ? undefined
      : readRetryAfter(outcome.headers['retry-after'], clock.nowMs())
  return Math.min(MAX_WAIT_MS, asked === undefined ? backoffMsOf(tries, clock) : asked * 1000)
}

function isPassing(outcome: TransportResponse | TransportError): boolean {
  return (
    outcome instanceof TransportError ||
    outcome.status === 408 ||
    outcome.status === 429 ||
    outcome.status >= 500
  )
}

function tokenGrantedIn(response: TransportResponse): GrantedToken {
  const parsed = z.safeParse(Granted, jsonOf(response.body))
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the body'))].join(
      ', ',
    )
    throw new CredentialsError(`Genesys granted a token in an answer that cannot be used; faulty: ${fields}`)
  }
  return { accessToken: parsed.data.access_token, expiresInSeconds: parsed.data.expires_in }
}

function refusal(outcome: TransportResponse | TransportError): CredentialsError {
  if (outcome instanceof TransportError) {
    return new CredentialsError(`Genesys's login host did not answer: ${outcome.message}`, {
      cause: outcome,
      isPassing: true,
    })
  }
  const { status } = outcome
  if (isPassing(outcome)) {
    return new CredentialsError(`Genesys's login host answered ${status}`, { isPassing: true })
  }
  if (isHtml(outcome)) {
    return new CredentialsError(
      `A page of HTML answered ${status} in place of Genesys's login host: look at the proxy or firewall that stands before it`,
      { isPassing: true },
    )
  }
  const refused = z.safeParse(Refused, jsonOf(outcome.body))
  const why = refused.success
    ? `${refused.data.error}: ${refused.data.description}`
    : 'for no documented reason'
  const isClient = status === 400 || status === 401
  return new CredentialsError(
    `Genesys refused the OAuth client with ${status} (${why})${isClient ? '; put the right clientId and clientSecret and rotate' : ''}`,
  )
}
