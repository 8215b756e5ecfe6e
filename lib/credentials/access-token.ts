import type { Middleware } from '../http/call.ts'
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
      const token = {
        value: await tokens.current(call.deadline),
        async renew() {
          token.value = await tokens.renewed(token.value, call.deadline)
        },
      }
      call.token = token
    },
  }
}
