/** What the rotation function does with Secrets Manager; its role allows no more. */
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'

export interface Versions {
  readonly isRotationEnabled: boolean
  /** Id of the version staged AWSCURRENT. */
  readonly current: string | undefined
  stagesOf(version: string): readonly string[]
}

export interface RotationSecrets {
  describe(secretId: string): Promise<Versions>
  /** The string of the given version, else of AWSCURRENT; undefined where it has none yet. */
  valueOf(secretId: string, version?: string): Promise<string | undefined>
  /** A version that has a value keeps it: an earlier try, whose end nobody saw, has put it. */
  putPending(secretId: string, version: string, value: string): Promise<void>
  makeCurrent(secretId: string, version: string, previous: string | undefined): Promise<void>
  unstagePending(secretId: string, version: string): Promise<void>
}

/** Each method rejects with the SDK's own error, which names the action and the secret. */
export function rotationSecrets(client: SecretsManagerClient): RotationSecrets {
  return {
    async describe(secretId) {
      const { RotationEnabled, VersionIdsToStages = {} } = await client.send(
        new DescribeSecretCommand({ SecretId: secretId }),
      )
      return {
        isRotationEnabled: RotationEnabled ?? false,
        current: Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('AWSCURRENT')),
        stagesOf: (version) => VersionIdsToStages[version] ?? [],
      }
    },
    async valueOf(secretId, version) {
      try {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({
            SecretId: secretId,
            VersionId: version,
            VersionStage: version === undefined ? undefined : 'AWSPENDING',
          }),
        )
        return SecretString
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined
        throw error
      }
    },
    async putPending(secretId, version, value) {
      try {
        await client.send(
          new PutSecretValueCommand({
            SecretId: secretId,
            ClientRequestToken: version,
            SecretString: value,
            VersionStages: ['AWSPENDING'],
          }),
        )
      } catch (error) {
        if (!(error instanceof ResourceExistsException)) throw error
      }
    },
    async makeCurrent(secretId, version, previous) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: version,
          RemoveFromVersionId: previous,
        }),
      )
    },
    async unstagePending(secretId, version) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretId,
          VersionStage: 'AWSPENDING',
          RemoveFromVersionId: version,
        }),
      )
    },
  }
}
