import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { AwsError, invalidParameter, notFound } from '../aws-error.ts'

const SecretValue = z.union([z.strictObject({ string: z.string() }), z.strictObject({ base64: z.string() })])

/** A secret's value: a text, or bytes in base64. Any text is taken, malformed JSON and the empty one too. */
export type SecretValue = z.output<typeof SecretValue>

/** One version. It has no value yet where a rotation has only made room for it. Times are epoch seconds. */
const SecretVersion = z.strictObject({
  id: z.string(),
  value: z.optional(SecretValue),
  createdDate: z.number(),
  stages: z.array(z.string()),
})
export type SecretVersion = z.output<typeof SecretVersion>

/** A secret with its versions, oldest first, as the state file keeps it. */
export const Secret = z.strictObject({
  name: z.string(),
  arn: z.string(),
  createdDate: z.number(),
  lastChangedDate: z.number(),
  lastRotatedDate: z.optional(z.number()),
  isRotationEnabled: z.boolean(),
  versions: z.array(SecretVersion),
})
export type Secret = z.output<typeof Secret>

const ACCOUNT = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:'

/** Versions without a label that are kept: the real service deletes them beyond 100. */
const MAX_VERSIONS = 100

/** A new secret without a version. The six characters that AWS adds to its ARN follow from the name. */
export function newSecret(name: string, isRotationEnabled: boolean, nowSeconds: number): Secret {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6)
  const dates = { createdDate: nowSeconds, lastChangedDate: nowSeconds }
  return { name, arn: `${ACCOUNT}${name}-${suffix}`, ...dates, isRotationEnabled, versions: [] }
}

/** The version that carries a staging label, or undefined. */
export function versionAt(secret: Secret, stage: string): SecretVersion | undefined {
  return secret.versions.find(({ stages }) => stages.includes(stage))
}

/**
 * Puts a value. A version that has this value already stays as it is; one that has another is refused with
 * ResourceExistsException. The labels move to the version; where none are named and for a secret's first version
 * that is AWSCURRENT.
 */
export function putValue(
  secret: Secret,
  id: string,
  value: SecretValue,
  stages: readonly string[],
  nowSeconds: number,
): SecretVersion {
  const isFirst = secret.versions.length === 0
  let version = secret.versions.find((each) => each.id === id)
  if (version?.value !== undefined) {
    if (JSON.stringify(version.value) === JSON.stringify(value)) return version
    throw new AwsError(
      'ResourceExistsException',
      `A resource with the ID you requested already exists: version ${id} has another value.`,
    )
  }
  if (!version) {
    version = { id, createdDate: nowSeconds, stages: [] }
    secret.versions.push(version)
  }
  version.value = value
  for (const stage of isFirst ? new Set([...stages, 'AWSCURRENT']) : stages) moveStage(secret, stage, version)
  prune(secret)
  secret.lastChangedDate = nowSeconds
  return version
}

/** Moves a label to a version, or off all where there is none. What AWSCURRENT leaves becomes AWSPREVIOUS. */
export function moveStage(secret: Secret, stage: string, to: SecretVersion | undefined): void {
  const from = versionAt(secret, stage)
  if (from === to) return
  if (from) from.stages = from.stages.filter((each) => each !== stage)
  if (to) to.stages.push(stage)
  if (stage === 'AWSCURRENT' && from) moveStage(secret, 'AWSPREVIOUS', from)
}

/** UpdateSecretVersionStage with its rules: whoever moves a label says which version it leaves. */
export function updateStage(secret: Secret, stage: string, removeFrom?: string, moveTo?: string): void {
  const holder = versionAt(secret, stage)
  const target = secret.versions.find(({ id }) => id === moveTo)
  if (moveTo !== undefined && !target) throw notFound(`Secrets Manager can't find version ${moveTo}.`)
  if (removeFrom !== undefined && removeFrom !== holder?.id) {
    throw invalidParameter(`The staging label ${stage} isn't currently attached to version ${removeFrom}.`)
  }
  if (removeFrom === undefined && holder && holder !== target) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
  }
  if (stage === 'AWSCURRENT' && !target) {
    throw invalidParameter('You can only move staging label AWSCURRENT to a different secret version.')
  }
  moveStage(secret, stage, target)
}

function prune(secret: Secret): void {
  const bare = secret.versions.filter(({ stages }) => stages.length === 0)
  const surplus = new Set(bare.slice(0, Math.max(0, bare.length - MAX_VERSIONS)))
  secret.versions = secret.versions.filter((each) => !surplus.has(each))
}
