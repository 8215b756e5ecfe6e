import * as z from 'zod/mini'
import { readJsonFile, StateError, writeJsonFile } from '../../atomic-file.ts'
import { notFound } from '../aws-error.ts'
import { moveStage, Secret, versionAt } from './secret.ts'

const Saved = z.strictObject({ version: z.literal(1), secrets: z.array(Secret) })

/**
 * The secrets of one stand-in. With a file they survive a restart; a rotation that the stop cut short is given up
 * then (its AWSPENDING label comes off), or it would look as if it were still running. Throws an Error with a
 * sentence where the file is damaged.
 */
export function createSecretStore(file: string | undefined) {
  const secrets = file === undefined ? [] : readSecrets(file)
  let isClosed = false

  const find = (secretId: string) =>
    secrets.find(({ name, arn }) => secretId === name || secretId === arn || secretId === arn.slice(0, -7))

  return {
    /** The secret of that name, ARN or ARN without its last six characters; undefined where there is none. */
    find,
    /** Likewise; throws ResourceNotFoundException where there is none. */
    get(secretId: string): Secret {
      const secret = find(secretId)
      if (!secret) throw notFound()
      return secret
    },
    add: (secret: Secret) => {
      secrets.push(secret)
    },
    /** Keeps what has changed; to be called after every change. */
    save(): void {
      if (file !== undefined && !isClosed)
        writeJsonFile(file, { version: 1, secrets } satisfies z.output<typeof Saved>)
    },
    /** Nothing is kept from now on, a rotation that still runs included: the file may belong to a successor. */
    close(): void {
      isClosed = true
    },
  }
}

function readSecrets(file: string): Secret[] {
  const found = readOrExplain(file)
  if (found === undefined) return []
  const { success, data } = Saved.safeParse(found)
  if (!success) throw new StateError(`The secrets in ${file} are damaged.`)
  for (const secret of data.secrets) {
    const pending = versionAt(secret, 'AWSPENDING')
    if (pending && !pending.stages.includes('AWSCURRENT')) moveStage(secret, 'AWSPENDING', undefined)
  }
  return data.secrets
}

function readOrExplain(file: string): unknown {
  try {
    return readJsonFile(file)
  } catch (cause) {
    throw new StateError(`The secrets in ${file} are damaged.`, { cause })
  }
}

/** The secrets of one stand-in. */
export type KeptSecrets = ReturnType<typeof createSecretStore>
