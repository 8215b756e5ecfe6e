/** Where a browser is sent to sign out at the provider. Pure. */
import type { AuthorizationServer } from 'oauth4webapi'
import type { PageConfig } from './page-config.ts'

const COGNITO = /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/

/**
 * By OpenID Connect RP-Initiated Logout; Cognito has parameters of its own and answers others with an error, and not all of
 * its discovery documents have named the place.
 *
 * @param redirectUri where it sends the browser back to. @returns undefined where the provider has no such place.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export function signOutAddressOf(
  {
    authorization_endpoint,
    end_session_endpoint,
  }: Pick<AuthorizationServer, 'authorization_endpoint' | 'end_session_endpoint'>,
  { issuer, clientId }: Pick<PageConfig, 'issuer' | 'clientId'>,
  redirectUri: string,
  idToken: string | undefined,
): URL | undefined {
  const isCognito = COGNITO.test(new URL(issuer).hostname)
  const beside = isCognito ? authorization_endpoint?.replace(/\/oauth2\/authorize$/, '/logout') : undefined
  const place = end_session_endpoint ?? beside
  if (place === undefined) return undefined
  const address = new URL(place)
  address.searchParams.set('client_id', clientId)
  address.searchParams.set(isCognito ? 'logout_uri' : 'post_logout_redirect_uri', redirectUri)
  if (idToken !== undefined && !isCognito) address.searchParams.set('id_token_hint', idToken)
  return address
}
