import { secretsClient } from '../../aws/secrets-client.ts'
import type { SecretPair } from '../../credentials/rotate-token.ts'
import { tokenAgeSeconds } from '../../credentials/token-age.ts'
import type { Environment } from '../../environment.ts'
import {
  describeError,
  embedMetrics,
  type Metric,
  type MetricName,
  writeLine,
} from '../../observe/log-lines.ts'
import { metricNames } from '../../observe/metric-names.ts'
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
  /** None where it is not known. */
  const ageOf = async (name: MetricName, pair: SecretPair): Promise<Metric> => {
    try {
      return { name, unit: 'Seconds', value: await tokenAgeSeconds(sdk, pair, clock.nowMs()) }
    } catch (error) {
      const about = { code: 'token.age.unknown', tokenSecret: pair.token, error: describeError(error) }
      writeLine('WARN', about, clock.nowMs())
      return { name, unit: 'Seconds', value: undefined }
    }
  }
  const [read, write] = [pairOf('READ'), pairOf('WRITE')]
  return async () => {
    const ages = await Promise.all([
      ageOf(metricNames.readTokenAge, read),
      ageOf(metricNames.writeTokenAge, write),
    ])
    if (ages.every(({ value }) => value === undefined)) return
    const nowMs = clock.nowMs()
    writeLine('INFO', { code: 'token.age', ...embedMetrics(environment.stack, ages, nowMs) }, nowMs)
  }
}
