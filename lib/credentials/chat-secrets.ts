/** What proves chat platforms to us, and us to them, as the operator put it into Secrets Manager. */

import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod/mini'
import type { TeamsKey } from '../chat/teams/signature.ts'
import type { Clock } from '../clock.ts'
import { jsonOf } from '../json.ts'
import { CredentialsError } from './credentials-error.ts'

/** How long a value serves a container: what the operator puts, or takes away, counts after that at the latest. */
const KEPT_MS = 5 * 60_000

/** How long it serves where Secrets Manager does not answer. */
const KEPT_WITHOUT_ANSWER_MS = 60 * 60_000

const words = z.string().check(z.minLength(1))

/** Until the operator has put something, a secret holds an object without fields. */
const SlackSigning = z.strictObject({ current: z.optional(words), previous: z.optional(words) })
const SlackBot = z.strictObject({ token: z.optional(words) })
const TeamsKeys = z.record(z.string(), z.union([words, z.array(words)]))

/** The values of one secret. */
export interface ChatSecret<T> {
  /** @param maxAgeMs of a value read before. @throws CredentialsError */
  read(maxAgeMs?: number): Promise<T>
}

interface ChatSecretOptions {
  readonly client: SecretsManagerClient
  /** Full ARN. */
  readonly secretId: string
  readonly clock: Clock
}

/** `{ current, previous? }`: both are accepted, so that none is refused while Slack's is made anew. */
export function slackSigningSecrets(options: ChatSecretOptions): ChatSecret<readonly string[]> {
  return keepSecret(options, '{ current, previous }', (value) => {
    const parsed = z.safeParse(SlackSigning, value)
    return parsed.success ? [parsed.data.current, parsed.data.previous].filter(isThere) : undefined
  })
}

/** `{ token }`; undefined until the operator has put it. */
export function slackBotToken(options: ChatSecretOptions): ChatSecret<string | undefined> {
  const secret = keepSecret(options, '{ token }', (value) => {
    const parsed = z.safeParse(SlackBot, value)
    return parsed.success ? [parsed.data.token] : undefined
  })
  return { read: async (maxAgeMs) => (await secret.read(maxAgeMs))[0] }
}

/** A team's id -> the security token of its outgoing webhook, or a list of them while one is made anew. */
export function teamsKeys(options: ChatSecretOptions): ChatSecret<readonly TeamsKey[]> {
  return keepSecret(options, "a team's id -> its webhook's security token", (value) => {
    const parsed = z.safeParse(TeamsKeys, value)
    if (!parsed.success) return undefined
    return Object.entries(parsed.data).flatMap(([teamId, keys]) =>
      [keys].flat().map((key) => ({ teamId, key })),
    )
  })
}

function isThere(value: string | undefined): value is string {
  return value !== undefined
}

/** @param valuesOf undefined for what is none of the shape. */
function keepSecret<T>(
  { client, secretId, clock }: ChatSecretOptions,
  shape: string,
  valuesOf: (value: unknown) => readonly T[] | undefined,
): ChatSecret<readonly T[]> {
  let last: { readonly values: readonly T[]; readonly atMs: number } | undefined
  const lastWithin = (ageMs: number) =>
    last !== undefined && clock.monotonicMs() - last.atMs <= ageMs ? last.values : undefined
  const fetchNow = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }))
    const values = valuesOf(jsonOf(SecretString))
    // Neither what it holds nor why that is wrong is told: either would quote it.
    if (values === undefined) throw new CredentialsError(`${secretId} must hold a JSON object: ${shape}`)
    last = { values, atMs: clock.monotonicMs() }
    return values
  }
  return {
    async read(maxAgeMs = KEPT_MS) {
      const recent = lastWithin(Math.min(maxAgeMs, KEPT_MS))
      if (recent) return recent
      try {
        return await fetchNow()
      } catch (cause) {
        const older = cause instanceof CredentialsError ? undefined : lastWithin(KEPT_WITHOUT_ANSWER_MS)
        if (older) return older
        if (cause instanceof CredentialsError) throw cause
        throw new CredentialsError(`reading ${secretId} failed`, { cause })
      }
    },
  }
}
