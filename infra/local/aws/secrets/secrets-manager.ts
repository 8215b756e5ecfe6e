import { randomUUID } from 'node:crypto'
import * as z from 'zod/mini'
import { type Action, action } from '../action.ts'
import { AwsError, invalidParameter, invalidRequest, notFound } from '../aws-error.ts'
import type { Rotation } from './rotation.ts'
import { newSecret, putValue, type Secret, type SecretValue, updateStage, versionAt } from './secret.ts'
import type { KeptSecrets } from './secret-store.ts'

const optional = z.optional(z.string())
const SecretId = z.object({ SecretId: z.string() })
const CreateSecret = z.object({
  Name: z.string().check(z.regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/)),
  ClientRequestToken: optional,
  SecretString: optional,
  SecretBinary: optional,
})
const GetSecretValue = z.extend(SecretId, { VersionId: optional, VersionStage: optional })
const PutSecretValue = z.extend(SecretId, {
  ClientRequestToken: optional,
  SecretString: optional,
  SecretBinary: optional,
  VersionStages: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(20))),
})
const UpdateSecretVersionStage = z.extend(SecretId, {
  VersionStage: z.string(),
  RemoveFromVersionId: optional,
  MoveToVersionId: optional,
})
const RotateSecret = z.extend(SecretId, {
  ClientRequestToken: optional,
  RotateImmediately: z.optional(z.boolean()),
})

/**
 * Secrets Manager's actions by name, each answering as the service documents it. `now` is epoch milliseconds, dates
 * in answers are epoch seconds.
 */
export function createSecretsManager(store: KeptSecrets, rotation: Rotation, now: () => number) {
  const nowSeconds = () => now() / 1000
  const lagging = new Map<string, { readonly answer: unknown; left: number }>()

  function valueIn(input: { SecretString?: string | undefined; SecretBinary?: string | undefined }) {
    const { SecretString: string, SecretBinary: base64 } = input
    if (string !== undefined && base64 !== undefined) {
      throw invalidParameter("You can't specify both a binary secret value and a string secret value.")
    }
    if (string !== undefined) return { string }
    return base64 === undefined ? undefined : { base64 }
  }

  const actions: Record<string, Action> = {
    CreateSecret: action(CreateSecret, (input) => {
      const value = valueIn(input)
      const id = input.ClientRequestToken ?? randomUUID()
      let secret = store.find(input.Name)
      if (secret && !secret.versions.some((version) => version.id === id)) {
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${input.Name} already exists.`,
        )
      }
      if (!secret) {
        secret = newSecret(input.Name, false, nowSeconds())
        store.add(secret)
      }
      const version = value && putValue(secret, id, value, ['AWSCURRENT'], nowSeconds())
      return { ARN: secret.arn, Name: secret.name, ...(version && { VersionId: version.id }) }
    }),

    DescribeSecret: action(SecretId, (input) => {
      const secret = store.get(input.SecretId)
      const lag = lagging.get(secret.arn)
      if (!lag || lag.left === 0) return describe(secret)
      lag.left -= 1
      return lag.answer
    }),

    GetSecretValue: action(GetSecretValue, (input) => {
      const secret = store.get(input.SecretId)
      return getValue(secret, input.VersionId, input.VersionStage)
    }),

    PutSecretValue: action(PutSecretValue, (input) => {
      const secret = store.get(input.SecretId)
      const value = valueIn(input)
      if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.')
      const id = input.ClientRequestToken ?? randomUUID()
      const version = putValue(secret, id, value, input.VersionStages ?? ['AWSCURRENT'], nowSeconds())
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages }
    }),

    UpdateSecretVersionStage: action(UpdateSecretVersionStage, (input) => {
      const secret = store.get(input.SecretId)
      updateStage(secret, input.VersionStage, input.RemoveFromVersionId, input.MoveToVersionId)
      secret.lastChangedDate = nowSeconds()
      return { ARN: secret.arn, Name: secret.name }
    }),

    RotateSecret: action(RotateSecret, (input) => {
      const secret = store.get(input.SecretId)
      const id = input.ClientRequestToken ?? randomUUID()
      rotation.start(secret, id, input.RotateImmediately === false)
      return { ARN: secret.arn, Name: secret.name, VersionId: id }
    }),
  }
  return {
    actions: actions satisfies Readonly<Record<string, Action>>,
    lagBehind(secretId: string, times: number): void {
      const secret = store.get(secretId)
      lagging.set(secret.arn, { answer: structuredClone(describe(secret)), left: times })
    },
  }
}

function describe(secret: Secret): unknown {
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0)
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdDate,
    LastChangedDate: secret.lastChangedDate,
    LastRotatedDate: secret.lastRotatedDate,
    RotationEnabled: secret.isRotationEnabled || undefined,
    VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, stages])),
  }
}

function getValue(secret: Secret, versionId: string | undefined, stage: string | undefined): unknown {
  const sought = versionId === undefined ? (stage ?? 'AWSCURRENT') : undefined
  const version =
    sought === undefined ? secret.versions.find(({ id }) => id === versionId) : versionAt(secret, sought)
  if (version?.value === undefined) {
    const which = sought === undefined ? `VersionId: ${versionId}` : `staging label: ${sought}`
    throw notFound(`Secrets Manager can't find the specified secret value for ${which}`)
  }
  if (sought === undefined && stage !== undefined && !version.stages.includes(stage)) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: version.stages,
    CreatedDate: version.createdDate,
    ...wire(version.value),
  }
}

/** A value as the members that carry it. */
function wire(value: SecretValue): { SecretString: string } | { SecretBinary: string } {
  return 'string' in value ? { SecretString: value.string } : { SecretBinary: value.base64 }
}
