/** The company's identity provider: OpenID Connect's authorization code with PKCE, by oauth4webapi. */
import * as oauth from 'oauth4webapi'
import { ToldError } from '../api/problems.ts'
import { signInAheadSeconds } from '../api/server-clock.ts'
import type { PageConfig } from './page-config.ts'
import { signOutAddressOf } from './sign-out-address.ts'

/** What must be remembered while the browser is at the provider. */
export interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Where on the page somebody was. */
  readonly hash: string
  /** Nobody was to be asked for anything. */
  readonly isSilent: boolean
  /** Whose sign-in goes on, as the provider knows them, where somebody was in already. */
  readonly renews?: string | undefined
}

export interface IssuedTokens {
  /** Who has signed in, as the provider knows them. */
  readonly subject: string
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly idToken?: string | undefined
  /** Epoch milliseconds; undefined where the provider does not say. */
  readonly expiresAtMs?: number | undefined
}

/** What the gateway's clock and the provider's may differ by, and a browser's where the gateway tells no time: seconds. */
const CLOCK_TOLERANCE_S = 300

export interface Authorization {
  /** @returns where to send the browser. */
  addressOf(pending: Pending): Promise<URL>
  /** @param address with which the browser came back. @throws Error, oauth4webapi's among them. */
  redeem(address: URL, pending: Pending): Promise<IssuedTokens>
  refresh(refreshToken: string): Promise<Omit<IssuedTokens, 'subject'>>
  /** Asks the provider anew. @returns undefined where it has no such place. @throws Error where it does not answer. */
  signOutAddress(idToken: string | undefined): Promise<URL | undefined>
}

export function authorizationAt(config: PageConfig, redirectUri: string): Authorization {
  const issuer = new URL(config.issuer)
  const isPlain = issuer.protocol === 'http:'
  if (isPlain && !isLoopback(issuer))
    throw new ToldError('The issuer of the sign-in must be reached by https.')
  // Deprecated to warn of it: this is for a provider on the same machine.
  const options = isPlain ? { [oauth.allowInsecureRequests]: true } : {}
  const client: oauth.Client = {
    client_id: config.clientId,
    get [oauth.clockSkew]() {
      return signInAheadSeconds()
    },
    [oauth.clockTolerance]: CLOCK_TOLERANCE_S,
  }
  // Auth0 asks for it at sign-in; what else knows no such parameter leaves it be.
  const audience: Readonly<Record<string, string>> =
    config.audience === undefined ? {} : { audience: config.audience }

  let discovered: Promise<oauth.AuthorizationServer> | undefined
  const discover = () => {
    discovered ??= oauth
      .discoveryRequest(issuer, options)
      .then((response) => oauth.processDiscoveryResponse(issuer, response))
    discovered.catch(() => {
      discovered = undefined
    })
    return discovered
  }

  const requireSafe = (address: URL): URL => {
    const isSafe = address.protocol === 'https:' || (isPlain && isLoopback(address))
    if (!isSafe) throw new ToldError(`The sign-in's place ${address.pathname} must be reached by https.`)
    return address
  }

  return {
    async addressOf({ state, nonce, verifier, isSilent }) {
      const { authorization_endpoint } = await discover()
      if (authorization_endpoint === undefined) throw new ToldError('The issuer names no place to sign in.')
      const address = requireSafe(new URL(authorization_endpoint))
      const parameters = {
        client_id: config.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: [...new Set(['openid', ...config.scopes])].join(' '),
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...audience,
        ...(isSilent ? { prompt: 'none' } : {}),
      }
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
      return address
    },
    async redeem(address, { state, nonce, verifier }) {
      const server = await discover()
      const answer = oauth.validateAuthResponse(server, client, address, state)
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        answer,
        redirectUri,
        verifier,
        { ...options, additionalParameters: audience },
      )
      const granted = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      const { sub: subject } = oauth.getValidatedIdTokenClaims(granted) ?? {}
      if (subject === undefined) throw new ToldError('The identity provider does not say who has signed in.')
      return { subject, ...tokensOf(granted) }
    },
    async refresh(refreshToken) {
      const server = await discover()
      const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, {
        ...options,
        additionalParameters: audience,
      })
      const answer = await oauth.processRefreshTokenResponse(server, client, response)
      return { refreshToken, ...tokensOf(answer) }
    },
    async signOutAddress(idToken) {
      // Where nobody answers, the browser would be left at an error of its own.
      discovered = undefined
      const address = signOutAddressOf(await discover(), config, redirectUri, idToken)
      return address && requireSafe(address)
    },
  }
}

export function newPending(hash: string, asked: Pick<Pending, 'isSilent' | 'renews'>): Pending {
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    hash,
    ...asked,
  }
}

/** The provider answered, and has no token for this. @returns its code, as `login_required`. */
export function refusalIn(error: unknown): string | undefined {
  const isRefusal =
    error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError
  return isRefusal ? error.error : undefined
}

/** A token holds at another time than this device's, which may be its clock's fault. */
export function isOfClock(error: unknown): boolean {
  return error instanceof oauth.OperationProcessingError && error.code === oauth.JWT_TIMESTAMP_CHECK
}

function tokensOf(answer: oauth.TokenEndpointResponse): Omit<IssuedTokens, 'subject'> {
  const { access_token, refresh_token, id_token, expires_in } = answer
  return {
    accessToken: access_token,
    expiresAtMs: expires_in === undefined ? undefined : Date.now() + expires_in * 1_000,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(id_token === undefined ? {} : { idToken: id_token }),
  }
}

function isLoopback({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}
