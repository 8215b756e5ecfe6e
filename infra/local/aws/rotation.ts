import { invalidRequest } from './aws-error.ts'
import { moveStage, type Secret, type SecretVersion, versionAt } from './secret.ts'
import type { SecretStore } from './secret-store.ts'

/** What Secrets Manager invokes a rotation function with; `SecretId` is the ARN, the token names the version. */
export interface RotationEvent {
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret'
  readonly SecretId: string
  readonly ClientRequestToken: string
}

/** The rotation function; a step fails by throwing. */
export type Rotate = (event: RotationEvent) => Promise<unknown>

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

/** Runs rotations one after the other per secret, after RotateSecret was answered. `now` is epoch milliseconds. */
export function createRotation(store: SecretStore, rotate: Rotate, now: () => number) {
  const running = new Set<Promise<void>>()
  const lastErrors = new Map<string, unknown>()

  async function run(secret: Secret, version: SecretVersion, steps: readonly RotationEvent['Step'][]) {
    for (const Step of steps) {
      await rotate({ Step, SecretId: secret.arn, ClientRequestToken: version.id })
    }
    if (!steps.includes('finishSecret')) return
    if (!version.stages.includes('AWSCURRENT')) {
      throw new Error(`The rotation of ${secret.name} ended without moving AWSCURRENT to the new version.`)
    }
    secret.lastRotatedDate = now() / 1000
  }

  async function runAndRecord(secret: Secret, version: SecretVersion, isTest: boolean): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    try {
      await run(secret, version, isTest ? ['testSecret'] : STEPS)
      lastErrors.delete(secret.arn)
    } catch (error) {
      lastErrors.set(secret.arn, error)
    }
    if (isTest) {
      moveStage(secret, 'AWSPENDING', undefined)
      secret.versions = secret.versions.filter((each) => each !== version)
    }
    store.save()
  }

  return {
    /**
     * RotateSecret: makes room for the new version under AWSPENDING and starts the steps; a test (RotateImmediately
     * false) runs testSecret alone and removes that version again. Throws InvalidRequestException where rotation is
     * off or an earlier one has left AWSPENDING behind. Unlike the real service it attempts nothing twice.
     */
    start(secret: Secret, versionId: string, isTest: boolean): void {
      if (!secret.isRotationEnabled) {
        throw invalidRequest(
          `Rotation isn't enabled for the secret ${secret.name}: it has no rotation function.`,
        )
      }
      const pending = versionAt(secret, 'AWSPENDING')
      if (pending && !pending.stages.includes('AWSCURRENT')) {
        throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.")
      }
      if (secret.versions.some(({ id }) => id === versionId)) {
        throw invalidRequest(`The version ${versionId} exists already.`)
      }
      const version: SecretVersion = { id: versionId, createdDate: now() / 1000, stages: [] }
      secret.versions.push(version)
      moveStage(secret, 'AWSPENDING', version)
      const done = runAndRecord(secret, version, isTest).finally(() => running.delete(done))
      running.add(done)
    },

    /** What made the last rotation of that ARN fail; undefined after one that succeeded. */
    lastError: (arn: string): unknown => lastErrors.get(arn),

    /** Resolves when no rotation runs. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** The rotations of one stand-in. */
export type Rotation = ReturnType<typeof createRotation>
