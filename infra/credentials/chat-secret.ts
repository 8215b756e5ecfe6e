/** What the operator has put into a secret of chat, and putting something else. */

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import type * as z from 'zod/mini'
import type { ChatSecretNames } from '../../lib/credentials/secret-names.ts'
import { jsonOf } from '../../lib/json.ts'
import { explained, ProvisioningError } from './provisioning-error.ts'

export interface ChatProvisioning {
  readonly client: SecretsManagerClient
  readonly names: ChatSecretNames
  /** Told of each step, in a sentence without secrets. */
  readonly tell: (sentence: string) => void
}

/**
 * @param words the shape, as a person reads it.
 * @returns undefined where nothing has been put.
 * @throws ProvisioningError for what is of another shape, which nobody may want overwritten; it is not quoted.
 */
export async function heldIn<T>(
  client: SecretsManagerClient,
  secretId: string,
  shape: z.ZodMiniType<T>,
  words: string,
): Promise<T | undefined> {
  const text = await explained(`reading ${secretId}`, () => textIn(client, secretId))
  if (text === undefined) return undefined
  const { data } = shape.safeParse(jsonOf(text))
  if (data !== undefined) return data
  throw new ProvisioningError(
    `${secretId} holds something else than a JSON object ${words}, so nothing was put; put {} there to begin anew`,
  )
}

/** @throws ProvisioningError saying what to do where the stack has no such secret. */
export async function putInto(client: SecretsManagerClient, secretId: string, value: object): Promise<void> {
  const command = new PutSecretValueCommand({ SecretId: secretId, SecretString: JSON.stringify(value) })
  await explained(`putting into ${secretId}`, async () => {
    try {
      await client.send(command)
    } catch (cause) {
      if (!(cause instanceof ResourceNotFoundException)) throw cause
      const message = `There is no secret ${secretId}: deploy the stack with chat in its org file first`
      throw new ProvisioningError(message, { cause })
    }
  })
}

/** A secret that has no value yet and one that is not there answer alike; putting tells them apart. */
async function textIn(client: SecretsManagerClient, secretId: string): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    return SecretString ?? ''
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}
