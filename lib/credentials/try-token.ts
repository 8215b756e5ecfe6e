import type { Transport } from '../genesys/transport.ts'
import { CredentialsError } from './credentials-error.ts'

const TIMEOUT_MS = 8_000

/**
 * Tries an access token on the cheapest read of the License API, which needs a license permission.
 *
 * @throws CredentialsError naming the permission to add where Genesys answers 403; saying what it answered otherwise.
 * @throws TransportError where it does not answer.
 */
export async function tryToken(
  accessToken: string,
  apiOrigin: string,
  transport: Transport,
): Promise<Buffer> {
  const { status, body } = await transport({
    method: 'GET',
    origin: apiOrigin,
    path: '/api/v2/license/definitions',
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
  })
  if (status === 200) return body
  if (status === 403) {
    throw new CredentialsError(
      'The OAuth client may not read licenses: give its role authorization:license:view (reads) or authorization:grant:add (writes)',
    )
  }
  throw new CredentialsError(`Genesys answered ${status} when the new token was tried`)
}
