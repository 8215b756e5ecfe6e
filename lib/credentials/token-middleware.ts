import type { Deadline } from '../clock.ts'
import type { TokenAccess } from '../genesys/scope.ts'
import type { Middleware } from '../http/chain.ts'
import type { AccessTokens } from './access-tokens.ts'

/**
 * The middleware that every operation's function uses: gives the call the access token in force and the way to
 * renew it. One read of the secret a container, however many first calls come at once.
 *
 * Throws GatewayError `credentials.unavailable` (503) where there is no usable token.
 */
export function accessToken(tokens: AccessTokens): Middleware {
  return {
    async before({ event: call }) {
      call.token = await accessTokenFor(tokens, call.deadline)
    },
  }
}

/** @throws GatewayError `credentials.unavailable` (503) where there is no usable token. */
export async function accessTokenFor(tokens: AccessTokens, deadline: Deadline): Promise<TokenAccess> {
  const token = {
    value: await tokens.current(deadline),
    async renew() {
      token.value = await tokens.renew(token.value, deadline)
    },
  }
  return token
}
