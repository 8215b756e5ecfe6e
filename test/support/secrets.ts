/** The four secrets of a stack, in the stand-in for AWS. */
import type { LocalAws } from '../../infra/local/aws/server.ts'
import type { OAuthClient } from '../../infra/local/org/access/clients.ts'
import type { Org } from '../../infra/local/org/server.ts'
import type { Clock } from '../../lib/clock.ts'
import { grant } from '../../lib/credentials/client-credentials.ts'
import { type SecretNames, secretNames } from '../../lib/credentials/secret-names.ts'
import { serializeToken } from '../../lib/credentials/secret-store.ts'
import { nodeTransport } from '../../lib/transport/transport.ts'

/** What a stack's secrets hold until something is put (infra/constructs/data/genesys-credentials.ts). */
const NOT_YET_PUT = '{}'

/** @returns their ARNs. @param hasClients whether the operator has put the OAuth clients. */
export function createSecrets(aws: LocalAws, org: Org, hasClients: boolean): SecretNames {
  const names = secretNames('test')
  const made = (name: string, rotation: boolean) =>
    aws.createSecret({ name, rotation, value: NOT_YET_PUT }).arn
  const client = (name: string, { clientId, clientSecret }: OAuthClient) => {
    const arn = made(name, false)
    if (hasClients) aws.putSecret(arn, JSON.stringify({ clientId, clientSecret }))
    return arn
  }
  return {
    readClient: client(names.readClient, org.clients.reader),
    writeClient: client(names.writeClient, org.clients.writer),
    readToken: made(names.readToken, true),
    writeToken: made(names.writeToken, true),
  }
}

/** A token of the org as its secret holds it. */
export async function grantedSecret(org: Org, client: OAuthClient, clock: Clock): Promise<string> {
  const { accessToken, expiresInSeconds } = await grant(client, org.url, nodeTransport, clock)
  return serializeToken(accessToken, clock.nowMs() + expiresInSeconds * 1000)
}
