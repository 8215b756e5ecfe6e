/** Access tokens for a local gateway that starts: what is kept and lives long enough stays, else a rotation brings one. */
import { secretsClient } from '../../lib/aws/secrets-client.ts'
import { type Clock, deadlineIn, systemClock } from '../../lib/clock.ts'
import type { ClientCredentials } from '../../lib/credentials/client-credentials.ts'
import { CredentialsError } from '../../lib/credentials/credentials-error.ts'
import { secretNames } from '../../lib/credentials/secret-names.ts'
import { type SecretStore, secretStore } from '../../lib/credentials/secret-store.ts'
import type { Origins } from '../../lib/genesys/regions.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'
import type { LocalAws } from '../local/aws/server.ts'
import { LOCAL_ORG } from '../local/environment.ts'
import { type Kind, type Provisioning, provision } from './provision.ts'

/** What each token is bought with; undefined where it will not be needed. */
export interface TokenClients {
  readonly read: ClientCredentials | undefined
  readonly write: ClientCredentials | undefined
}

/** A token with less than this left is renewed at the start. Milliseconds. */
const FRESH_MS = 3_600_000

/** For looking at a token as the run starts; the stand-in answers at once. Milliseconds. */
const FRESH_READ_MS = 10_000

export async function ensureTokens(aws: LocalAws, origins: Origins, clients: TokenClients): Promise<void> {
  const names = secretNames(LOCAL_ORG)
  const client = secretsClient(nodeTransport, 'us-east-1', aws.url)
  const to = (): Provisioning => ({
    client,
    names,
    transport: nodeTransport,
    clock: clockBeside(aws),
    apiOrigin: origins.api,
    tell: () => {},
  })
  const ensure = async (kind: Kind, credentials: ClientCredentials | undefined, tokenSecret: string) => {
    if (!credentials || (await isFresh(secretStore(client, tokenSecret), aws.now()))) return
    const { clientId, clientSecret } = credentials
    await provision(kind, { clientId, clientSecret }, to())
  }
  await Promise.all([
    ensure('read', clients.read, names.readToken),
    ensure('write', clients.write, names.writeToken),
  ])
}

/** The stand-in says when a rotation has ended; only one that is to be tried again is waited for by the clock. */
function clockBeside(aws: LocalAws): Clock {
  let hasEnded = false
  return {
    ...systemClock,
    async sleep(ms) {
      if (hasEnded) await systemClock.sleep(ms)
      else await aws.idle()
      hasEnded = true
    },
  }
}

async function isFresh(store: SecretStore, nowMs: number): Promise<boolean> {
  try {
    return (await store.read(deadlineIn(FRESH_READ_MS, systemClock))).expiresAtMs > nowMs + FRESH_MS
  } catch (error) {
    if (error instanceof CredentialsError) return false
    throw error
  }
}
