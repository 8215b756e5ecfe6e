import { secretsClient } from '../../aws/secrets-client.ts'
import type { SecretPair } from '../../credentials/rotate-token.ts'
import { tokenAgeSeconds } from '../../credentials/token-age.ts'
import type { Environment } from '../../environment.ts'
import { tokenLog } from '../../observe/token-log.ts'
import type { Machine } from './machine.ts'

/** One short try each: the next minute has another, and what the tick is for must not wait. Milliseconds. */
const PATIENCE = { timeoutMs: 1_000, maxAttempts: 1 } as const

/** @returns what tells both tokens' ages, as metrics. It never rejects; an age that is not known is not told, which alarms. */
export function bindTokenWatch(environment: Environment, { clock, transport }: Machine): () => Promise<void> {
  const sdk = secretsClient(
    transport,
    environment.awsRegion,
    environment.endpointOf('SECRETS_MANAGER'),
    PATIENCE,
  )
  const pairOf = (kind: 'READ' | 'WRITE') => ({
    token: environment.required(`${kind}_TOKEN_SECRET`),
    client: environment.required(`${kind}_CLIENT_SECRET`),
  })
  const log = tokenLog(environment.stack, clock)
  /** Undefined where it is not known. */
  const ageOf = async (pair: SecretPair): Promise<number | undefined> => {
    try {
      return await tokenAgeSeconds(sdk, pair, clock.nowMs())
    } catch (error) {
      log.noteUnknownAge(pair.token, error)
      return undefined
    }
  }
  const [read, write] = [pairOf('READ'), pairOf('WRITE')]
  return async () => {
    const [readSeconds, writeSeconds] = await Promise.all([ageOf(read), ageOf(write)])
    log.noteAges({ readSeconds, writeSeconds })
  }
}
