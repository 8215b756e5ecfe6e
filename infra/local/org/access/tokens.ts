import { authenticationRequired, badCredentials, credentialsExpired } from '../refusals.ts'
import type { OAuthClient } from './clients.ts'

/** An access token as the state file keeps it; `expiresAtMs` is epoch milliseconds. */
export interface SavedToken {
  readonly token: string
  readonly clientId: string
  readonly expiresAtMs: number
}

/** An expired token is remembered for this long, to be refused as expired and not as unknown. Our choice. */
const REMEMBERED_MS = 24 * 60 * 60 * 1000

/** The access tokens that an org has issued. `random` makes unguessable bytes, `now` is epoch milliseconds. */
export function createTokens(
  clients: readonly OAuthClient[],
  now: () => number,
  random: (bytes: number) => Buffer,
  saved: readonly SavedToken[] = [],
) {
  const issued = new Map(saved.map((each) => [each.token, each]))

  function authenticate(authorization: string | undefined) {
    const token = bearerOf(authorization)
    if (token === undefined) return { refusal: authenticationRequired }
    const found = issued.get(token)
    const client = clients.find(({ clientId }) => clientId === found?.clientId)
    if (!found || !client) return { refusal: badCredentials }
    return found.expiresAtMs <= now() ? { refusal: credentialsExpired } : { token, client }
  }

  return {
    /** Issues a token that lives for so many seconds. */
    issue(client: OAuthClient, lifetimeSeconds: number): string {
      for (const { token, expiresAtMs } of issued.values()) {
        if (expiresAtMs + REMEMBERED_MS < now()) issued.delete(token)
      }
      const token = random(64).toString('base64url')
      issued.set(token, { token, clientId: client.clientId, expiresAtMs: now() + lifetimeSeconds * 1000 })
      return token
    },

    /** Whose bearer token an Authorization header carries, or the refusal that it gets. */
    authenticate,

    /** Forgets the token of an Authorization header, which is refused as unknown from now on. */
    revoke(authorization: string | undefined): void {
      const token = bearerOf(authorization)
      if (token !== undefined) issued.delete(token)
    },

    list: (): SavedToken[] => [...issued.values()],
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** The tokens of one org. */
export type Tokens = ReturnType<typeof createTokens>
