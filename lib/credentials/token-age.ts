/** How old an access token is, from what Secrets Manager tells of the secrets without opening them. */
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type { SecretPair } from './rotate-token.ts'

/**
 * The age of a token since it was last rotated. Before the first rotation it is counted from when its client's
 * credentials were put, and is 0 while nobody has put any, so that a rotation that never comes grows old as well.
 *
 * @param nowMs our clock, epoch milliseconds.
 * @returns whole seconds.
 * @throws the SDK's own error where Secrets Manager does not tell.
 */
export async function tokenAgeSeconds(
  sdk: SecretsManagerClient,
  { token, client }: SecretPair,
  nowMs: number,
): Promise<number> {
  const describe = (SecretId: string) => sdk.send(new DescribeSecretCommand({ SecretId }))
  const described = await describe(token)
  if (wasPut(described) && described.LastRotatedDate) return ageSeconds(described.LastRotatedDate, nowMs)
  const credentials = await describe(client)
  return wasPut(credentials) ? ageSeconds(credentials.LastChangedDate, nowMs) : 0
}

/** The stack makes a secret with its first version; that one becomes AWSPREVIOUS when something is put. */
function wasPut({ VersionIdsToStages = {} }: DescribeSecretCommandOutput): boolean {
  return Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSPREVIOUS'))
}

/** A time that is not told is long ago: an age that guards must not be small for want of it. */
function ageSeconds(since: Date | undefined, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - (since?.getTime() ?? 0)) / 1000))
}
