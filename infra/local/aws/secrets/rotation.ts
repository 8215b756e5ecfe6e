import type { LaptopClock } from '../../clock.ts'
import { invalidRequest } from '../aws-error.ts'
import { moveStage, type Secret, type SecretVersion, versionAt } from './secret.ts'
import type { KeptSecrets } from './secret-store.ts'

/** What Secrets Manager invokes a rotation function with; `SecretId` is the ARN, the token names the version. */
export interface RotationEvent {
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret'
  readonly SecretId: string
  readonly ClientRequestToken: string
}

/** The rotation function; a step fails by throwing. */
export type Rotate = (event: RotationEvent) => Promise<unknown>

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

/**
 * Waits before a rotation that failed is tried again, whole and with the same token, milliseconds. That it is, several
 * times, is documented (User Guide, "Rotation by Lambda function"); how often and when is not, and is chosen here.
 */
const REPEAT_WAITS_MS = [1, 2, 4, 8].map((minutes) => minutes * 60_000)

/**
 * Runs rotations one after the other per secret, after RotateSecret was answered. `now` is epoch milliseconds; repeats
 * go by the laptop's clock.
 */
export function createRotation(store: KeptSecrets, rotate: Rotate, now: () => number, clock: LaptopClock) {
  const running = new Set<Promise<void>>()
  const lastErrors = new Map<string, unknown>()
  /** By the secret's ARN: the version whose rotation began last. An older one is not tried again. */
  const begun = new Map<string, string>()

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

  async function runAndRecord(secret: Secret, version: SecretVersion, attempt: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    try {
      await run(secret, version, STEPS)
      lastErrors.delete(secret.arn)
    } catch (error) {
      lastErrors.set(secret.arn, error)
      repeatLater(secret, version, attempt)
    }
    store.save()
  }

  /** Whatever the version's labels are by then: the service does not ask whether a failure was for good. */
  function repeatLater(secret: Secret, version: SecretVersion, attempt: number): void {
    const waitMs = REPEAT_WAITS_MS[attempt]
    if (waitMs === undefined) return
    clock.at(clock.now() + waitMs, async () => {
      if (begun.get(secret.arn) !== version.id || !secret.isRotationEnabled) return
      await track(runAndRecord(secret, version, attempt + 1))
    })
  }

  async function runTest(secret: Secret, version: SecretVersion): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    try {
      await run(secret, version, ['testSecret'])
      lastErrors.delete(secret.arn)
    } catch (error) {
      lastErrors.set(secret.arn, error)
    }
    moveStage(secret, 'AWSPENDING', undefined)
    secret.versions = secret.versions.filter((each) => each !== version)
    store.save()
  }

  function track(work: Promise<void>): Promise<void> {
    const done = work.finally(() => running.delete(done))
    running.add(done)
    return done
  }

  return {
    /**
     * RotateSecret: makes room for the new version under AWSPENDING and starts the steps; a test (RotateImmediately
     * false) runs testSecret alone and removes that version again. Throws InvalidRequestException where rotation is
     * off or an earlier one has left AWSPENDING behind. One that fails is tried again, until another begins.
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
      if (!isTest) begun.set(secret.arn, versionId)
      void track(isTest ? runTest(secret, version) : runAndRecord(secret, version, 0))
    },

    /** What made the last rotation of that ARN fail; undefined after one that succeeded. */
    lastError: (arn: string): unknown => lastErrors.get(arn),

    /** One that failed is not tried again. */
    forget: () => begun.clear(),

    /** Resolves when no rotation runs; one that waits to be tried again does not. */
    async idle(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** The rotations of one stand-in. */
export type Rotation = ReturnType<typeof createRotation>
