import { isHtml } from '../genesys/who-answered.ts'
import type { Transport } from '../transport/transport.ts'
import { CredentialsError } from './credentials-error.ts'

const TIMEOUT_MS = 8_000

/**
 * Tries an access token on the cheapest read of the License API, which needs a license permission.
 *
 * @throws CredentialsError naming the permission to add where Genesys answers 403; saying what it answered otherwise,
 *   which may pass.
 * @throws TransportError where it does not answer.
 */
export async function tryToken(
  accessToken: string,
  apiOrigin: string,
  transport: Transport,
): Promise<Buffer> {
  const response = await transport({
    method: 'GET',
    origin: apiOrigin,
    path: '/api/v2/license/definitions',
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
  })
  const { status } = response
  if (status === 200) return response.body
  if (isHtml(response)) {
    throw new CredentialsError(
      `A page of HTML answered ${status} in Genesys's place when the new token was tried: look at the proxy or firewall that stands before it`,
      { isPassing: true },
    )
  }
  if (status === 403) {
    throw new CredentialsError(
      'The OAuth client may not read licenses: give its role authorization:license:view (reads) or authorization:grant:add (writes)',
    )
  }
  throw new CredentialsError(`Genesys answered ${status} when the new token was tried`, {
    // A token that is refused stays refused; the next rotation makes another.
    isPassing: status !== 401,
  })
}
